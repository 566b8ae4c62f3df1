package dev.conntrail.cli;

import java.time.Duration;

/** How the command line says how long something takes. */
final class TimeText {
  private static final Duration BRIEF = Duration.ofSeconds(10);
  private static final Duration IN_SECONDS = Duration.ofMinutes(2);

  private TimeText() {}

  /**
   * A duration as a person would say it: milliseconds below ten seconds, minutes from two minutes
   * on, hours where there are any.
   */
  static String of(Duration d) {
    if (d.compareTo(BRIEF) < 0) {
      return d.toMillis() % 1000 == 0 ? d.toSeconds() + " s" : d.toMillis() / 1000.0 + " s";
    }
    if (d.compareTo(IN_SECONDS) < 0) {
      return d.toSeconds() + " s";
    }
    return d.toHours() > 0
        ? d.toHours() + " h " + d.toMinutesPart() + " min"
        : d.toMinutes() + " min " + d.toSecondsPart() + " s";
  }
}
