/* Tables: rows that open, are sorted and filtered. */
(function () {
  function open(row, shown) {
    document.getElementById(row.dataset.open).hidden = !shown;
    row.querySelector("button.open").setAttribute("aria-expanded", String(shown));
  }
  window.openRow = open;

  document.querySelectorAll("tr.opens").forEach(function (row) {
    row.addEventListener("click", function (e) {
      if (e.target.closest("a")) { return; }
      var shown = document.getElementById(row.dataset.open).hidden;
      open(row, shown);
      if (shown) { history.replaceState(null, "", "#" + row.id); }
    });
  });

  function filtered(table) {
    var bodies = [].slice.call(table.tBodies);
    if (bodies.length < 5) { return; }
    var line = document.createElement("p");
    line.className = "filter";
    var box = document.createElement("input");
    box.type = "search";
    box.placeholder = "filter, such as: grpc nftables";
    box.setAttribute("aria-label", "Filter rows of: " + table.closest(".scroll").getAttribute("aria-label"));
    var count = document.createElement("span");
    count.setAttribute("role", "status");
    line.append(box, count);
    table.closest(".scroll").before(line);
    box.addEventListener("input", function () {
      var words = box.value.toLowerCase().split(/\s+/);
      bodies.forEach(function (body) {
        var text = body.rows[0].textContent.toLowerCase();
        body.hidden = !words.every(function (w) { return text.indexOf(w) >= 0; });
      });
      var left = bodies.filter(function (b) { return !b.hidden; }).length;
      count.textContent = left === bodies.length ? "" : left + " of " + bodies.length + " rows";
    });
    table.showAll = function () { box.value = ""; box.dispatchEvent(new Event("input")); };
  }

  function compared(a, b) {
    var x = a.dataset.sort, y = b.dataset.sort;
    if (x === undefined && y === undefined) { return a.textContent.localeCompare(b.textContent); }
    return (x === undefined ? Infinity : Number(x)) - (y === undefined ? Infinity : Number(y)) || 0;
  }

  function sorted(table) {
    [].forEach.call(table.tHead.rows[0].cells, function (head, column) {
      head.tabIndex = -1;
      function sort() {
        var up = head.getAttribute("aria-sort") !== "ascending";
        [].forEach.call(head.parentElement.cells, function (h) { h.removeAttribute("aria-sort"); });
        head.setAttribute("aria-sort", up ? "ascending" : "descending");
        [].slice.call(table.tBodies).sort(function (a, b) {
          var d = compared(a.rows[0].cells[column], b.rows[0].cells[column]);
          return up ? d : -d;
        }).forEach(function (body) { table.appendChild(body); });
      }
      head.addEventListener("click", function (e) { if (!e.target.closest(".tip")) { sort(); } });
      head.addEventListener("keydown", function (e) { if (e.key === "Enter" && e.target === head) { sort(); } });
    });
  }

  document.querySelectorAll("table.sortable").forEach(function (table) { filtered(table); sorted(table); });
})();
