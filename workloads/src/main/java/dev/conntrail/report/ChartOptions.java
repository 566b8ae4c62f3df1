package dev.conntrail.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Pieces of ECharts options. */
final class ChartOptions {
  /** Colours that people with any colour vision tell apart (Okabe and Ito). */
  static final List<String> PALETTE =
      List.of("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#666666");

  static final String BAND = "rgba(90,90,90,0.18)";

  private ChartOptions() {}

  /** A map with keys in order. */
  static Map<String, Object> map(Object... keysAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }

  static Map<String, Object> base() {
    return map(
        "animation",
        false,
        "color",
        PALETTE,
        "textStyle",
        map("fontFamily", "system-ui, sans-serif"),
        "tooltip",
        map("trigger", "axis", "confine", true));
  }

  static Map<String, Object> category(List<String> names, String title, int grid) {
    return map(
        "type",
        "category",
        "data",
        names,
        "name",
        title,
        "nameLocation",
        "middle",
        "nameGap",
        28,
        "gridIndex",
        grid,
        "axisLabel",
        map("hideOverlap", true));
  }

  /** The axis of a timeline. */
  static Map<String, Object> secondsOfRun() {
    return map(
        "type",
        "value",
        "name",
        "seconds since the run began",
        "nameLocation",
        "middle",
        "nameGap",
        28);
  }

  static Map<String, Object> value(String title, int grid) {
    return map(
        "type",
        "value",
        "name",
        title,
        "nameLocation",
        "end",
        "nameTextStyle",
        map("align", "left"),
        "gridIndex",
        grid,
        "min",
        0);
  }

  static Map<String, Object> bars(
      String name, List<? extends Number> data, int axis, String color) {
    return map(
        "name",
        name,
        "type",
        "bar",
        "data",
        data,
        "xAxisIndex",
        axis,
        "yAxisIndex",
        axis,
        "itemStyle",
        map("color", color),
        "barMaxWidth",
        36);
  }

  /** Adds the band that chance explains to a series. */
  static Map<String, Object> withBand(
      Map<String, Object> series, double low, double high, String label) {
    series.put(
        "markArea",
        map(
            "silent",
            true,
            "itemStyle",
            map("color", BAND),
            "label",
            map(
                "show",
                !label.isEmpty(),
                "position",
                "insideTopRight",
                "color",
                "#333",
                "fontSize",
                11),
            "data",
            List.of(List.of(map("name", label, "yAxis", low), map("yAxis", high)))));
    return series;
  }

  static Map<String, Object> legend(List<String> names, int top) {
    return map("data", names, "top", top, "itemGap", 18);
  }

  static List<Object> list(Object... items) {
    return new ArrayList<>(List.of(items));
  }
}
