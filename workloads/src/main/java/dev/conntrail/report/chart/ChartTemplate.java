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
import java.util.stream.Stream;

/**
 * A chart's ECharts option from a JSON resource ({@code report/charts/NAME.json}), to which data is
 * added as ECharts's {@code dataset}. What all charts have in common is {@code base.json}.
 */
public final class ChartTemplate {
  private final Map<String, Object> option;

  private ChartTemplate(Map<String, Object> option) {
    this.option = option;
  }

  /** A fresh copy of a template. */
  public static ChartTemplate of(String name) {
    Map<String, Object> option = read("base");
    option.putAll(read(name));
    return new ChartTemplate(option);
  }

  @SuppressWarnings("unchecked") // an object of JSON is a map with words as keys
  private static Map<String, Object> read(String name) {
    String file = "/report/charts/" + name + ".json";
    try (InputStream in = ChartTemplate.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks " + file);
      }
      return Json.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8), LinkedHashMap.class);
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
      own.put("encode", encode);
      series.add(own);
    }
    option.put("series", series);
    return this;
  }

  /** Sets a value at a path: {@code xAxis.0.name}; what is on the way is there. */
  public ChartTemplate set(String path, Object value) {
    String[] parts = path.split("\\.", -1);
    Object at = option;
    for (int i = 0; i < parts.length - 1; i++) {
      at =
          at instanceof List<?> l
              ? l.get(Integer.parseInt(parts[i]))
              : ((Map<?, ?>) at).get(parts[i]);
    }
    put(at, parts[parts.length - 1], value);
    return this;
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

  /** What the template says of one of its own keys, such as its size. */
  public Optional<Object> get(String key) {
    return Optional.ofNullable(option.get(key));
  }

  /** As a chart. */
  public Chart chart(
      String id, String title, String description, int width, int height, List<String> series) {
    return new Chart(id, title, description, option, width, height, series);
  }
}
