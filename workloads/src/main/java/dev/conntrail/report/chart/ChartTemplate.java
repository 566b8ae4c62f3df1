package dev.conntrail.report.chart;

import dev.conntrail.report.block.Chart;
import dev.conntrail.result.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A chart's ECharts option from a JSON resource ({@code report/charts/NAME.json}), to which data is
 * added as ECharts's {@code dataset}. What all charts have in common is the theme, {@code
 * theme.json}.
 */
public final class ChartTemplate {
  /** A template's own key: how high the chart is where the page is narrow. */
  private static final String NARROW_HEIGHT = "narrowHeight";

  private static final List<String> SYMBOLS =
      List.of("circle", "rect", "triangle", "diamond", "emptyCircle", "emptyRect", "emptyTriangle");

  private final Map<String, Object> option;

  private ChartTemplate(Map<String, Object> option) {
    this.option = option;
  }

  /** A fresh copy of a template. */
  public static ChartTemplate of(String name) {
    return new ChartTemplate(read(name));
  }

  @SuppressWarnings("unchecked") // an object of JSON is a map with words as keys
  private static Map<String, Object> read(String name) {
    return Json.parse(text(name), LinkedHashMap.class);
  }

  /** What all charts have in common, as an ECharts theme. */
  public static String theme() {
    return text("theme");
  }

  /** The theme's colours, in order. */
  public static List<String> colours() {
    return ((List<?>) read("theme").get("color")).stream().map(String::valueOf).toList();
  }

  private static String text(String name) {
    String file = "/report/charts/" + name + ".json";
    try (InputStream in = ChartTemplate.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks " + file);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds a table of data, with its columns' names; series refer to them by {@code encode}. */
  public ChartTemplate data(List<String> columns, List<? extends List<?>> rows) {
    Map<String, Object> dataset = new LinkedHashMap<>();
    List<Object> source = new ArrayList<>();
    source.add(columns);
    source.addAll(rows);
    dataset.put("source", source);
    option.merge("dataset", List.of(dataset), (a, b) -> joined((List<?>) a, (List<?>) b));
    return this;
  }

  private static List<Object> joined(List<?> a, List<?> b) {
    return Stream.<Object>concat(a.stream(), b.stream()).toList();
  }

  /**
   * Repeats the template's one series for each name: a column of the data of that name.
   *
   * @param names shown in the legend, and of the columns
   */
  public ChartTemplate seriesOf(List<String> names) {
    Map<?, ?> template = (Map<?, ?>) ((List<?>) option.get("series")).getFirst();
    List<Object> series = new ArrayList<>();
    for (String name : names) {
      Map<String, Object> own = copy(template);
      own.put("name", name);
      Map<String, Object> encode = copy((Map<?, ?>) own.getOrDefault("encode", Map.of()));
      encode.put("y", name);
      own.putIfAbsent("symbol", symbol(series.size()));
      own.put("encode", encode);
      series.add(own);
    }
    option.put("series", series);
    return this;
  }

  /**
   * Repeats all of the template's series for each of some things, of which the template says {@code
   * "$word"} where a value of theirs is to stand.
   */
  public ChartTemplate repeatSeries(List<Map<String, Object>> things) {
    List<?> template = (List<?>) option.get("series");
    List<Object> series = new ArrayList<>();
    for (Map<String, Object> thing : things) {
      template.forEach(one -> series.add(filled(one, thing)));
    }
    option.put("series", series);
    return this;
  }

  private static Object filled(Object template, Map<String, Object> values) {
    return switch (template) {
      case Map<?, ?> map -> {
        Map<String, Object> copy = copy(map);
        copy.replaceAll((_, v) -> filled(v, values));
        yield copy;
      }
      case List<?> list -> {
        List<Object> copy = new ArrayList<>();
        list.forEach(v -> copy.add(filled(v, values)));
        yield copy;
      }
      case String word when word.startsWith("$") -> values.get(word.substring(1));
      default -> template;
    };
  }

  /** A colour of the theme. */
  public static String colour(int place) {
    List<?> colours = (List<?>) read("theme").get("color");
    return (String) colours.get(place % colours.size());
  }

  /** What tells a series from others beside its colour. */
  public static String symbol(int place) {
    return SYMBOLS.get(place % SYMBOLS.size());
  }

  /** Adds a series, which is a resource of its own, to those that are there. */
  public ChartTemplate addSeries(String name) {
    option.merge("series", List.of(read(name)), (a, b) -> joined((List<?>) a, (List<?>) b));
    return this;
  }

  /** Sets a value at a path: {@code xAxis.0.name}; what is on the way is there. */
  public ChartTemplate set(String path, Object value) {
    int last = path.lastIndexOf('.');
    put(last < 0 ? option : at(path.substring(0, last)), path.substring(last + 1), ordered(value));
    return this;
  }

  /** Adds to a whole number at a path, which is there. */
  public ChartTemplate add(String path, int more) {
    return set(path, ((Number) at(path)).intValue() + more);
  }

  private Object at(String path) {
    Object at = option;
    for (String part : path.split("\\.", -1)) {
      at = at instanceof List<?> l ? l.get(Integer.parseInt(part)) : ((Map<?, ?>) at).get(part);
    }
    return at;
  }

  /** The same with keys in their order, so that the page of a run is the same every time. */
  private static Object ordered(Object value) {
    return switch (value) {
      case Map<?, ?> map -> {
        Map<String, Object> sorted = new TreeMap<>();
        map.forEach((k, v) -> sorted.put(String.valueOf(k), ordered(v)));
        yield sorted;
      }
      case List<?> list -> {
        List<Object> copy = new ArrayList<>();
        list.forEach(v -> copy.add(v == null ? null : ordered(v)));
        yield copy;
      }
      default -> value;
    };
  }

  @SuppressWarnings("unchecked") // JSON's objects and arrays can be changed
  private static void put(Object at, String key, Object value) {
    if (at instanceof List<?> list) {
      ((List<Object>) list).set(Integer.parseInt(key), value);
    } else {
      ((Map<String, Object>) at).put(key, value);
    }
  }

  private static Map<String, Object> copy(Map<?, ?> map) {
    Map<String, Object> copy = new LinkedHashMap<>();
    map.forEach((k, v) -> copy.put(String.valueOf(k), v));
    return copy;
  }

  /** As a chart. */
  public Chart chart(
      String id, String title, String description, int width, int height, List<String> series) {
    Map<String, Object> clean = new LinkedHashMap<>(option);
    int narrow = clean.remove(NARROW_HEIGHT) instanceof Number n ? n.intValue() : height;
    return new Chart(
        id,
        title,
        description,
        clean,
        new Chart.Size(width, height, narrow),
        series,
        Optional.empty());
  }
}
