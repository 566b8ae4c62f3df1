package dev.conntrail.analysis.around;

import dev.conntrail.record.Death;
import dev.conntrail.record.Quantiles;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.EventRow;
import dev.conntrail.result.row.RecoveryRow;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** How a repetition came through an event. */
final class Recovery {
  private static final double PCT = 100;

  private Recovery() {}

  static RecoveryRow of(Watched seen, Happened h) {
    int begin = Watched.bin(h.fromMs());
    double before = seen.maxOverMean(seen.endpoints(h.fromMs()), begin - Watched.SECOND, begin);
    Balance balance = Balance.of(seen, h, before);
    double balanced = balance.since(seen, h.toMs(), end(seen, h));
    return new RecoveryRow(
        seen.repetition().summary().at(),
        h.event(),
        h.askedMs(),
        Math.max(0, end(seen, h) - h.toMs()),
        before,
        balance.atMost(),
        PCT * balance.newAtLeast(),
        balanced - h.toMs(),
        Double.isNaN(balanced)
            ? Double.NaN
            : Math.min(RecoveryRow.HOLDS_MS, end(seen, h) - balanced),
        broken(seen, h),
        seen.failed(begin, Math.max(begin, countedUntil(seen, h))),
        seen.retried(begin, Math.max(begin, countedUntil(seen, h))),
        left(seen, h),
        last(seen, h));
  }

  /** Until when it is watched. */
  private static double end(Watched seen, Happened h) {
    return Math.min(seen.endMs(), h.untilMs());
  }

  private static int countedUntil(Watched seen, Happened h) {
    return Double.isInfinite(h.untilMs()) ? seen.bins() : Watched.bin(h.untilMs());
  }

  private static RecoveryRow.Broken broken(Watched seen, Happened h) {
    double fromMs = h.fromMs();
    List<ConnectionRow> broken =
        seen.ledger().stream().filter(c -> c.openAt(fromMs)).filter(h.broke(seen.cure())).toList();
    double[] unaware = broken.stream().mapToDouble(c -> unaware(c, fromMs)).toArray();
    return new RecoveryRow.Broken(
        count(broken, Death.RESET),
        count(broken, Death.TIMED_OUT),
        count(broken, Death.GOODBYE),
        count(broken, Death.PEER_FIN),
        count(broken, Death.ERROR),
        Quantiles.median(unaware),
        Arrays.stream(unaware).max().orElse(Double.NaN));
  }

  /**
   * 0 if the last reply itself told that it ends: tables have six digits of each moment, and
   * earlier versions noted such a reply a little after the end.
   */
  private static double unaware(ConnectionRow c, double fromMs) {
    return Math.max(0, c.diedMs() - Math.max(fromMs, orNever(c.lastReplyMs())));
  }

  /** Without a reply, nothing is later than the event. */
  private static double orNever(double lastReplyMs) {
    return Double.isNaN(lastReplyMs) ? Double.NEGATIVE_INFINITY : lastReplyMs;
  }

  private static long count(List<ConnectionRow> broken, Death death) {
    return broken.stream().filter(c -> c.death() == death).count();
  }

  private static RecoveryRow.Left left(Watched seen, Happened h) {
    int pods = 0;
    long opened = 0;
    long open = 0;
    long answered = 0;
    for (EventRow step : h.steps()) {
      if (step.removes()) {
        pods += step.pods().size();
        List<ConnectionRow> on =
            seen.ledger().stream()
                .filter(c -> c.pod().filter(step.pods()::contains).isPresent())
                .toList();
        opened += on.stream().filter(c -> c.begunMs() > step.doneMs()).count();
        open +=
            on.stream()
                .filter(c -> c.begunMs() <= step.doneMs() && c.diedMs() > seen.endMs())
                .count();
        int after = Watched.binFrom(step.doneMs());
        for (String pod : step.pods()) {
          answered += seen.answered(pod, after, Math.max(after, Watched.binFrom(seen.endMs())));
        }
      }
    }
    return new RecoveryRow.Left(pods, opened, open, answered);
  }

  private static RecoveryRow.Last last(Watched seen, Happened h) {
    return new RecoveryRow.Last(
        last(seen, h, ConnectionRow::lastReplyMs),
        last(seen, h, ConnectionRow::lastRequestMs),
        last(seen, h, ConnectionRow::begunMs));
  }

  /** The last such moment of a connection at a pod that left, and has not come back. */
  private static double last(Watched seen, Happened h, ToDoubleFunction<ConnectionRow> moment) {
    double last = Double.NaN;
    for (String pod : h.out()) {
      double backMs = seen.joinsMs(pod, h.fromMs());
      for (ConnectionRow c : seen.ledger()) {
        double ms = Math.min(moment.applyAsDouble(c), backMs);
        if (c.pod().equals(Optional.of(pod)) && c.begunMs() <= backMs && ms > h.fromMs()) {
          last = last >= ms ? last : ms;
        }
      }
    }
    return last - h.fromMs();
  }
}
