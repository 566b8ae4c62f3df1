/* Words that are explained: on hover, on focus and on touch. */
(function () {
  var tip = document.createElement("div");
  tip.id = "tip";
  tip.setAttribute("role", "tooltip");
  tip.hidden = true;
  document.body.appendChild(tip);
  var shownFor = null;

  function word(e) { return e.target.closest && e.target.closest(".term, .tip"); }

  function meaning(at) {
    return document.getElementById(at.dataset.term || at.hash.slice(1)).textContent;
  }

  function show(at) {
    if (!at) { return; }
    hide();
    tip.textContent = meaning(at);
    tip.hidden = false;
    at.setAttribute("aria-describedby", "tip");
    shownFor = at;
    var box = at.getBoundingClientRect(), wide = tip.offsetWidth, high = tip.offsetHeight;
    tip.style.left = Math.max(4, Math.min(box.left, innerWidth - wide - 4)) + "px";
    tip.style.top = (box.bottom + high + 8 > innerHeight ? box.top - high - 4 : box.bottom + 4) + "px";
  }

  function hide() {
    tip.hidden = true;
    if (shownFor) { shownFor.removeAttribute("aria-describedby"); }
    shownFor = null;
  }

  document.addEventListener("pointerover", function (e) { if (e.pointerType === "mouse" && word(e)) { show(word(e)); } });
  document.addEventListener("pointerout", function (e) { if (e.pointerType === "mouse" && word(e)) { hide(); } });
  document.addEventListener("focusin", function (e) { if (word(e)) { show(word(e)); } });
  document.addEventListener("focusout", hide);
  document.addEventListener("keydown", function (e) { if (e.key === "Escape") { hide(); } });
  document.addEventListener("click", function (e) {
    if (word(e)) { e.preventDefault(); show(word(e)); } else { hide(); }
  });
  document.addEventListener("scroll", hide, {capture: true, passive: true});
})();
