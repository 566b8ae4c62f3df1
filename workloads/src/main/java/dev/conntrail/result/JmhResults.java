package dev.conntrail.result;

import dev.conntrail.record.Quantiles;
import dev.conntrail.result.row.ConnectionTable;
import dev.conntrail.result.row.JmhRow;
import dev.conntrail.result.row.Lookup;
import dev.conntrail.result.row.OtherWork;
import dev.conntrail.result.row.Packet;
import dev.conntrail.result.row.Target;
import dev.conntrail.spec.Named;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.DoubleStream;

/**
 * JMH's own JSON. What a benchmark measures is told by its parameters ({@code packet}, {@code
 * mode}, {@code services}, {@code target}, {@code table} and so on), never by its name; what ran
 * beside a fork by secondary metrics, where the harness of {@code benchmarks} wrote them.
 */
public final class JmhResults {
  private static final Map<String, Double> NANOSECONDS =
      Map.of("ns/op", 1.0, "us/op", 1e3, "ms/op", 1e6, "s/op", 1e9);

  /** What has a column of its own. */
  private static final List<String> COLUMNS =
      List.of("packet", "mode", "services", "endpoints", "target", "table", "connections");

  /** Until November 2026 the benchmark's name alone said which packet it was. */
  private static final Map<String, String> PACKETS =
      Map.of(
          "FirstPacketBenchmark.route", "first",
          "EstablishedPacketBenchmark.take", "established");

  /** Words of that time. */
  private static final Map<String, String> RENAMED = Map.of("iptables", "iptables-legacy");

  private JmhResults() {}

  /**
   * A result as JMH writes it.
   *
   * @param params empty where the benchmark has none
   * @param secondaryMetrics what profilers wrote
   */
  private record JmhResult(
      String benchmark,
      int threads,
      Optional<Map<String, String>> params,
      Metric primaryMetric,
      Optional<Map<String, Secondary>> secondaryMetrics) {}

  /**
   * Its figures.
   *
   * @param rawData iterations by fork
   */
  private record Metric(String scoreUnit, List<List<Double>> rawData) {}

  /**
   * What a profiler wrote.
   *
   * @param rawData iterations by fork; empty where it is not of iterations
   */
  private record Secondary(Optional<List<List<Double>>> rawData) {}

  /**
   * Reads all JSON files of a folder; none if there is no folder.
   *
   * @param run the run that they belong to
   * @return a row a fork
   * @throws IOException if one is not JMH's, with its name
   */
  public static List<JmhRow> read(Path folder, String run) throws IOException {
    List<JmhRow> rows = new ArrayList<>();
    for (Path file : FileTrees.list(folder)) {
      if (file.toString().endsWith(".json")) {
        for (JmhResult result : Json.readLoosely(file, JmhResult[].class)) {
          if (result == null) {
            throw new IOException(file + ": found null; allowed: a result of JMH");
          }
          rows.addAll(forks(file, run, Whole.checked(file, result)));
        }
      }
    }
    return rows;
  }

  private static List<JmhRow> forks(Path file, String run, JmhResult result) throws IOException {
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
    String benchmark = name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1);
    Map<String, String> parameters = parameters(result, benchmark);
    JmhRow.What what = what(file, parameters);
    List<String> others =
        parameters.entrySet().stream()
            .filter(e -> !COLUMNS.contains(e.getKey()))
            .map(e -> e.getKey() + "=" + e.getValue())
            .toList();
    List<JmhRow> rows = new ArrayList<>();
    for (int i = 0; i < metric.rawData().size(); i++) {
      double[] ns = metric.rawData().get(i).stream().mapToDouble(v -> v * factor).toArray();
      rows.add(
          new JmhRow(
              run,
              benchmark,
              what,
              others,
              result.threads(),
              i + 1,
              ns.length,
              Quantiles.median(ns),
              DoubleStream.of(ns).min().orElse(Double.NaN),
              DoubleStream.of(ns).max().orElse(Double.NaN),
              beside(result.secondaryMetrics().orElse(Map.of()), i)));
    }
    return rows;
  }

  private static Map<String, String> parameters(JmhResult result, String benchmark) {
    Map<String, String> parameters = new TreeMap<>();
    if (PACKETS.containsKey(benchmark)) {
      parameters.put("packet", PACKETS.get(benchmark));
    }
    result
        .params()
        .ifPresent(p -> p.forEach((k, v) -> parameters.put(k, RENAMED.getOrDefault(v, v))));
    return parameters;
  }

  private static JmhRow.What what(Path file, Map<String, String> parameters) throws IOException {
    return new JmhRow.What(
        word(Packet.class, parameters, "packet"),
        word(Lookup.class, parameters, "mode"),
        count(file, parameters, "services"),
        count(file, parameters, "endpoints"),
        word(Target.class, parameters, "target"),
        word(ConnectionTable.class, parameters, "table"),
        count(file, parameters, "connections"));
  }

  private static OtherWork beside(Map<String, Secondary> metrics, int fork) {
    return OtherWork.of(
        last(metrics.get("beside.other-cpu"), fork),
        last(metrics.get("beside.steal"), fork),
        last(metrics.get("beside.frequency"), fork));
  }

  /** The last iteration of a fork tells of the whole of it. */
  private static double last(Secondary metric, int fork) {
    return Optional.ofNullable(metric)
        .flatMap(Secondary::rawData)
        .filter(forks -> fork < forks.size())
        .flatMap(forks -> forks.get(fork).stream().reduce((_, b) -> b))
        .orElse(Double.NaN);
  }

  private static <T extends Enum<T> & Named> Optional<T> word(
      Class<T> type, Map<String, String> parameters, String name) {
    return Optional.ofNullable(parameters.get(name)).flatMap(w -> Named.find(type, w));
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
