package dev.conntrail.spec;

import dev.conntrail.spec.YamlMap.Value;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** What single values of an experiment mean; refuses the others with their place. */
final class Scalars {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,40}");

  private Scalars() {}

  /** A constant by its word. */
  static <T extends Enum<T> & Named> T word(Class<T> type, Value v) {
    return Named.find(type, v.text())
        .orElseThrow(() -> v.refuse(String.join(", ", Named.words(type))));
  }

  /** The name of an experiment, which is part of a folder's. */
  static String name(Value v) {
    if (!NAME.matcher(v.text()).matches()) {
      throw v.refuse("a name of a-z, 0-9 and -, at most 41 characters");
    }
    return v.text();
  }

  /** A whole number within bounds, both included. */
  static int integer(Value v, int min, int max) {
    return v.read(text -> integer(text, min, max));
  }

  /**
   * A whole number within bounds, both included.
   *
   * @throws IllegalArgumentException saying what is allowed
   */
  static int integer(String text, int min, int max) {
    try {
      int n = Integer.parseInt(text);
      if (n >= min && n <= max) {
        return n;
      }
    } catch (NumberFormatException _) {
      // refused below
    }
    throw new IllegalArgumentException("a whole number from " + min + " to " + max);
  }

  /** A seed of random numbers. */
  static long seed(Value v) {
    try {
      return Long.parseLong(v.text());
    } catch (NumberFormatException _) {
      throw v.refuse("a whole number of 64 bits");
    }
  }

  /** A duration of at most an hour; empty if the key is absent. */
  static Optional<Duration> duration(YamlMap map, String key, Duration min) {
    if (!map.has(key)) {
      return Optional.empty();
    }
    Value v = map.required(key, "");
    return Optional.of(
        DurationText.parse(v.text())
            .filter(d -> d.compareTo(min) >= 0 && d.compareTo(Duration.ofHours(1)) <= 0)
            .orElseThrow(() ->
                v.refuse(
                    "a duration such as 500ms, 5s or 2m, from " + min.toMillis() + "ms to 60m")));
  }

  /**
   * A duration in whole seconds within bounds, both included.
   *
   * @throws IllegalArgumentException saying what is allowed
   */
  static int seconds(String text, int least, int most) {
    return DurationText.parse(text)
        .filter(d -> d.toMillisPart() == 0)
        .map(Duration::toSeconds)
        .filter(s -> s >= least && s <= most)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "a duration in whole seconds, such as 5s or 2m, from "
                    + least
                    + "s to "
                    + most
                    + "s"))
        .intValue();
  }
}
