package dev.conntrail.load.schedule;

/**
 * Rates one after the other, each for the same time; the first holds for a while before, the last
 * stays.
 */
public final class Steps implements Paced {
  private final int[] perSecond;
  private final double[] endNs;

  /**
   * Steps.
   *
   * @param perSecond requests of each
   * @param holdNs how much longer the first holds
   * @param lengthNs of all together, without that
   */
  public Steps(int[] perSecond, long holdNs, long lengthNs) {
    if (perSecond.length == 0 || holdNs < 0 || lengthNs < 1) {
      throw new IllegalArgumentException("steps are some, and take time");
    }
    this.perSecond = perSecond.clone();
    this.endNs = new double[perSecond.length];
    for (int i = 0; i < perSecond.length; i++) {
      if (perSecond[i] < 1) {
        throw new IllegalArgumentException("a rate is at least 1");
      }
      endNs[i] = holdNs + (double) lengthNs * (i + 1) / perSecond.length;
    }
  }

  @Override
  public double atNs(double requests) {
    double left = requests;
    double fromNs = 0;
    int last = perSecond.length - 1;
    for (int i = 0; i < last; i++) {
      double here = perSecond[i] * ((endNs[i] - fromNs) / SECOND_NS);
      if (left < here) {
        return fromNs + left * SECOND_NS / perSecond[i];
      }
      left -= here;
      fromNs = endNs[i];
    }
    return fromNs + left * SECOND_NS / perSecond[last];
  }
}
