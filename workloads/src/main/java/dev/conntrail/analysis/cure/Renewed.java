package dev.conntrail.analysis.cure;

import dev.conntrail.analysis.Verdicts;
import dev.conntrail.analysis.around.Happened;
import dev.conntrail.analysis.chance.Successes;
import dev.conntrail.analysis.theory.MaximumAge;
import dev.conntrail.analysis.theory.OpenedAnew;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.RepetitionResults;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.CureRow;
import dev.conntrail.spec.Arrivals;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.LoadModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How soon connections of a cell with a maximum age were opened anew that were open when pods
 * joined, against what theory has of their ages: balance comes no sooner.
 *
 * @param agedS of each its age when the last pod had joined, seconds, all repetitions
 * @param lastedS how long it stayed open from then on; infinite if to the end of the measure phase
 * @param age that is set
 * @param gapS between two requests of a connection, seconds; 0 where its end waits for none
 * @param watchedS shortest time from that moment to the end of the measure phase
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Renewed(double[] agedS, double[] lastedS, MaximumAge age, double gapS, double watchedS) {
  /** What ages may be otherwise than set, and agree nevertheless: the clocks of clients. */
  private static final double TOLERANCE = 0.05;

  private static final double TWICE = 2;
  private static final double PCT = 100;
  private static final double MS_PER_S = 1000;

  /** Empty where theory says nothing, or too little was seen. */
  static Optional<Renewed> of(CellResults cell, List<ConnectionRow> ledger) {
    Cell c = cell.cell();
    boolean ages =
        Newcomers.drawn(c)
            && c.cure().recycling().isPresent()
            && !(c.cure().byServer().isPresent() && c.protocol().outlastsGoodbye())
            && gapS(c).isPresent();
    if (!ages || c.course().events().size() != 1 || cell.counted().isEmpty()) {
      return Optional.empty();
    }
    List<double[]> seen = new ArrayList<>();
    double watchedMs = Double.POSITIVE_INFINITY;
    double endMs = c.course().phases().length().toMillis();
    for (RepetitionResults r : cell.counted()) {
      Optional<Happened> joined = Happened.of(r.events()).stream().findFirst();
      if (joined.filter(Newcomers::onlyAdds).isEmpty()) {
        return Optional.empty();
      }
      double fromMs = Newcomers.joinedMs(joined.get());
      watchedMs = Math.min(watchedMs, endMs - fromMs);
      ledger.stream()
          .filter(l -> l.at().equals(r.summary().at()))
          .filter(l -> l.livesAt(fromMs))
          .forEach(l -> seen.add(new double[] {fromMs - l.bornMs(), lasted(l, fromMs, endMs)}));
    }
    Renewed all =
        new Renewed(
            seen.stream().mapToDouble(s -> s[0] / MS_PER_S).toArray(),
            seen.stream().mapToDouble(s -> s[1] / MS_PER_S).toArray(),
            Newcomers.age(c.cure().recycling().orElseThrow()),
            gapS(c).orElseThrow(),
            watchedMs / MS_PER_S);
    return seen.isEmpty() || all.lookedAtS() > all.watchedS() ? Optional.empty() : Optional.of(all);
  }

  private static double lasted(ConnectionRow c, double fromMs, double endMs) {
    return c.diedMs() > endMs ? Double.POSITIVE_INFINITY : c.diedMs() - fromMs;
  }

  /**
   * A client gives up a connection when it is to send, a pod of HTTP/1.1 when it answers; empty
   * where that is not the same time after the last request.
   */
  private static OptionalDouble gapS(Cell c) {
    boolean atOnce = c.cure().byServer().isPresent() && !c.protocol().repliesSayGoodbye();
    return atOnce ? OptionalDouble.of(0) : betweenUsesS(c);
  }

  /** Between two requests of a connection, seconds; empty where that is not the same always. */
  static OptionalDouble betweenUsesS(Cell c) {
    return switch (c.load()) {
      case LoadModel.Closed() -> OptionalDouble.of(0);
      case LoadModel.Constant(int rate) when c.arrivals() == Arrivals.REGULAR ->
          OptionalDouble.of((double) c.connections() / rate);
      case LoadModel.Open _ -> OptionalDouble.empty();
    };
  }

  private OpenedAnew theory(double times, double lagS) {
    return new OpenedAnew(new MaximumAge(age.spread(), times * age.seconds()), lagS);
  }

  /** What is expected: connections are used next half a gap after their age is over. */
  OpenedAnew expected() {
    return theory(1, gapS / 2);
  }

  /** The slowest that still agrees. */
  OpenedAnew slowest() {
    return theory(1 + TOLERANCE, gapS);
  }

  /** The soonest. */
  OpenedAnew soonest() {
    return theory(1 - TOLERANCE, 0);
  }

  /** When half would have been opened anew if it were the slowest. */
  private double lookedAtS() {
    return slowest().half(agedS);
  }

  /**
   * Judges: how many were opened anew by then, against the slowest and the soonest that agree.
   *
   * @param tests of this kind in the run
   */
  CureRow.OnAge judged(int tests) {
    double afterS = lookedAtS();
    Successes slowest = new Successes(slowest().by(agedS, afterS));
    Successes soonest = new Successes(soonest().by(agedS, afterS));
    Successes twice = new Successes(theory(TWICE, 0).by(agedS, afterS));
    int anew = (int) Arrays.stream(lastedS).filter(s -> s <= afterS).count();
    double level = Verdicts.FAMILY_ERROR / tests;
    double power = 0;
    for (int n = 0; n <= agedS.length; n++) {
      power += p(slowest, soonest, n) <= level ? twice.exactly(n) : 0;
    }
    double p = p(slowest, soonest, anew);
    double half = Arrays.stream(lastedS).sorted().toArray()[(lastedS.length - 1) / 2];
    return new CureRow.OnAge(
        MS_PER_S * expected().half(agedS),
        Double.isFinite(half) ? MS_PER_S * half : Double.NaN,
        agedS.length,
        MS_PER_S * afterS,
        anew,
        p,
        Math.min(1, p * tests),
        PCT * power,
        Optional.of(CureRows.fit(p, level, power)));
  }

  private static double p(Successes slowest, Successes soonest, int n) {
    return Math.min(1, 2 * Math.min(slowest.atMost(n), soonest.atLeast(n)));
  }
}
