package dev.conntrail.compare;

import dev.conntrail.record.Quantiles;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.RepetitionResults;
import dev.conntrail.result.row.SummaryRow;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a cell took: a value for each repetition without marks, the logarithm of a percentile; over
 * that of its control in the same repetition, where it has one.
 *
 * @param logs natural logarithms: of nanoseconds, or of a ratio to the control
 * @param ns median of the percentile itself, nanoseconds
 */
record Sample(List<Double> logs, double ns) {
  /** Of nothing. */
  static final Sample NONE = new Sample(List.of(), Double.NaN);

  static Sample of(CellResults cell, Optional<CellResults> control, Timed timed) {
    Optional<Map<Integer, SummaryRow>> controls = control.map(Sample::kept);
    Map<Integer, SummaryRow> own = kept(cell);
    return new Sample(
        own.entrySet().stream()
            .filter(r -> controls.isEmpty() || controls.get().containsKey(r.getKey()))
            .mapToDouble(r ->
                Math.log(timed.ns(r.getValue()))
                    - controls.map(c -> Math.log(timed.ns(c.get(r.getKey())))).orElse(0.0))
            .filter(Double::isFinite)
            .boxed()
            .toList(),
        Quantiles.median(own.values().stream().map(timed::ns).filter(Double::isFinite).toList()));
  }

  /** Whether a time was recorded in any repetition, marked or not. */
  static boolean recorded(CellResults cell, Timed timed) {
    return cell.repetitions().stream().anyMatch(r -> timed.ns(r.summary()) > 0);
  }

  private static Map<Integer, SummaryRow> kept(CellResults cell) {
    return cell.repetitions().stream()
        .map(RepetitionResults::summary)
        .filter(SetAside::timesKept)
        .collect(Collectors.toMap(s -> s.at().repetition(), Function.identity()));
  }

  TimeComparison.Taken taken() {
    return new TimeComparison.Taken(n(), ns);
  }

  double[] values() {
    return logs.stream().mapToDouble(x -> x).toArray();
  }

  int n() {
    return logs.size();
  }

  double mean() {
    return logs.stream().mapToDouble(x -> x).average().orElse(Double.NaN);
  }

  /** Sum of squares around the mean. */
  double squares() {
    double mean = mean();
    return logs.stream().mapToDouble(x -> (x - mean) * (x - mean)).sum();
  }
}
