package dev.conntrail.result;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** JMH's own JSON. */
public final class JmhResults {
  private static final Map<String, Double> NANOSECONDS =
      Map.of("ns/op", 1.0, "us/op", 1e3, "ms/op", 1e6, "s/op", 1e9);

  /** What has a column of its own. */
  private static final List<String> COLUMNS =
      List.of("mode", "services", "endpoints", "target", "connections");

  private JmhResults() {}

  /**
   * Reads all JSON files of a folder; none if there is no folder.
   *
   * @throws IOException if one is not JMH's, with its name
   */
  public static List<Rows.Jmh> read(Path folder) throws IOException {
    List<Rows.Jmh> results = new ArrayList<>();
    if (!Files.isDirectory(folder)) {
      return results;
    }
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.filter(f -> f.toString().endsWith(".json")).sorted().toList();
    }
    for (Path file : files) {
      for (Object item : Json.read(file, List.class)) {
        if (!(item instanceof Map<?, ?> result)
            || !(result.get("primaryMetric") instanceof Map<?, ?> metric)) {
          throw new IOException(file + ": not JMH's JSON: a result has no primaryMetric");
        }
        String unit = String.valueOf(metric.get("scoreUnit"));
        Double factor = NANOSECONDS.get(unit);
        if (factor == null) {
          throw new IOException(
              file + ": found scores in " + unit + "; allowed: time an operation, such as ns/op");
        }
        results.add(result(result, metric, factor));
      }
    }
    return results;
  }

  private static Rows.Jmh result(Map<?, ?> result, Map<?, ?> metric, double nanoseconds) {
    Map<String, String> parameters = new TreeMap<>();
    if (result.get("params") instanceof Map<?, ?> params) {
      params.forEach((k, v) -> parameters.put(String.valueOf(k), String.valueOf(v)));
    }
    List<Double> minima = new ArrayList<>();
    long iterations = 0;
    if (metric.get("rawData") instanceof List<?> forks) {
      for (Object fork : forks) {
        List<?> values = (List<?>) fork;
        iterations += values.size();
        minima.add(
            nanoseconds
                * values.stream()
                    .mapToDouble(v -> ((Number) v).doubleValue())
                    .min()
                    .orElse(Double.NaN));
      }
    }
    String name = String.valueOf(result.get("benchmark"));
    return new Rows.Jmh(
        name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1),
        parameter(parameters, "mode"),
        parameter(parameters, "services"),
        parameter(parameters, "endpoints"),
        parameter(parameters, "target"),
        parameter(parameters, "connections"),
        parameters.entrySet().stream()
            .filter(e -> !COLUMNS.contains(e.getKey()))
            .map(e -> e.getKey() + "=" + e.getValue())
            .collect(
                Collectors.collectingAndThen(
                    Collectors.joining(" "), s -> s.isEmpty() ? Csv.MISSING : s)),
        number(result.get("threads")).intValue(),
        number(result.get("forks")).intValue(),
        iterations,
        nanoseconds * number(metric.get("score")).doubleValue(),
        nanoseconds * number(metric.get("scoreError")).doubleValue(),
        minima.stream().mapToDouble(Double::doubleValue).min().orElse(Double.NaN));
  }

  private static String parameter(Map<String, String> parameters, String name) {
    return Objects.requireNonNullElse(parameters.get(name), Csv.MISSING);
  }

  /** JMH writes "NaN" as a string where one iteration gives no interval. */
  private static Number number(Object value) {
    return value instanceof Number n ? n : Double.NaN;
  }
}
