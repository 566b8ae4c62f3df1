"use strict";
(function () {
  var live = [];

  function resolved(value) {
    return typeof value === "string" ? value : value;
  }

  function start(plot) {
    var figure = plot.closest("figure");
    var option = JSON.parse(figure.querySelector("script[data-option]").textContent, function (_, v) { return resolved(v); });
    var host = document.createElement("div");
    host.style.height = "100%";
    plot.classList.add("live");
    plot.appendChild(host);
    var chart = echarts.init(host, null, {renderer: "svg"});
    option.aria = {enabled: true};
    // what the checkboxes below switch
    option.legend = option.legend || {show: false};
    chart.setOption(option);
    live.push(chart);
    keys(plot, figure, chart);
    figure.querySelectorAll("input[data-series]").forEach(function (box) {
      box.addEventListener("change", function () { chart.dispatchAction({type: box.checked ? "legendSelect" : "legendUnSelect", name: box.dataset.series}); });
    });
  }

  function keys(plot, figure, chart) {
    var series = 0, point = -1, readout = figure.querySelector(".readout");
    plot.addEventListener("keydown", function (e) {
      var all = chart.getModel().getSeries();
      var n = all[series].getData().count();
      if (e.key === "ArrowRight") { point = Math.min(point + 1, n - 1); }
      else if (e.key === "ArrowLeft") { point = Math.max(point - 1, 0); }
      else if (e.key === "ArrowDown") { series = (series + 1) % all.length; point = Math.max(point, 0); }
      else if (e.key === "ArrowUp") { series = (series + all.length - 1) % all.length; point = Math.max(point, 0); }
      else if (e.key === "Escape") { chart.dispatchAction({type: "hideTip"}); readout.textContent = ""; return; }
      else { return; }
      e.preventDefault();
      var data = all[series].getData();
      point = Math.min(point, data.count() - 1);
      chart.dispatchAction({type: "showTip", seriesIndex: series, dataIndex: point});
      var raw = data.getRawDataItem(point);
      readout.textContent = all[series].name + ": " + (Array.isArray(raw) ? raw.join(", ") : JSON.stringify(raw));
    });
  }

  var observer = new IntersectionObserver(function (entries) {
    entries.forEach(function (entry) { if (entry.isIntersecting) { observer.unobserve(entry.target); start(entry.target); } });
  }, {rootMargin: "200px"});
  document.querySelectorAll(".plot").forEach(function (p) { observer.observe(p); });

  function open(row, shown) {
    var detail = document.getElementById(row.dataset.open);
    detail.hidden = !shown;
    row.querySelector("button.open").setAttribute("aria-expanded", String(shown));
  }

  document.querySelectorAll("tr.opens").forEach(function (row) {
    row.addEventListener("click", function (e) {
      if (!e.target.closest("a")) { open(row, document.getElementById(row.dataset.open).hidden); }
    });
  });

  function follow() {
    var target = location.hash && document.getElementById(location.hash.slice(1));
    if (!target) { return; }
    for (var at = target; at; at = at.parentElement) { if (at.tagName === "DETAILS") { at.open = true; } }
    var inside = target.querySelector(":scope > details.section");
    if (inside) { inside.open = true; }
    if (target.classList.contains("opens")) { open(target, true); }
    target.scrollIntoView();
  }
  window.addEventListener("hashchange", follow);
  follow();

  document.querySelectorAll("table.sortable").forEach(function (table) {
    var box = document.createElement("input");
    box.type = "search";
    box.className = "filter";
    box.placeholder = "filter, such as: grpc nftables";
    box.setAttribute("aria-label", "Filter rows");
    table.closest(".scroll").before(box);
    box.addEventListener("input", function () {
      var words = box.value.toLowerCase().split(/\s+/);
      [].forEach.call(table.tBodies, function (body) {
        var text = body.rows[0].textContent.toLowerCase();
        body.hidden = !words.every(function (w) { return text.indexOf(w) >= 0; });
      });
    });
    [].forEach.call(table.tHead.rows[0].cells, function (head, column) {
      head.tabIndex = 0;
      function sort() {
        var up = head.getAttribute("aria-sort") !== "ascending";
        [].forEach.call(head.parentElement.cells, function (h) { h.removeAttribute("aria-sort"); });
        head.setAttribute("aria-sort", up ? "ascending" : "descending");
        [].slice.call(table.tBodies).sort(function (a, b) {
          var x = a.rows[0].cells[column], y = b.rows[0].cells[column];
          var d = x.dataset.sort !== undefined && y.dataset.sort !== undefined ? x.dataset.sort - y.dataset.sort : x.textContent.localeCompare(y.textContent);
          return up ? d : -d;
        }).forEach(function (body) { table.appendChild(body); });
      }
      head.addEventListener("click", sort);
      head.addEventListener("keydown", function (e) { if (e.key === "Enter" && e.target === head) { sort(); } });
    });
  });

  window.addEventListener("resize", function () { live.forEach(function (c) { c.resize(); }); });
  var closed = [];
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details:not([open])").forEach(function (d) { d.open = true; closed.push(d); });
    document.querySelectorAll("tr.detail[hidden]").forEach(function (d) { d.hidden = false; closed.push(d); });
  });
  window.addEventListener("afterprint", function () {
    closed.splice(0).forEach(function (d) { if (d.tagName === "DETAILS") { d.open = false; } else { d.hidden = true; } });
  });
})();
