package dev.conntrail.report.section;

import static dev.conntrail.report.block.Numbers.count;

import dev.conntrail.record.Quantiles;
import dev.conntrail.report.block.Block;
import dev.conntrail.report.block.Column;
import dev.conntrail.report.block.Field;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.finding.Span;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.row.DistributionRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** What each pod of a cell got, and how long it took: a hot pod is seen by its times too. */
final class PodsTable {
  private static final int MOST = 30;
  private static final List<Column> COLUMNS =
      List.of(
          Column.figures("pod"),
          Column.words("node"),
          Column.figures("connections"),
          Column.figures("requests"),
          Column.figures("response p50").explained("of requests that the pod answered"),
          Column.figures("response p99").explained("of requests that the pod answered"));

  private PodsTable() {}

  /** That of a cell; empty where times by pod were not recorded. */
  static Optional<Block> of(CellResults cell) {
    Map<Integer, List<DistributionRow>> pods = new TreeMap<>();
    cell.repetitions()
        .forEach(r ->
            r.pods()
                .forEach(p -> pods.computeIfAbsent(p.podIndex(), _ -> new ArrayList<>()).add(p)));
    if (pods.values().stream().flatMap(List::stream).allMatch(p -> p.response().count() == 0)) {
      return Optional.empty();
    }
    List<List<DistributionRow>> shown =
        pods.values().stream()
            .sorted(Comparator.comparingDouble(p -> -order(p)))
            .limit(MOST)
            .sorted(Comparator.comparingInt(p -> p.getFirst().podIndex()))
            .toList();
    String which =
        pods.size() > MOST
            ? "Thirty pods of " + count(pods.size()) + ", those with the longest median response"
            : "Every pod";
    return Optional.of(
        new Block.Folded(
            "each-pod-" + cell.id(),
            "Response time by pod",
            List.of(
                Block.Table.of(
                    "each-pod-table-" + cell.id(),
                    which
                        + ": sums of all repetitions; of times the median over repetitions,"
                        + " lowest to highest",
                    COLUMNS,
                    shown.stream().map(PodsTable::fields).toList()))));
  }

  private static double order(List<DistributionRow> pod) {
    double median = Quantiles.median(known(pod, d -> d.response().p50Ns()));
    return Double.isFinite(median) ? median : 0;
  }

  private static List<Field> fields(List<DistributionRow> pod) {
    DistributionRow any = pod.getFirst();
    return List.of(
        Field.of(Integer.toString(any.podIndex()), any.podIndex()),
        Field.of(any.node()),
        Field.of(count(pod.stream().mapToLong(DistributionRow::connectionsCount).sum())),
        Field.of(count(pod.stream().mapToLong(DistributionRow::requestsCount).sum())),
        time(known(pod, d -> d.response().p50Ns())),
        time(known(pod, d -> d.response().p99Ns())));
  }

  private static List<Double> known(
      List<DistributionRow> pod, ToDoubleFunction<DistributionRow> time) {
    return pod.stream().mapToDouble(time).filter(Double::isFinite).boxed().toList();
  }

  private static Field time(List<Double> times) {
    return Span.of(times, Double::doubleValue)
        .map(span ->
            Field.of(
                times.size() == 1
                    ? Numbers.time(span.low())
                    : Numbers.time(Quantiles.median(times)) + " (" + span.time() + ")",
                Quantiles.median(times)))
        .orElse(Field.of(""));
  }
}
