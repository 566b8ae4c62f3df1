package dev.conntrail.result.row;

import dev.conntrail.spec.CellId;
import dev.conntrail.spec.PodChoice;
import java.util.Optional;

/**
 * {@code verdicts.csv}: one row a cell and unit, but for cells in which events happened.
 *
 * @param choice how a pod is chosen
 * @param repetitionsCount that were counted
 * @param observedCount of all repetitions
 */
public record VerdictRow(
    String run,
    CellId cellId,
    Unit unit,
    Verdict verdict,
    Optional<Departure> departure,
    PodChoice choice,
    int repetitionsCount,
    long observedCount,
    int podsCount,
    Test pooled,
    Test stratified,
    @Inline Power power,
    double lawMetByDrawPct,
    Idle idle,
    double maxOverMean,
    double maxOverMeanExpected,
    double jain,
    Band band) {

  /**
   * A test against equal shares.
   *
   * @param chiSquare Pearson's statistic
   * @param p two-sided probability of such a statistic in a fair draw; not a number if not tested
   * @param pAdjusted the same after Holm's correction over all tests of the run
   * @param method how the probability was had
   */
  public record Test(double chiSquare, double p, double pAdjusted, Optional<String> method) {
    /** Not tested. */
    public static final Test NONE = new Test(Double.NaN, Double.NaN, Double.NaN, Optional.empty());
  }

  /**
   * What a fault would have to be, to be found.
   *
   * @param foundSharePct smallest share of one pod that is found in nine of ten runs
   * @param twiceSharePowerPct how often one pod at twice its share is found
   */
  public record Power(double foundSharePct, double twiceSharePowerPct) {
    /** Not known. */
    public static final Power NONE = new Power(Double.NaN, Double.NaN);
  }

  /**
   * Pods that got none.
   *
   * @param meanCount over repetitions
   * @param expectedCount of a fair draw
   * @param lowCount of a repetition: the least that a fair draw gives, 95 %
   * @param highCount the most
   */
  public record Idle(double meanCount, double expectedCount, double lowCount, double highCount) {}

  /** The counts that a fair draw gives to any pod, 99 % for all pods together. */
  public record Band(double lowCount, double highCount) {}

  /** Whether something is not as it should be. */
  public boolean alarm() {
    return verdict == Verdict.NOT_CHANCE || departure.equals(Optional.of(Departure.LAW_BROKEN));
  }
}
