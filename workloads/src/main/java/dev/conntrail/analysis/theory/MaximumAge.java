package dev.conntrail.analysis.theory;

/**
 * Connections that end at a maximum age, and by nothing else.
 *
 * @param spread how ages lie around it
 * @param seconds the age that is set, above 0
 */
public record MaximumAge(AgeSpread spread, double seconds) implements Renewal {
  /** Checks. */
  public MaximumAge {
    if (!(seconds > 0 && Double.isFinite(seconds))) {
      throw new IllegalArgumentException("age: found " + seconds + " s; allowed: above 0");
    }
  }

  /** The greatest age with which all connections have been opened anew within a time. */
  public static MaximumAge within(AgeSpread spread, double seconds) {
    return new MaximumAge(spread, seconds / spread.high());
  }

  @Override
  public double meanAgeS() {
    return spread.mean() * seconds;
  }

  /** How long until all have been opened anew: the greatest age that one reaches, seconds. */
  public double allAfterS() {
    return spread.high() * seconds;
  }

  /**
   * Probability that so many connections in a row, each opened as the one before ended, have ended.
   *
   * @param n how many, at least 1
   * @param after the first was opened, seconds
   */
  public double endedBy(int n, double after) {
    double beyondLeast = after / seconds - n * spread.low();
    return spread.width() == 0
        ? beyondLeast >= 0 ? 1 : 0
        : UniformSum.atMost(n, beyondLeast / spread.width());
  }

  /** The distribution of what remains of an age: the integral of (1 - F) over the mean. */
  @Override
  public double renewedBy(double after) {
    double t = after / seconds;
    if (t <= 0) {
      return 0;
    }
    if (t >= spread.high()) {
      return 1;
    }
    if (t <= spread.low()) {
      return t / spread.mean();
    }
    double left = spread.high() - t;
    return 1 - left * left / (2 * spread.width() * spread.mean());
  }

  @Override
  public double timeTo(double share) {
    if (share * spread.mean() <= spread.low()) {
      return share * spread.mean() * seconds;
    }
    double left = Math.sqrt((1 - share) * 2 * spread.width() * spread.mean());
    return (spread.high() - left) * seconds;
  }
}
