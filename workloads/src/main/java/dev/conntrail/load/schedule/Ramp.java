package dev.conntrail.load.schedule;

/**
 * A rate that holds for a while, changes evenly to another, and stays there. So many seconds into
 * the change {@code from t + (to - from) t^2 / 2 length} requests have become due.
 *
 * @param from requests a second at first
 * @param to requests a second at last
 * @param holdNs how long the first rate holds
 * @param lengthNs how long the change takes
 */
public record Ramp(int from, int to, long holdNs, long lengthNs) implements Paced {
  public Ramp {
    if (from < 1 || to < 1 || holdNs < 0 || lengthNs < 1) {
      throw new IllegalArgumentException("rates are at least 1, and a ramp takes time");
    }
  }

  @Override
  public double atNs(double requests) {
    double lengthS = lengthNs / SECOND_NS;
    double changed = requests - from * (holdNs / SECOND_NS);
    double beyond = changed - (from + to) / 2.0 * lengthS;
    if (changed <= 0) {
      return requests * SECOND_NS / from;
    }
    if (beyond >= 0) {
      return holdNs + lengthNs + beyond * SECOND_NS / to;
    }
    // the root of the square equation, in the form that is exact for a slow change too
    double slope = (to - from) / lengthS;
    double root = Math.sqrt((double) from * from + 2 * slope * changed);
    return holdNs + 2 * changed / (from + root) * SECOND_NS;
  }
}
