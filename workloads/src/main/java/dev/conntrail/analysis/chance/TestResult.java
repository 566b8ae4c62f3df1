package dev.conntrail.analysis.chance;

/**
 * A two-sided test that counts are a fair draw.
 *
 * @param statistic Pearson's chi-square against what a fair draw expects
 * @param pUneven probability, if all is fair, of a statistic at least as large
 * @param pEven probability, if all is fair, of a statistic at most as large
 * @param method how the probabilities were had
 */
public record TestResult(double statistic, double pUneven, double pEven, Method method) {
  /** On which side of what chance gives the counts lie. */
  public enum Side {
    UNEVEN,
    EVEN
  }

  /** Two-sided: twice the smaller tail, at most 1. Too even is as suspect as too uneven. */
  public double p() {
    return Math.min(1, 2 * Math.min(pUneven, pEven));
  }

  /** The side of the smaller tail. */
  public Side side() {
    return pEven < pUneven ? Side.EVEN : Side.UNEVEN;
  }
}
