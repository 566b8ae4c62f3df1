"use strict";
/* Charts: drawn anew, so that they answer to pointer and keys, when they are first seen. */
(function () {
  var live = [];
  var loading = null;

  function unpacked(id) {
    var bytes = Uint8Array.from(atob(document.getElementById(id).textContent), function (c) { return c.charCodeAt(0); });
    var stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Response(stream).text();
  }

  /* From the page itself, or from the file that pages of a site share. */
  function library() {
    var file = document.getElementById("echarts").dataset.file;
    var script = document.createElement("script");
    return (file ? Promise.resolve() : unpacked("echarts")).then(function (text) {
      return new Promise(function (done, failed) {
        if (file) { script.src = file; script.onload = done; script.onerror = failed; } else { script.textContent = text; done(); }
        document.head.appendChild(script);
      });
    });
  }

  function load() {
    loading = loading || Promise.all([unpacked("options"), library()]).then(function (had) { return JSON.parse(had[0]); });
    return loading;
  }

  /* ECharts takes colours, not the page's variables. */
  function coloured(value) {
    var style = getComputedStyle(document.documentElement);
    return JSON.parse(JSON.stringify(value).replace(/var\((--\w+)[^)]*\)/g, function (_, name) { return style.getPropertyValue(name).trim(); }));
  }

  function draw(chart) {
    if (chart.drawn) { chart.drawn.dispose(); }
    var theme = JSON.parse(document.getElementById("theme").textContent);
    chart.drawn = echarts.init(chart.host, coloured(theme), {renderer: "svg"});
    var option = coloured(chart.option);
    option.legend = option.legend || {show: false}; // what the switches below need
    if (chart.host.clientWidth < 480) { option.legend.type = "scroll"; }
    option.aria = {enabled: true};
    chart.drawn.setOption(option);
  }

  function start(plot) {
    load().then(function (options) {
      var figure = plot.closest("figure");
      var host = document.createElement("div");
      host.style.height = "100%";
      plot.appendChild(host);
      plot.classList.add("live");
      var chart = {host: host, option: options[plot.dataset.chart]};
      draw(chart);
      live.push(chart);
      keys(plot, figure, chart);
      new ResizeObserver(function () { if (host.clientWidth > 0) { chart.drawn.resize(); } }).observe(host);
      figure.querySelectorAll("input[data-series]").forEach(function (box) {
        box.addEventListener("change", function () { chart.drawn.dispatchAction({type: box.checked ? "legendSelect" : "legendUnSelect", name: box.dataset.series}); });
      });
    });
  }

  function told(series, point) {
    var data = series.getData();
    var axes = series.coordinateSystem;
    function text(dimension) { return axes.getAxis(dimension).scale.getLabel({value: data.get(data.mapDimension(dimension), point)}); }
    return series.name + ": " + text("x") + ", " + text("y");
  }

  function keys(plot, figure, chart) {
    var at = 0, point = -1, readout = figure.querySelector(".readout");
    plot.addEventListener("keydown", function (e) {
      var all = chart.drawn.getModel().getSeries().filter(function (s) { return !s.get("silent"); });
      var moves = {ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0]}[e.key];
      if (e.key === "Escape") { chart.drawn.dispatchAction({type: "hideTip"}); readout.textContent = ""; }
      if (!moves) { return; }
      e.preventDefault();
      at = (at + moves[0] + all.length) % all.length;
      point = Math.max(0, Math.min(point + moves[1], all[at].getData().count() - 1));
      chart.drawn.dispatchAction({type: "showTip", seriesIndex: all[at].seriesIndex, dataIndex: point});
      readout.textContent = told(all[at], point);
    });
  }

  if (!("DecompressionStream" in window)) { return; }
  var observer = new IntersectionObserver(function (entries) {
    entries.forEach(function (entry) { if (entry.isIntersecting) { observer.unobserve(entry.target); start(entry.target); } });
  }, {rootMargin: "200px"});
  document.querySelectorAll(".plot").forEach(function (p) { observer.observe(p); });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", function () { live.forEach(draw); });
})();
