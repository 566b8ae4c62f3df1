package dev.conntrail.report.finding;

import dev.conntrail.record.Quantiles;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.row.SummaryRow;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * How much the repetitions of one cell differ in a median time: what this run itself shows of how
 * well times repeat.
 *
 * @param ratios of each cell with two repetitions or more, the longest over the shortest
 * @param halves of each such cell, odd against even repetitions
 */
public record Scatter(List<Double> ratios, List<Double> halves) {
  /** That of some cells; none if none of them has two repetitions with such a time. */
  public static Optional<Scatter> of(List<CellResults> cells, ToDoubleFunction<SummaryRow> metric) {
    List<Double> ratios =
        cells.stream()
            .flatMap(c -> Repeated.of(c, metric).stream())
            .filter(r -> r.repetitions() > 1)
            .map(Repeated::ratio)
            .toList();
    List<Double> halves =
        cells.stream()
            .map(c -> Repeated.oddAgainstEven(c, metric))
            .filter(Double::isFinite)
            .toList();
    return ratios.isEmpty() ? Optional.empty() : Optional.of(new Scatter(ratios, halves));
  }

  /** {@code by up to 2.57 times (half of 37 cells: up to 1.21)}. */
  public String text() {
    return sentence().text();
  }

  /** The same with its figures. */
  Sentence sentence() {
    return Sentence.of("by up to {most} times (half of {cells}: up to {half})")
        .with("most", most(ratios))
        .with("cells", ratios.size(), "cell")
        .with("half", Quantiles.median(ratios));
  }

  /** {@code up to 1.4}; empty where no cell has odd and even repetitions. */
  public Optional<String> oddAgainstEven() {
    return halvesDiffer().map(Sentence::text);
  }

  /** The same with its figure. */
  Optional<Sentence> halvesDiffer() {
    return halves.isEmpty()
        ? Optional.empty()
        : Optional.of(Sentence.of("up to {halves}").with("halves", most(halves)));
  }

  private static double most(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).max().orElse(Double.NaN);
  }
}
