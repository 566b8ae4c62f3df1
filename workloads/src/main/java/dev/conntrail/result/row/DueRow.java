package dev.conntrail.result.row;

import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * {@code due.csv} of a repetition with events: one row a bin of 100 ms in which requests of the
 * measure phase were due, and what became of them, whenever it did.
 *
 * @param atMs start of the bin, after the agreed start of the first phase
 * @param dueCount requests that the schedule had in it, counted as they became due; in a closed
 *     loop those that were sent in it
 * @param answeredCount of these, answered
 * @param failedCount of these, failed
 * @param unansweredCount of these, without an answer when the drain ended
 */
public record DueRow(
    @Inline At at,
    double atMs,
    long dueCount,
    long answeredCount,
    long failedCount,
    long unansweredCount) {
  /** Both, of the same bin. */
  public DueRow plus(DueRow o) {
    return new DueRow(
        at,
        atMs,
        dueCount + o.dueCount,
        answeredCount + o.answeredCount,
        failedCount + o.failedCount,
        unansweredCount + o.unansweredCount);
  }

  /** What became of requests that were due in these bins. */
  public static RequestsDue sum(List<DueRow> bins) {
    return new RequestsDue(
        sum(bins, DueRow::dueCount),
        sum(bins, DueRow::answeredCount),
        sum(bins, DueRow::failedCount),
        sum(bins, DueRow::unansweredCount));
  }

  private static Optional<Long> sum(List<DueRow> bins, ToLongFunction<DueRow> count) {
    return Optional.of(bins.stream().mapToLong(count).sum());
  }

  /** Whether nothing of it is missing, and nothing is there twice. */
  public boolean addsUp() {
    return dueCount == answeredCount + failedCount + unansweredCount;
  }
}
