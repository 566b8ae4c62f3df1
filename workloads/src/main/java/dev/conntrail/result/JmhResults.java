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
   * A result as JMH writes it.
   *
   * @param params empty where the benchmark has none
   */
  private record JmhResult(
      String benchmark,
      int threads,
      int forks,
      Optional<Map<String, String>> params,
      Metric primaryMetric) {}

  /**
   * Its figures.
   *
   * @param scoreError "NaN" where one iteration gives no interval
   * @param rawData iterations by fork
   */
  private record Metric(
      double score, double scoreError, String scoreUnit, List<List<Double>> rawData) {}

  /**
   * Reads all JSON files of a folder; none if there is no folder.
   *
   * @param run the run that they belong to
   * @throws IOException if one is not JMH's, with its name
   */
  public static List<JmhRow> read(Path folder, String run) throws IOException {
    List<JmhRow> results = new ArrayList<>();
    for (Path file : FileTrees.list(folder)) {
      if (file.toString().endsWith(".json")) {
        for (JmhResult result : Json.readLoosely(file, JmhResult[].class)) {
          if (result == null) {
            throw new IOException(file + ": found null; allowed: a result of JMH");
          }
          results.add(row(file, run, Whole.checked(file, result)));
        }
      }
    }
    return results;
  }

  private static JmhRow row(Path file, String run, JmhResult result) throws IOException {
    Map<String, String> parameters = new TreeMap<>(result.params().orElse(Map.of()));
    Metric metric = result.primaryMetric();
    Double factor = NANOSECONDS.get(metric.scoreUnit());
    if (factor == null) {
      throw new IOException(
          file
              + ": scoreUnit: found '"
              + TextFiles.shown(metric.scoreUnit())
              + "'; allowed: time an operation, such as ns/op");
    }
    String name = result.benchmark();
    return new JmhRow(
        run,
        name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1),
        word(Lookup.class, parameters, "mode"),
        count(file, parameters, "services"),
        count(file, parameters, "endpoints"),
        word(Target.class, parameters, "target"),
        count(file, parameters, "connections"),
        parameters.entrySet().stream()
            .filter(e -> !COLUMNS.contains(e.getKey()))
            .map(e -> e.getKey() + "=" + e.getValue())
            .toList(),
        result.threads(),
        result.forks(),
        metric.rawData().stream().mapToLong(List::size).sum(),
        factor * metric.score(),
        factor * metric.scoreError(),
        factor
            * metric.rawData().stream()
                .flatMap(List::stream)
                .mapToDouble(Double::doubleValue)
                .min()
                .orElse(Double.NaN));
  }

  /** The benchmarks call ip_tables simply iptables. */
  private static <T extends Enum<T> & Named> Optional<T> word(
      Class<T> type, Map<String, String> parameters, String name) {
    return Optional.ofNullable(parameters.get(name))
        .flatMap(w -> Named.find(type, w.equals("iptables") ? "iptables-legacy" : w));
  }

  private static Optional<Long> count(Path file, Map<String, String> parameters, String name)
      throws IOException {
    String text = parameters.get(name);
    if (text == null) {
      return Optional.empty();
    }
    if (!text.matches("\\d{1,12}")) {
      throw new IOException(
          file
              + ": params."
              + name
              + ": found '"
              + TextFiles.shown(text)
              + "'; allowed: a whole number");
    }
    return Optional.of(Long.valueOf(text));
  }
}
