package dev.conntrail.site;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.record.CensoredTimes;
import dev.conntrail.record.Metric;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.Latencies;
import dev.conntrail.result.RepetitionResults;
import dev.conntrail.result.row.RepetitionStatus;
import dev.conntrail.result.row.Times;
import dev.conntrail.result.row.Unit;
import dev.conntrail.result.row.VerdictRow;
import dev.conntrail.spec.CellId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * Figures of a cell that are followed over runs, of its repetitions without a mark; empty where
 * they are not known.
 *
 * @param id the same in every run of the same set-up
 * @param number its place in the run, from 1
 * @param title as a person would say it
 * @param variant the data plane with what is set of it
 * @param longLived whether its connections last
 * @param plain whether nothing is brought about in it
 * @param repetitions that the figures are of
 * @param setAsideCount marked repetitions, which they are not of
 * @param responseP50Ns of all due requests of these repetitions together
 * @param responseP99Ns the same
 * @param connectP50Ns of all handshakes together
 * @param connectP99Ns the same
 * @param busiestOverMean requests of the busiest pod over the mean, as in {@code verdicts.csv}
 * @param failedPerRepetition requests that failed or had no answer, a repetition
 */
record CellFigures(
    CellId id,
    int number,
    String title,
    String variant,
    boolean longLived,
    boolean plain,
    int repetitions,
    int setAsideCount,
    Optional<Double> responseP50Ns,
    Optional<Double> responseP99Ns,
    Optional<Double> connectP50Ns,
    Optional<Double> connectP99Ns,
    Optional<Double> busiestOverMean,
    Optional<Double> failedPerRepetition) {
  private static final double MEDIAN = 50;
  private static final double P99 = 99;

  /** Those of a cell. */
  static CellFigures of(Analysis run, CellResults cell) {
    List<RepetitionResults> used =
        cell.repetitions().stream()
            .filter(r -> r.summary().status() == RepetitionStatus.OK)
            .toList();
    Map<Metric, Histogram> all =
        Latencies.sum(used.stream().map(RepetitionResults::latencies).toList());
    Histogram connect = all.get(Metric.CONNECT);
    return new CellFigures(
        cell.id(),
        cell.number(),
        cell.title(),
        cell.cell().variant().text(),
        cell.cell().protocol().longLived(),
        cell.cell().plain(),
        used.size(),
        cell.repetitions().size() - used.size(),
        response(all, MEDIAN),
        response(all, P99),
        known(Times.percentile(connect, MEDIAN)),
        known(Times.percentile(connect, P99)),
        run.verdict(cell, Unit.REQUESTS).map(VerdictRow::maxOverMean).filter(Double::isFinite),
        used.isEmpty()
            ? Optional.empty()
            : Optional.of(
                used.stream().mapToLong(CellFigures::failed).sum() / (double) used.size()));
  }

  private static long failed(RepetitionResults r) {
    return r.summary().requests().failedCount() + r.summary().requests().unansweredCount();
  }

  /** Not known where too few values lie beyond it, or only a lower bound is. */
  private static Optional<Double> response(Map<Metric, Histogram> all, double percentile) {
    CensoredTimes times = CensoredTimes.of(all);
    return Stream.of(times.percentile(percentile))
        .filter(t -> !t.atLeast() && Times.tells(times.count(), percentile))
        .flatMap(t -> known(t.ns()).stream())
        .findFirst();
  }

  private static Optional<Double> known(double ns) {
    return Optional.of(ns).filter(Double::isFinite);
  }
}
