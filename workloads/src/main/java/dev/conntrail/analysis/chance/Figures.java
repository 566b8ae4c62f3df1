package dev.conntrail.analysis.chance;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Figures of a test as people read them. */
public final class Figures {
  private static final MathContext DIGITS = new MathContext(3);
  private static final double ZERO = 0.0005;
  private static final double LEAST_P = 1e-11;
  private static final double PLAIN_P = 0.001;

  private Figures() {}

  /** Three significant digits, without zeros at the end; what is below 0.0005 is 0. */
  public static String number(double x) {
    return Math.abs(x) < ZERO
        ? "0"
        : new BigDecimal(x).round(DIGITS).stripTrailingZeros().toPlainString();
  }

  /** A share. */
  public static String percent(double share) {
    return number(100 * share) + " %";
  }

  /** A probability with its sign. */
  public static String p(double p) {
    if (p < LEAST_P) {
      return "p < 1e-11";
    }
    return String.format(Locale.ROOT, p < PLAIN_P ? "p = %.1e" : "p = %.3f", p);
  }
}
