package dev.conntrail.analysis.theory;

/**
 * Connections that end at any moment as likely as at any other, whatever their age.
 *
 * @param ratePerS how often one ends, a second, above 0
 */
public record AtRandom(double ratePerS) implements Renewal {
  /** Checks. */
  public AtRandom {
    if (!(ratePerS > 0 && Double.isFinite(ratePerS))) {
      throw new IllegalArgumentException("rate: found " + ratePerS + "; allowed: above 0");
    }
  }

  /** The rate at which a share is renewed within a time. */
  public static AtRandom reaching(double share, double seconds) {
    return new AtRandom(-Math.log1p(-share) / seconds);
  }

  @Override
  public double meanAgeS() {
    return 1 / ratePerS;
  }

  @Override
  public double renewedBy(double seconds) {
    return seconds <= 0 ? 0 : -Math.expm1(-ratePerS * seconds);
  }

  @Override
  public double timeTo(double share) {
    return -Math.log1p(-share) / ratePerS;
  }
}
