package dev.conntrail.analysis.theory;

import dev.conntrail.spec.Jitter;

/**
 * Ages that are uniform between two multiples of the one that is set.
 *
 * @param low the least multiple, above 0
 * @param high the greatest, at least the least
 */
public record AgeSpread(double low, double high) {
  /** Checks. */
  public AgeSpread {
    if (!(low > 0 && low <= high && Double.isFinite(high))) {
      throw new IllegalArgumentException(
          "ages: found %s to %s; allowed: above 0, in order".formatted(low, high));
    }
  }

  /**
   * That of a law of jitter.
   *
   * @param amount of the jitter, as a share of the age, from 0 to below 1; gRPC has its own
   */
  public static AgeSpread of(Jitter law, double amount) {
    double one = law.factor(0, amount);
    double other = law.factor(1, amount);
    return new AgeSpread(Math.min(one, other), Math.max(one, other));
  }

  /** The mean multiple. */
  public double mean() {
    return (low + high) / 2;
  }

  /** From the least to the greatest. */
  public double width() {
    return high - low;
  }
}
