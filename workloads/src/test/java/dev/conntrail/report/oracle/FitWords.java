package dev.conntrail.report.oracle;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What must be said of whether theory and measurement agree.
 *
 * @param p how likely such a difference is if they do
 * @param power how often what is named would be found
 * @param tests of this kind in the run
 */
record FitWords(double p, double power, int tests) {
  private static final double FAMILY = 0.001;
  private static final double ENOUGH = 0.8;

  /** The level of each of so many tests. */
  static double level(int tests) {
    return FAMILY / tests;
  }

  /** Whether these are the words. */
  void are(String words, String other) {
    if (p <= level(tests)) {
      double adjusted = Math.min(1, p * tests);
      String said = Phrase.read("they differ (p [*])", words).words(0).replaceAll("^= |^< ", "");
      assertThat(adjusted <= 1e-12 || Math.abs(Double.parseDouble(said) / adjusted - 1) < 0.06)
          .as(words + " where the tables give " + adjusted)
          .isTrue();
    } else if (power >= ENOUGH) {
      Phrase.read("both agree, and " + other, words).is(0, 100 * power);
    } else {
      assertThat(words).isEqualTo("too little to tell");
    }
  }
}
