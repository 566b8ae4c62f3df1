package dev.conntrail.result;

import dev.conntrail.record.Metric;
import dev.conntrail.result.row.CellRow;
import dev.conntrail.result.row.CounterRow;
import dev.conntrail.result.row.Mark;
import dev.conntrail.result.row.SummaryRow;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.CellId;
import dev.conntrail.spec.TestbedKind;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.HdrHistogram.Histogram;

/** What is known of one cell. */
public final class CellResults {
  private final CellRow row;
  private final Cell cell;
  private final List<RepetitionResults> repetitions;
  private Map<Metric, Histogram> latencies;

  CellResults(CellRow row, List<RepetitionResults> repetitions) {
    this.row = row;
    this.cell = row.toCell();
    this.repetitions = List.copyOf(repetitions);
  }

  /** Its axes. */
  public Cell cell() {
    return cell;
  }

  /** Its short name. */
  public CellId id() {
    return row.cellId();
  }

  /** Its place in the run, from 1. */
  public int number() {
    return row.number();
  }

  /** Its block of the matrix, from 1. */
  public int block() {
    return row.block();
  }

  /** Where it ran. */
  public TestbedKind testbed() {
    return row.testbed();
  }

  /** As a person would say it. */
  public String title() {
    return cell.title();
  }

  /** Its repetitions that have results, in order. */
  public List<RepetitionResults> repetitions() {
    return repetitions;
  }

  /** The same with some of its repetitions. */
  public CellResults only(Predicate<RepetitionResults> which) {
    return new CellResults(row, repetitions.stream().filter(which).toList());
  }

  /** Those whose counts by pod are whole: no pod ended and took its own with it. */
  public List<RepetitionResults> counted() {
    return repetitions.stream()
        .filter(r -> r.summary().podsCounted() && !r.pods().isEmpty())
        .toList();
  }

  /** Those of them that have as many pods as the first: what a verdict counts together. */
  public List<RepetitionResults> judged() {
    List<RepetitionResults> whole = counted();
    return whole.stream().filter(r -> r.pods().size() == whole.getFirst().pods().size()).toList();
  }

  /** The sum of a figure over repetitions. */
  public long sum(ToLongFunction<SummaryRow> figure) {
    return repetitions.stream().map(RepetitionResults::summary).mapToLong(figure).sum();
  }

  /** Counters of all repetitions, read from their files. */
  public List<CounterRow> counters() {
    return repetitions.stream().flatMap(r -> r.rows(Tables.COUNTERS).stream()).toList();
  }

  /** How many repetitions carry a mark. */
  public long marked(Mark mark) {
    return repetitions.stream().filter(r -> r.summary().marked(mark)).count();
  }

  /** Histograms of all repetitions together, by metric; never percentiles of percentiles. */
  public synchronized Map<Metric, Histogram> latencies() {
    if (latencies == null) {
      latencies = Latencies.sum(repetitions.stream().map(RepetitionResults::latencies).toList());
    }
    return latencies;
  }
}
