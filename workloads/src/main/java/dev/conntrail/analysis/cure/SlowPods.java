package dev.conntrail.analysis.cure;

import dev.conntrail.record.Replies;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.RepetitionResults;
import dev.conntrail.result.row.CureRow;
import dev.conntrail.result.row.EventRow;
import dev.conntrail.result.row.EventStep;
import dev.conntrail.result.row.PodsOverTimeRow;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.Event;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What slow pods answered of all, in cells in which nothing else happens. */
final class SlowPods {
  private static final double PCT = 100;
  private static final double MS_PER_S = 1000;

  /** Starts of bins are written with six digits. */
  private static final double SLACK = 1e-6;

  private SlowPods() {}

  /** All repetitions together. */
  static CureRow.OnSlow of(CellResults cell) {
    Cell c = cell.cell();
    boolean alone =
        c.course().events().size() == 1
            && c.course().events().getFirst() instanceof Event.SlowPod only
            && keepsUp(c, only);
    long all = 0;
    long slow = 0;
    int slowed = 0;
    for (RepetitionResults r : alone ? cell.counted() : List.<RepetitionResults>of()) {
      List<EventRow> steps = r.events().stream().filter(e -> e.step() == EventStep.SLOWED).toList();
      if (steps.isEmpty()) {
        return CureRow.OnSlow.NOTHING;
      }
      Set<String> pods = steps.stream().flatMap(e -> e.pods().stream()).collect(Collectors.toSet());
      slowed = pods.size();
      double fromMs = steps.stream().mapToDouble(EventRow::doneMs).max().orElseThrow();
      List<PodsOverTimeRow> later =
          r.podsOverTime().stream()
              .filter(p -> p.pod().isPresent() && p.atMs() >= fromMs - SLACK * Replies.BIN_MS)
              .filter(p ->
                  p.atMs() + Replies.BIN_MS
                      <= c.course().phases().length().toMillis() + SLACK * Replies.BIN_MS)
              .toList();
      all += answered(later);
      slow += answered(later.stream().filter(p -> pods.contains(p.pod().get())).toList());
    }
    return all == 0
        ? CureRow.OnSlow.NOTHING
        : new CureRow.OnSlow(PCT * slowed / c.pods(), PCT * slow / all);
  }

  /**
   * Whether who stays on a slow pod can send all that is due: else it answers less because its
   * callers wait, whoever noticed.
   */
  private static boolean keepsUp(Cell c, Event.SlowPod slow) {
    double rate = c.load().steady().orElse(0);
    return rate > 0
        && rate * slow.delay().toMillis() < MS_PER_S * c.connections()
        && rate * slow.cpu().toMillis() < MS_PER_S * c.pods();
  }

  private static long answered(List<PodsOverTimeRow> bins) {
    return bins.stream().mapToLong(PodsOverTimeRow::answeredCount).sum();
  }
}
