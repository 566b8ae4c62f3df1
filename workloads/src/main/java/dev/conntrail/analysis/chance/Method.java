package dev.conntrail.analysis.chance;

/** How a probability was had. */
public sealed interface Method {
  /** From the multinomial's own distribution. */
  record Exact() implements Method {
    @Override
    public String text() {
      return "exact multinomial";
    }
  }

  /**
   * By drawing, from a fixed seed; p = (hits + 1) / (draws + 1), which is never 0 and never too
   * small on average (Davison, Hinkley, Bootstrap Methods, 1997, section 4.2).
   *
   * @param draws how many fair draws were made
   */
  record MonteCarlo(int draws) implements Method {
    @Override
    public String text() {
      return "Monte-Carlo, " + draws + " draws";
    }
  }

  /**
   * From the chi-square distribution, which Pearson's statistic comes near to when counts are
   * large.
   *
   * @param df degrees of freedom
   */
  record ChiSquare(int df) implements Method {
    @Override
    public String text() {
      return "chi-square, " + df + " df";
    }
  }

  /** For people and for {@code verdicts.csv}. */
  String text();
}
