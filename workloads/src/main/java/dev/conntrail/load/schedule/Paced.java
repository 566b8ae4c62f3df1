package dev.conntrail.load.schedule;

/** Requests that a rate alone makes due, none by chance. */
public sealed interface Paced extends FireTimes permits ConstantRate, Ramp, Steps {
  /** A second. */
  double SECOND_NS = 1e9;

  /**
   * When so many requests, and a part of one, have become due: what the rate adds up to, the other
   * way round. Nanoseconds after the start.
   */
  double atNs(double requests);

  @Override
  default long dueNs(long i) {
    return (long) atNs((double) i);
  }
}
