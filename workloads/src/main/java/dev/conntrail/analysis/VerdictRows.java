package dev.conntrail.analysis;

import dev.conntrail.analysis.chance.DrawsAmong;
import dev.conntrail.analysis.chance.FairDraw;
import dev.conntrail.analysis.chance.Holm;
import dev.conntrail.analysis.chance.IdlePods;
import dev.conntrail.analysis.chance.Imbalance;
import dev.conntrail.analysis.chance.Judgement;
import dev.conntrail.analysis.chance.Sensitivity;
import dev.conntrail.analysis.chance.Uniformity;
import dev.conntrail.analysis.chance.Uniformity.Form;
import dev.conntrail.analysis.chance.Uniformity.Tested;
import dev.conntrail.result.row.Departure;
import dev.conntrail.result.row.Unit;
import dev.conntrail.result.row.Verdict;
import dev.conntrail.result.row.VerdictRow;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Makes the rows of a cell.
 *
 * @param tests of the whole run
 */
record VerdictRows(String run, CountedCell counted, int tests) {
  private static final double PCT = 100;

  /** What a fair draw gives. */
  private record Expected(
      double idle, double idleLow, double idleHigh, double maxOverMean, FairDraw.Band band) {}

  /** Pods are drawn. */
  VerdictRow drawn(List<Holm.Adjusted<Tested>> adjusted) {
    double level = Verdicts.FAMILY_ERROR / Math.max(1, tests);
    List<Sensitivity> each =
        counted.draws().stream()
            .map(d -> Sensitivity.of(d.connections(), d.pods(), level))
            .toList();
    Sensitivity weakest =
        each.stream().min(Comparator.comparingDouble(Sensitivity::powerAtTwice)).orElseThrow();
    Judgement judgement = Judgement.of(adjusted, Verdicts.FAMILY_ERROR, weakest);
    return row(
        Unit.CONNECTIONS,
        verdict(judgement),
        departure(judgement),
        Verdicts.test(adjusted, Form.POOLED),
        Verdicts.test(adjusted, Form.STRATIFIED),
        new VerdictRow.Power(PCT * found(each), PCT * weakest.powerAtTwice()),
        Double.NaN);
  }

  /**
   * The smallest share of one pod that would be found in any of the draws: so many times its fair
   * one there, as if all pods were in it; not a number if in one of them nothing would.
   */
  private double found(List<Sensitivity> each) {
    return each.stream().mapToDouble(Sensitivity::timesFair).reduce(0, Math::max)
        / counted.all(Unit.CONNECTIONS).pods();
  }

  private static Verdict verdict(Judgement j) {
    return switch (j.verdict()) {
      case TOO_UNEVEN, TOO_EVEN -> Verdict.NOT_CHANCE;
      case CONSISTENT -> Verdict.CONSISTENT;
      case TOO_FEW -> Verdict.TOO_FEW;
    };
  }

  private static Optional<Departure> departure(Judgement j) {
    return switch (j.verdict()) {
      case TOO_UNEVEN -> Optional.of(Departure.TOO_UNEVEN);
      case TOO_EVEN -> Optional.of(Departure.TOO_EVEN);
      case CONSISTENT, TOO_FEW -> Optional.empty();
    };
  }

  /** Pods are chosen by a law. */
  VerdictRow byLaw(Optional<Laws.Outcome> law) {
    if (law.isEmpty()) {
      return described(Unit.CONNECTIONS);
    }
    boolean kept = law.get().kept();
    boolean tells = law.get().metByDraw() <= 1 - Judgement.ENOUGH_POWER;
    return row(
        Unit.CONNECTIONS,
        kept && !tells ? Verdict.TOO_FEW : Verdict.BY_DESIGN,
        kept ? Optional.empty() : Optional.of(Departure.LAW_BROKEN),
        VerdictRow.Test.NONE,
        VerdictRow.Test.NONE,
        VerdictRow.Power.NONE,
        PCT * law.get().metByDraw());
  }

  /** Not judged. */
  VerdictRow described(Unit unit) {
    return row(
        unit,
        Verdict.DESCRIPTIVE,
        Optional.empty(),
        VerdictRow.Test.NONE,
        VerdictRow.Test.NONE,
        VerdictRow.Power.NONE,
        Double.NaN);
  }

  /** Of all pods, or within zones where connections are drawn so. */
  private Expected expected(Unit unit) {
    if (unit == Unit.CONNECTIONS && counted.zoned()) {
      DrawsAmong all = counted.zones().together();
      return new Expected(
          counted.zones().each().stream()
              .mapToDouble(DrawsAmong::expectedIdle)
              .average()
              .orElse(Double.NaN),
          Double.NaN,
          Double.NaN,
          all.expectedMaxOverMean(),
          all.band(Verdicts.BAND));
    }
    IdlePods idle =
        IdlePods.of(
            Arrays.stream(counted.of(unit))
                .map(c -> new FairDraw(Arrays.stream(c).sum(), c.length))
                .toList());
    FairDraw all = counted.all(unit);
    return new Expected(
        idle.expected(),
        idle.low(),
        idle.high(),
        all.expectedMaxOverMean(),
        all.band(Verdicts.BAND));
  }

  private VerdictRow row(
      Unit unit,
      Verdict verdict,
      Optional<Departure> departure,
      VerdictRow.Test pooled,
      VerdictRow.Test stratified,
      VerdictRow.Power power,
      double lawMetByDrawPct) {
    long[][] counts = counted.of(unit);
    long[] sums = Uniformity.sums(counts);
    FairDraw all = counted.all(unit);
    Expected expected = expected(unit);
    return new VerdictRow(
        run,
        counted.cell().id(),
        unit,
        verdict,
        departure,
        counted.cell().cell().choice(),
        counts.length,
        all.connections(),
        all.pods(),
        pooled,
        stratified,
        power,
        lawMetByDrawPct,
        new VerdictRow.Idle(
            Arrays.stream(counts).mapToInt(Imbalance::idle).average().orElse(Double.NaN),
            expected.idle(),
            expected.idleLow(),
            expected.idleHigh()),
        Imbalance.maxOverMean(sums),
        expected.maxOverMean(),
        Imbalance.jain(sums),
        new VerdictRow.Band(expected.band().low(), expected.band().high()));
  }
}
