package dev.conntrail.analysis.around;

import dev.conntrail.result.row.AroundRow;
import dev.conntrail.result.row.ResponseTimes;
import dev.conntrail.result.row.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Requests in the second before an event, during it, in the second after, and since. */
final class Windows {
  /** Within this of the target an HPA does nothing: its default tolerance. */
  static final double TOLERANCE = 0.1;

  private Windows() {}

  /** A row each; of the second after only as much as the measure phase has of it, if any. */
  static List<AroundRow> of(Watched seen, Happened h) {
    int begin = Watched.bin(h.fromMs());
    int end = Math.max(begin + 1, Watched.binFrom(h.toMs()));
    int last = Watched.binFrom(Math.min(seen.endMs(), h.untilMs()));
    // a target is of load that was even before: where clients come one after the other it is not
    double target =
        seen.spread()
            ? Double.NaN
            : pods(seen, begin - Watched.SECOND, begin, Double.NaN).meanPerS();
    List<AroundRow> rows = new ArrayList<>();
    for (Window window : Window.values()) {
      int from =
          switch (window) {
            case BEFORE -> Math.max(0, begin - Watched.SECOND);
            case DURING, SINCE -> begin;
            case AFTER -> end;
          };
      int to =
          switch (window) {
            case BEFORE -> begin;
            case DURING -> end;
            case AFTER -> Math.min(last, end + Watched.SECOND);
            case SINCE -> last;
          };
      if (from < to) {
        rows.add(row(seen, h, window, new int[] {from, to}, target));
      }
    }
    return rows;
  }

  /** While an event goes on endpoints change, and a mean over those at its end is none. */
  private static AroundRow row(Watched seen, Happened h, Window window, int[] bins, double target) {
    return new AroundRow(
        seen.repetition().summary().at(),
        h.event(),
        h.askedMs(),
        window,
        Watched.ms(bins[0]),
        Watched.ms(bins[1]),
        seen.answered(bins[0], bins[1]),
        seen.failed(bins[0], bins[1]),
        seen.due(bins[0], bins[1]),
        seen.repetition()
            .due()
            .map(due ->
                ResponseTimes.of(due.between(bins[0] * Watched.BIN_MS, bins[1] * Watched.BIN_MS)))
            .orElse(ResponseTimes.UNKNOWN),
        window == Window.DURING || window == Window.SINCE
            ? new AroundRow.Pods(
                seen.endpoints(Watched.ms(bins[1])).size(),
                Double.NaN,
                Double.NaN,
                Optional.empty(),
                Optional.empty())
            : pods(seen, bins[0], bins[1], target));
  }

  private static AroundRow.Pods pods(Watched seen, int from, int to, double target) {
    Set<String> endpoints = seen.endpoints(Watched.ms(to));
    double seconds = (double) (to - Math.max(0, from)) / Watched.SECOND;
    double all = 0;
    double hottest = 0;
    for (String pod : endpoints) {
      double perS = seen.answered(pod, from, to) / seconds;
      all += perS;
      hottest = Math.max(hottest, perS);
    }
    double mean = endpoints.isEmpty() ? Double.NaN : all / endpoints.size();
    return new AroundRow.Pods(
        endpoints.size(),
        mean,
        hottest,
        replicas(endpoints.size(), mean, target),
        replicas(endpoints.size(), hottest, target));
  }

  /**
   * What the HorizontalPodAutoscaler's formula gives: {@code ceil(current * value / target)}, and
   * the current number if the ratio is within {@link #TOLERANCE} of 1 (Kubernetes, {@code
   * pkg/controller/podautoscaler/replica_calculator.go}).
   */
  static Optional<Integer> replicas(int current, double value, double target) {
    double ratio = value / target;
    if (!Double.isFinite(ratio)) {
      return Optional.empty();
    }
    return Optional.of(
        Math.abs(ratio - 1) <= TOLERANCE ? current : (int) Math.ceil(current * ratio));
  }
}
