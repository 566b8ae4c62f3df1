package dev.conntrail.analysis.around;

import dev.conntrail.record.Replies;
import dev.conntrail.result.RepetitionResults;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.DistributionRow;
import dev.conntrail.result.row.DueRow;
import dev.conntrail.result.row.EventRow;
import dev.conntrail.result.row.PodsOverTimeRow;
import dev.conntrail.result.row.RequestsDue;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.Cure;
import dev.conntrail.spec.Opening;
import dev.conntrail.spec.Protocol;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** A repetition as it was seen over time: requests in bins of 100 ms, and who was an endpoint. */
final class Watched {
  /** Length of a bin, milliseconds. */
  static final long BIN_MS = Replies.BIN_MS;

  /** Bins of a second. */
  static final int SECOND = (int) (1000 / BIN_MS);

  private final Cure cure;
  private final Protocol protocol;
  private final boolean spread;
  private final RepetitionResults repetition;
  private final List<ConnectionRow> ledger;
  private final List<EventRow> changes;
  private final Set<String> atFirst;
  private final double endMs;
  private final Map<String, Map<Integer, Long>> answered = new HashMap<>();
  private final List<DueRow> due;
  private final Map<Integer, Long> failed = new HashMap<>();
  private final Map<Integer, Long> retried = new HashMap<>();

  Watched(Cell cell, RepetitionResults repetition, List<ConnectionRow> ledger) {
    this.cure = cell.cure();
    this.protocol = cell.protocol();
    this.spread = cell.opening() == Opening.SPREAD;
    this.repetition = repetition;
    this.ledger = ledger;
    this.due = repetition.requestsDue();
    this.endMs = cell.course().phases().length().toMillis();
    this.atFirst =
        repetition.pods().stream()
            .filter(p -> p.podIndex() <= cell.pods())
            .map(DistributionRow::pod)
            .collect(Collectors.toSet());
    this.changes =
        repetition.events().stream()
            .filter(e -> e.adds() || e.removes())
            .sorted(Comparator.comparingDouble(EventRow::doneMs))
            .toList();
    for (PodsOverTimeRow row : repetition.podsOverTime()) {
      int bin = bin(row.atMs());
      if (row.pod().isPresent()) {
        answered
            .computeIfAbsent(row.pod().get(), _ -> new HashMap<>())
            .merge(bin, row.answeredCount(), Long::sum);
      } else {
        failed.merge(bin, row.failedCount(), Long::sum);
        retried.merge(bin, row.retriedCount(), Long::sum);
      }
    }
  }

  Cure cure() {
    return cure;
  }

  Protocol protocol() {
    return protocol;
  }

  /** Whether clients come one after the other, so that load grows all the time. */
  boolean spread() {
    return spread;
  }

  RepetitionResults repetition() {
    return repetition;
  }

  List<ConnectionRow> ledger() {
    return ledger;
  }

  /** When the measure phase ended. */
  double endMs() {
    return endMs;
  }

  /** The bin that a moment is in; starts of bins are written with six digits. */
  static int bin(double ms) {
    return (int) Math.floor(ms / BIN_MS + 1e-6);
  }

  /** When a bin begins. */
  static double ms(int bin) {
    return (double) bin * BIN_MS;
  }

  /** The first bin that begins then or later. */
  static int binFrom(double ms) {
    return (int) Math.ceil(ms / BIN_MS - 1e-6);
  }

  /** The Service's endpoints then, as all nodes had them. */
  Set<String> endpoints(double ms) {
    Set<String> now = new LinkedHashSet<>(atFirst);
    for (EventRow change : changes) {
      if (change.doneMs() <= ms) {
        if (change.adds()) {
          now.addAll(change.pods());
        } else {
          change.pods().forEach(now::remove);
        }
      }
    }
    return now;
  }

  /** When a pod joined after a moment, as one that had left comes back; infinite if it did not. */
  double joinsMs(String pod, double afterMs) {
    return changes.stream()
        .filter(e -> e.adds() && e.begunMs() > afterMs && e.pods().contains(pod))
        .mapToDouble(EventRow::begunMs)
        .min()
        .orElse(Double.POSITIVE_INFINITY);
  }

  /** What a pod answered in some bins, the last not among them. */
  long answered(String pod, int from, int to) {
    return sum(answered.getOrDefault(pod, Map.of()), from, to);
  }

  /** What all pods did, endpoints or not. */
  long answered(int from, int to) {
    return answered.keySet().stream().mapToLong(pod -> answered(pod, from, to)).sum();
  }

  /** Requests that failed. */
  long failed(int from, int to) {
    return sum(failed, from, to);
  }

  /** How often libraries sent a request again. */
  long retried(int from, int to) {
    return sum(retried, from, to);
  }

  /** What became of requests that were due in some bins; unknown where that was not recorded. */
  RequestsDue due(int from, int to) {
    return due.isEmpty()
        ? RequestsDue.UNKNOWN
        : DueRow.sum(
            due.stream().filter(d -> bin(d.atMs()) >= from && bin(d.atMs()) < to).toList());
  }

  private static long sum(Map<Integer, Long> bins, int from, int to) {
    long sum = 0;
    for (int i = from; i < to; i++) {
      sum += bins.getOrDefault(i, 0L);
    }
    return sum;
  }

  /** The last bin in which requests failed or were sent again, and one more. */
  int bins() {
    return failed.keySet().stream().mapToInt(i -> i + 1).max().orElse(0);
  }

  /**
   * Requests of the busiest endpoint over their mean; not a number if nothing was answered.
   *
   * @param pods the endpoints
   */
  double maxOverMean(Set<String> pods, int from, int to) {
    long[] each = pods.stream().mapToLong(pod -> answered(pod, from, to)).toArray();
    long sum = 0;
    long most = 0;
    for (long n : each) {
      sum += n;
      most = Math.max(most, n);
    }
    return sum == 0 ? Double.NaN : (double) most * each.length / sum;
  }
}
