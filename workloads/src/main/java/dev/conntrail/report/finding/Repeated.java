package dev.conntrail.report.finding;

import dev.conntrail.record.Quantiles;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.RepetitionResults;
import dev.conntrail.result.row.SummaryRow;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * A median time of a cell, by repetition.
 *
 * @param cell of which
 * @param median the median of the repetitions' medians, ns
 * @param span the shortest and the longest of them
 * @param repetitions how many have one
 */
public record Repeated(CellResults cell, double median, Span span, int repetitions) {
  /** That of a cell; none if no repetition has such a time. */
  public static Optional<Repeated> of(CellResults cell, ToDoubleFunction<SummaryRow> metric) {
    List<Double> medians = medians(cell.repetitions(), metric);
    return Span.of(medians, Double::doubleValue)
        .map(span -> new Repeated(cell, Quantiles.median(medians), span, medians.size()));
  }

  private static List<Double> medians(
      List<RepetitionResults> repetitions, ToDoubleFunction<SummaryRow> metric) {
    return repetitions.stream()
        .map(r -> metric.applyAsDouble(r.summary()))
        .filter(ns -> Double.isFinite(ns) && ns > 0)
        .toList();
  }

  /** The longest over the shortest. */
  public double ratio() {
    return span.high() / span.low();
  }

  /**
   * Odd over even repetitions, or even over odd, whichever is more than 1: each the median of its
   * repetitions' medians. Not a number if one side has none.
   */
  public static double oddAgainstEven(CellResults cell, ToDoubleFunction<SummaryRow> metric) {
    double odd = half(cell, metric, 1);
    double even = half(cell, metric, 0);
    return Math.max(odd / even, even / odd);
  }

  private static double half(CellResults cell, ToDoubleFunction<SummaryRow> metric, int rest) {
    return Quantiles.median(
        medians(cell.repetitions().stream().filter(r -> r.number() % 2 == rest).toList(), metric));
  }

  /** {@code 94.1 µs (88 to 120)}: the median, and lowest and highest where there are several. */
  public String text() {
    return sentence().text();
  }

  /** The same with its figures. */
  Sentence sentence() {
    return repetitions == 1
        ? Sentence.of("{median}").withTime("median", median)
        : Sentence.of("{median} ({span})").withTime("median", median).withTime("span", span);
  }
}
