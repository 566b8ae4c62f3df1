package dev.conntrail.analysis.cure;

import dev.conntrail.analysis.Ages;
import dev.conntrail.analysis.around.Happened;
import dev.conntrail.analysis.theory.MaximumAge;
import dev.conntrail.analysis.theory.ScaleOut;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.RepetitionResults;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.EventRow;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.Opening;
import dev.conntrail.spec.PodChoice;
import dev.conntrail.spec.Pooling;
import dev.conntrail.spec.Recycling;
import java.util.List;
import java.util.Optional;

/**
 * Connections that are open at the end of a cell in which nothing but a scale-out happened, and how
 * many of them theory has on pods that joined: none where connections are kept, or clients keep
 * their pod; the fair share once all have been opened anew.
 *
 * @param expected share, from 0 to 1
 * @param fair share of the pods that joined
 * @param open connections of all repetitions
 * @param onNew of these, on pods that joined
 */
record Newcomers(double expected, double fair, int open, int onNew) {
  private static final double PCT = 100;
  private static final double MS_PER_S = 1000;

  /**
   * So many of the longest ages have to go by until all have surely been opened anew: a client
   * looks at a connection's age when it is to send.
   */
  private static final double ALL_ANEW = 1.5;

  /** Empty where theory says nothing, or nothing was seen. */
  static Optional<Newcomers> of(CellResults cell, List<ConnectionRow> ledger) {
    Cell c = cell.cell();
    if (!drawn(c) || c.course().events().size() != 1 || cell.counted().isEmpty()) {
      return Optional.empty();
    }
    int open = 0;
    int onNew = 0;
    double fair = Double.NaN;
    for (RepetitionResults r : cell.counted()) {
      Optional<Happened> joined = Happened.of(r.events()).stream().findFirst();
      if (joined.isEmpty() || !onlyAdds(joined.get()) || !longEnough(c, joined.get())) {
        return Optional.empty();
      }
      int to = c.pods() + joined.get().added().size();
      double share = new ScaleOut(c.pods(), to).fairShare();
      if (open > 0 && share != fair) {
        return Optional.empty();
      }
      fair = share;
      double endMs = c.course().phases().length().toMillis();
      List<String> pods =
          ledger.stream()
              .filter(l -> l.at().equals(r.summary().at()))
              .filter(l -> l.livesAt(endMs))
              .flatMap(l -> l.pod().stream())
              .toList();
      open += pods.size();
      onNew += (int) pods.stream().filter(joined.get().added()::contains).count();
    }
    double expected = c.cure().recycling().isEmpty() || pinned(c) ? 0 : fair;
    return open == 0 ? Optional.empty() : Optional.of(new Newcomers(expected, fair, open, onNew));
  }

  /** Whether each connection draws its pod when it is made, and is made anew by its age alone. */
  static boolean drawn(Cell c) {
    return (c.choice() == PodChoice.DRAW || pinned(c))
        && !c.cure().sameZone()
        && c.protocol().longLived()
        && c.pooling() == Pooling.DEDICATED
        && c.opening() == Opening.AT_ONCE
        && c.cure().recycling().flatMap(Recycling::maxRequests).isEmpty()
        && (c.cure().recycling().isEmpty() || c.route().learns());
  }

  /** Whether a client keeps the pod that it drew first, whatever it opens. */
  static boolean pinned(Cell c) {
    return c.choice() == PodChoice.CLIENT_PINNED && !c.otherLaw();
  }

  /** Whether pods joined, and none left. */
  static boolean onlyAdds(Happened event) {
    return event.removed().isEmpty() && !event.added().isEmpty();
  }

  /** Whether all have been opened anew since the last pod joined, where they are. */
  private static boolean longEnough(Cell c, Happened event) {
    double watchedS = (c.course().phases().length().toMillis() - joinedMs(event)) / MS_PER_S;
    return c.cure()
        .recycling()
        .map(r -> watchedS >= ALL_ANEW * age(r).allAfterS())
        .orElse(watchedS > 0);
  }

  /** When the last pod had joined. */
  static double joinedMs(Happened event) {
    return event.steps().stream()
        .filter(EventRow::adds)
        .mapToDouble(EventRow::doneMs)
        .max()
        .orElseThrow();
  }

  /** The theory of an age. */
  static MaximumAge age(Recycling r) {
    return new MaximumAge(
        Ages.of(r.jitter(), r.percent() / PCT), r.maxAge().orElseThrow().toMillis() / MS_PER_S);
  }
}
