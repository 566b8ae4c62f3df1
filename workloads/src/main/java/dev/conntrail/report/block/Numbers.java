package dev.conntrail.report.block;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;

/** Figures, and lists of words, as people read them. */
public final class Numbers {
  private static final double NS_PER_US = 1e3;
  private static final double NS_PER_MS = 1e6;
  private static final double NS_PER_S = 1e9;
  private static final double MS_PER_S = 1e3;
  private static final int DIGITS = 3;

  /** From here on all digits before the point are written. */
  private static final double WHOLE = 999.5;

  private static final double LEAST = 0.0001;
  private static final double LEAST_P = 1e-12;
  private static final double PLAIN_P = 0.001;
  private static final double ALMOST_1 = 0.9995;

  private Numbers() {}

  /** A time in nanoseconds with a fitting unit and three digits. */
  public static String time(double ns) {
    return Double.isFinite(ns) ? number(ns / unit(ns)) + " " + name(unit(ns)) : "NA";
  }

  /** The same; {@code > 1 s} where only a lower bound is known. */
  public static String time(double ns, boolean atLeast) {
    return Double.isFinite(ns) && atLeast ? "> " + time(ns) : time(ns);
  }

  /** Two times, the shorter first: {@code 35 to 94 µs}; one of them if they read alike. */
  public static String timeRange(double low, double high) {
    return unit(low) == unit(high) && Double.isFinite(low) && Double.isFinite(high)
        ? range(low / unit(low), high / unit(low)) + " " + name(unit(low))
        : time(low) + " to " + time(high);
  }

  private static double unit(double ns) {
    return ns < NS_PER_MS ? NS_PER_US : ns < NS_PER_S ? NS_PER_MS : NS_PER_S;
  }

  private static String name(double unit) {
    return unit == NS_PER_US ? "µs" : unit == NS_PER_MS ? "ms" : "s";
  }

  /** A time in milliseconds with a fitting unit and three digits. */
  public static String millis(double ms) {
    return Math.abs(ms) < MS_PER_S ? number(ms) + " ms" : number(ms / MS_PER_S) + " s";
  }

  /** What tells a pod from its siblings: 7 of pod-7, hlk9j of echo-6987fbf4b9-hlk9j. */
  public static String pod(String name) {
    return name.substring(name.lastIndexOf('-') + 1);
  }

  /** A count. */
  public static String count(long n) {
    return String.format(Locale.ROOT, "%,d", n);
  }

  /**
   * Three significant digits, without an exponent; all digits before the point from a thousand on,
   * and no zeros after a whole number. What is smaller than 0.0001 is said to be that.
   */
  public static String number(double x) {
    if (!Double.isFinite(x)) {
      return "NA";
    }
    if (x == Math.rint(x) || Math.abs(x) >= WHOLE) {
      return String.format(Locale.ROOT, "%,.0f", x);
    }
    if (Math.abs(x) < LEAST) {
      return "<0.0001";
    }
    BigDecimal rounded = new BigDecimal(x).round(new MathContext(DIGITS, RoundingMode.HALF_UP));
    int whole = rounded.precision() - rounded.scale();
    return rounded.setScale(Math.max(0, DIGITS - whole), RoundingMode.UNNECESSARY).toPlainString();
  }

  /** Two figures, the smaller first: {@code 0.97 to 2.63}; one of them if they read alike. */
  public static String range(double low, double high) {
    String from = number(low);
    String to = number(high);
    return from.equals(to) ? from : from + " to " + to;
  }

  /** A mean of counts with its noun in the right number. */
  public static String counted(double n, String noun) {
    return number(n) + " " + plural(noun, n == 1);
  }

  /** A count with its noun in the right number. */
  public static String counted(long n, String noun) {
    return count(n) + " " + plural(noun, n == 1);
  }

  private static String plural(String noun, boolean one) {
    return one ? noun : noun.endsWith("s") ? noun + "es" : noun + "s";
  }

  /** {@code a}, {@code a and b}, {@code a, b and c}. */
  public static String list(List<String> items) {
    if (items.size() < 2) {
      return String.join("", items);
    }
    return String.join(", ", items.subList(0, items.size() - 1)) + " and " + items.getLast();
  }

  /** The first of many items that have commas: {@code a; b; and 3 more}. */
  public static String some(List<String> items, int most) {
    return items.size() <= most
        ? String.join("; ", items)
        : String.join("; ", items.subList(0, most)) + "; and " + (items.size() - most) + " more";
  }

  /** What a test gave. */
  public static String test(double p) {
    if (!Double.isFinite(p)) {
      return "not tested";
    }
    return p < LEAST_P ? "p " + p(p) : "p = " + p(p);
  }

  /** A probability. */
  public static String p(double p) {
    if (!Double.isFinite(p)) {
      return "NA";
    }
    if (p < LEAST_P) {
      return "< 1e-12";
    }
    if (p >= ALMOST_1) {
      return "1";
    }
    return p < PLAIN_P
        ? String.format(Locale.ROOT, "%.1e", p).replace("e-0", "e-")
        : String.format(Locale.ROOT, "%.3f", p);
  }
}
