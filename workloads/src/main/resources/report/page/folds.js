/* What is folded: opened by links, and on paper. */
(function () {
  function follow() {
    var target = location.hash && document.getElementById(location.hash.slice(1));
    if (!target) { return; }
    for (var at = target; at; at = at.parentElement) { if (at.tagName === "DETAILS") { at.open = true; } }
    var inside = target.querySelector(":scope > details.section");
    if (inside) { inside.open = true; }
    if (target.classList.contains("opens")) {
      var table = target.closest("table");
      if (target.parentElement.hidden && table.showAll) { table.showAll(); }
      window.openRow(target, true);
    }
    target.scrollIntoView();
  }
  window.addEventListener("hashchange", follow);
  follow();

  var unfolded = [];
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details:not([open])").forEach(function (d) { d.open = true; unfolded.push(d); });
    document.querySelectorAll("tr.detail[hidden]").forEach(function (d) { d.hidden = false; unfolded.push(d); });
  });
  window.addEventListener("afterprint", function () {
    unfolded.splice(0).forEach(function (d) { if (d.tagName === "DETAILS") { d.open = false; } else { d.hidden = true; } });
  });
})();
