package dev.conntrail.result;

import dev.conntrail.result.row.JmhRow;
import dev.conntrail.result.row.Lookup;
import dev.conntrail.result.row.Target;
import dev.conntrail.spec.Named;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

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
   * @param run the run that they belong to
   * @throws IOException if one is not JMH's, with its name
   */
  public static List<JmhRow> read(Path folder, String run) throws IOException {
    List<JmhRow> results = new ArrayList<>();
    for (Path file : FileTrees.list(folder)) {
      if (!file.toString().endsWith(".json")) {
        continue;
      }
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
        results.add(result(run, result, metric, factor));
      }
    }
    return results;
  }

  private static JmhRow result(String run, Map<?, ?> result, Map<?, ?> metric, double nanoseconds) {
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
    return new JmhRow(
        run,
        name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1),
        word(Lookup.class, parameters, "mode"),
        count(parameters, "services"),
        count(parameters, "endpoints"),
        word(Target.class, parameters, "target"),
        count(parameters, "connections"),
        parameters.entrySet().stream()
            .filter(e -> !COLUMNS.contains(e.getKey()))
            .map(e -> e.getKey() + "=" + e.getValue())
            .toList(),
        number(result.get("threads")).intValue(),
        number(result.get("forks")).intValue(),
        iterations,
        nanoseconds * number(metric.get("score")).doubleValue(),
        nanoseconds * number(metric.get("scoreError")).doubleValue(),
        minima.stream().mapToDouble(Double::doubleValue).min().orElse(Double.NaN));
  }

  /** The benchmarks call ip_tables simply iptables. */
  private static <T extends Enum<T> & Named> Optional<T> word(
      Class<T> type, Map<String, String> parameters, String name) {
    return Optional.ofNullable(parameters.get(name))
        .flatMap(w -> Named.find(type, w.equals("iptables") ? "iptables-legacy" : w));
  }

  private static Optional<Long> count(Map<String, String> parameters, String name) {
    return Optional.ofNullable(parameters.get(name)).map(Long::parseLong);
  }

  /** JMH writes "NaN" as a string where one iteration gives no interval. */
  private static Number number(Object value) {
    return value instanceof Number n ? n : Double.NaN;
  }
}
