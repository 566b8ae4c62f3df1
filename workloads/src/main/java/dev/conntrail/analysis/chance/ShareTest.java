package dev.conntrail.analysis.chance;

import org.apache.commons.statistics.distribution.BinomialDistribution;

/**
 * How many of some connections are on some pods, against the share of them that is expected: the
 * exact binomial test.
 *
 * @param share that is expected, from 0 to 1
 * @param of how many connections, at least 1
 */
public record ShareTest(double share, int of) {
  /** Outcomes as likely as the one that was seen, but for rounding. */
  private static final double ALIKE = 1 + 1e-7;

  /** Checks. */
  public ShareTest {
    if (!(share >= 0 && share <= 1) || of < 1) {
      throw new IllegalArgumentException(
          "share: found %s of %d; allowed: 0 to 1 of 1 or more".formatted(share, of));
    }
  }

  /** Probability of an outcome that is as unlikely as this, or more so: two-sided. */
  public double p(int observed) {
    if (share == 0 || share == 1) {
      return observed == Math.round(share * of) ? 1 : 0;
    }
    BinomialDistribution expected = BinomialDistribution.of(of, share);
    double most = expected.probability(observed) * ALIKE;
    double sum = 0;
    for (int n = 0; n <= of; n++) {
      double one = expected.probability(n);
      sum += one <= most ? one : 0;
    }
    return Math.min(1, sum);
  }

  /**
   * How often another share would be found.
   *
   * @param other that holds in truth
   * @param level at or below which an outcome's probability is called a difference
   */
  public double power(double other, double level) {
    BinomialDistribution truth = BinomialDistribution.of(of, other);
    double found = 0;
    for (int n = 0; n <= of; n++) {
      found += p(n) <= level ? truth.probability(n) : 0;
    }
    return Math.min(1, found);
  }
}
