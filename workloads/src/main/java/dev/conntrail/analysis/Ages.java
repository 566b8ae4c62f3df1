package dev.conntrail.analysis;

import dev.conntrail.analysis.theory.AgeSpread;
import dev.conntrail.spec.Jitter;

/** The ages that connections reach which are given up at one. */
public final class Ages {
  private Ages() {}

  /**
   * Where they lie by a law of jitter.
   *
   * @param amount of the jitter, as a share of the age, from 0 to below 1; gRPC has its own
   */
  public static AgeSpread of(Jitter law, double amount) {
    double one = law.factor(0, amount);
    double other = law.factor(1, amount);
    return new AgeSpread(Math.min(one, other), Math.max(one, other));
  }
}
