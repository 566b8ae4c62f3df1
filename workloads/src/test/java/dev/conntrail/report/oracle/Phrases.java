package dev.conntrail.report.oracle;

/** Figures of sentences. */
final class Phrases {
  private Phrases() {}

  /** A figure as a number; what is below 0.0001 is nothing. */
  static double figure(String text) {
    return text.startsWith("<") ? 0 : Double.parseDouble(text.replace(",", ""));
  }
}
