package dev.conntrail.spec;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them, in experiments and on the command line. */
public final class DurationText {
  private static final Pattern TEXT = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

  private static final int MS_PER_S = 1000;

  private DurationText() {}

  /**
   * What {@code 500ms}, {@code 5s}, {@code 2m} or {@code 1h} says; empty if a text is none of
   * these.
   */
  public static Optional<Duration> parse(String text) {
    Matcher m = TEXT.matcher(text);
    if (!m.matches()) {
      return Optional.empty();
    }
    long n = Long.parseLong(m.group(1));
    return Optional.of(
        switch (m.group(2)) {
          case "ms" -> Duration.ofMillis(n);
          case "s" -> Duration.ofSeconds(n);
          case "m" -> Duration.ofMinutes(n);
          default -> Duration.ofHours(n);
        });
  }

  /** The one way to write it: {@code 5s}, or {@code 1500ms}. */
  static String of(Duration time) {
    return time.toMillis() % MS_PER_S == 0 ? time.toSeconds() + "s" : time.toMillis() + "ms";
  }
}
