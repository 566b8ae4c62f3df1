package dev.conntrail.analysis.theory;

/**
 * Why connections end and are opened anew, over and over: a renewal process. It is looked at long
 * after connections began, or their beginnings were spread; {@link Herd} is about the other case.
 */
public sealed interface Renewal permits MaximumAge, AtRandom {
  /** The mean age that a connection reaches, seconds. */
  double meanAgeS();

  /**
   * Share of connections that have been opened anew at least once, some time after a moment that
   * they know nothing of.
   *
   * @param seconds after it
   * @return from 0 to 1
   */
  double renewedBy(double seconds);

  /**
   * How long until so many have been.
   *
   * @param share from 0 to below 1
   * @return seconds
   */
  double timeTo(double share);

  /** New connections a second that so many make, on average. */
  default double connectsPerSecond(double connections) {
    return connections / meanAgeS();
  }
}
