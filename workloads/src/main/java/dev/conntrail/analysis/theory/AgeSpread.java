package dev.conntrail.analysis.theory;

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

  /** The mean multiple. */
  public double mean() {
    return (low + high) / 2;
  }

  /** From the least to the greatest. */
  public double width() {
    return high - low;
  }
}
