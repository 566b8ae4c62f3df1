package dev.conntrail.compare;

import dev.conntrail.result.Side;
import java.util.List;
import java.util.Optional;

/**
 * Counts of two cells.
 *
 * @param pair the cells
 * @param counted what
 * @param a counts of one, repetitions together
 * @param b of the other
 * @param repetitionsA how many
 * @param repetitionsB how many
 * @param tests pooled and stratified by repetition, where there was something to test
 * @param change the verdict
 * @param found the share of B, of one pod or of what is counted, that would have been found in 9 of
 *     10 such comparisons; not a number where none
 */
public record CountComparison(
    CellPair pair,
    Counted counted,
    List<Long> a,
    List<Long> b,
    int repetitionsA,
    int repetitionsB,
    List<Test> tests,
    CountChange change,
    double found) {
  /**
   * A test.
   *
   * @param form of it
   * @param statistic Pearson's
   * @param p of at least as much
   * @param adjustedP corrected for all tests of counts of this comparison
   * @param method how p was had
   */
  public record Test(Form form, double statistic, double p, double adjustedP, String method) {}

  /** How repetitions are taken together. */
  public enum Form {
    POOLED,
    STRATIFIED
  }

  /** The first count of a side as a share of all; what is counted but for pods. */
  public double share(Side side) {
    List<Long> counts = side == Side.A ? a : b;
    long all = counts.stream().mapToLong(n -> n).sum();
    return all == 0 ? Double.NaN : (double) counts.getFirst() / all;
  }

  /** The test that says most. */
  public Optional<Test> strongest() {
    return tests.stream().min(java.util.Comparator.comparingDouble(Test::adjustedP));
  }
}
