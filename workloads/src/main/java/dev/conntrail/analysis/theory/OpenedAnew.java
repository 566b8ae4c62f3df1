package dev.conntrail.analysis.theory;

import java.util.Arrays;

/**
 * How soon connections that are open at a moment are opened anew, if each is given up at a maximum
 * age and its own age at that moment is known.
 *
 * @param age at which they are given up
 * @param lagS from that age until it is done, seconds: whoever gives up a connection when it is to
 *     be used does so at its next use
 */
public record OpenedAnew(MaximumAge age, double lagS) {
  private static final int HALVINGS = 60;

  /**
   * Probability that one has been, some time after a moment at which it was still open.
   *
   * @param agedS its age at that moment, seconds
   * @param afterS after it, seconds
   */
  public double by(double agedS, double afterS) {
    double before = endedBy(agedS - lagS);
    return before >= 1 ? 1 : (endedBy(agedS + afterS - lagS) - before) / (1 - before);
  }

  /** Probability that an age is no greater. */
  private double endedBy(double seconds) {
    double beyondLeast = seconds / age.seconds() - age.spread().low();
    return age.spread().width() == 0
        ? beyondLeast >= 0 ? 1 : 0
        : Math.clamp(beyondLeast / age.spread().width(), 0, 1);
  }

  /** The same of each of some. */
  public double[] by(double[] agedS, double afterS) {
    return Arrays.stream(agedS).map(a -> by(a, afterS)).toArray();
  }

  /** How long until half of some are expected to have been, seconds. */
  public double half(double[] agedS) {
    double early = 0;
    double late = age.allAfterS() + lagS;
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (early + late) / 2;
      if (Arrays.stream(by(agedS, middle)).average().orElseThrow() < 0.5) {
        early = middle;
      } else {
        late = middle;
      }
    }
    return late;
  }
}
