package dev.conntrail.report.block;

import java.util.Locale;

/** Figures as people read them. */
public final class Numbers {
  private static final double NS_PER_US = 1e3;
  private static final double NS_PER_MS = 1e6;

  private Numbers() {}

  /** A time in nanoseconds with a fitting unit and three digits. */
  public static String time(double ns) {
    if (!Double.isFinite(ns)) {
      return "NA";
    }
    return ns < NS_PER_MS ? number(ns / NS_PER_US) + " µs" : number(ns / NS_PER_MS) + " ms";
  }

  /** What tells a pod from its siblings: 7 of pod-7, hlk9j of echo-6987fbf4b9-hlk9j. */
  public static String pod(String name) {
    return name.substring(name.lastIndexOf('-') + 1);
  }

  /** A count. */
  public static String count(long n) {
    return String.format(Locale.ROOT, "%,d", n);
  }

  /** Three significant digits, without an exponent. */
  public static String number(double x) {
    if (!Double.isFinite(x)) {
      return "NA";
    }
    double size = Math.abs(x);
    if (size >= 100 || x == Math.rint(x)) {
      return String.format(Locale.ROOT, "%,.0f", x);
    }
    return String.format(Locale.ROOT, size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f", x);
  }

  /** A mean of counts with its noun in the right number. */
  public static String counted(double n, String noun) {
    return number(n) + " " + noun + (n == 1 ? "" : "s");
  }

  /** A count with its noun in the right number. */
  public static String counted(long n, String noun) {
    return count(n) + " " + noun + (n == 1 ? "" : "s");
  }

  /** What a test gave, or why there is none. */
  public static String test(double p) {
    return Double.isFinite(p) ? "p = " + p(p) : "too few connections for a test";
  }

  /** A probability. */
  public static String p(double p) {
    if (!Double.isFinite(p)) {
      return "NA";
    }
    return p < 1e-12
        ? "< 1e-12"
        : p < 0.001 ? String.format(Locale.ROOT, "%.1e", p) : String.format(Locale.ROOT, "%.3f", p);
  }
}
