package dev.conntrail.compare;

/**
 * An interval of a logarithm of a ratio.
 *
 * @param low its lower end
 * @param high its upper end
 */
public record Interval(double low, double high) {
  /** Nothing is known. */
  static final Interval UNBOUNDED =
      new Interval(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

  /**
   * The same, wider on both sides of an estimate, as independent errors add.
   *
   * @param by half a width
   */
  Interval widened(double estimate, double by) {
    return new Interval(
        estimate - Math.hypot(estimate - low, by), estimate + Math.hypot(high - estimate, by));
  }

  /** Whether it holds no zero, that is no ratio of 1. */
  boolean excludesZero() {
    return low > 0 || high < 0;
  }

  /** Whether all of it lies within so much on both sides of zero. */
  boolean within(double margin) {
    return low >= -margin && high <= margin;
  }

  /** The lower end of an interval of ratios; not a number where it has no bound. */
  double knownLow() {
    return low > 0 ? low : Double.NaN;
  }

  /** The upper end; not a number where it has no bound. */
  double knownHigh() {
    return Double.isFinite(high) ? high : Double.NaN;
  }

  /** As ratios. */
  public Interval ratios() {
    return new Interval(Math.exp(low), Math.exp(high));
  }
}
