package dev.conntrail.spec;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * What a cell sets otherwise than kube-proxy and the kernel have it.
 *
 * @param numbers by setting, in order of declaration
 */
public record Settings(Map<Setting, Integer> numbers) {
  private static final String EMPTY = "none";

  /** Nothing. */
  public static final Settings NONE = new Settings(Map.of());

  public Settings {
    Map<Setting, Integer> sorted = new EnumMap<>(Setting.class);
    sorted.putAll(numbers);
    numbers = Collections.unmodifiableMap(sorted);
  }

  /** The same with one more. */
  public Settings with(Setting setting, int number) {
    Map<Setting, Integer> more = new EnumMap<>(Setting.class);
    more.putAll(numbers);
    more.put(setting, number);
    return new Settings(more);
  }

  /** What a setting is set to; empty if it is not set. */
  public OptionalInt number(Setting setting) {
    Integer number = numbers.get(setting);
    return number == null ? OptionalInt.empty() : OptionalInt.of(number);
  }

  /** {@code word=3s}, joined by {@code ;}, or {@code none}. */
  @Override
  public String toString() {
    return numbers.isEmpty()
        ? EMPTY
        : numbers.entrySet().stream()
            .map(e -> e.getKey().word() + "=" + e.getKey().text(e.getValue()))
            .collect(Collectors.joining(";"));
  }

  /**
   * What {@link #toString()} wrote.
   *
   * @throws IllegalArgumentException if it is not that
   */
  public static Settings parse(String text) {
    Settings settings = NONE;
    if (!text.equals(EMPTY)) {
      for (String part : text.split(";", -1)) {
        String[] pair = part.split("=", 2);
        Setting setting =
            Named.find(Setting.class, pair[0])
                .filter(_ -> pair.length == 2 && pair[1].matches("\\d{1,9}s?"))
                .orElseThrow(() ->
                    new IllegalArgumentException(
                        "found '" + part + "'; allowed: SETTING=NUMBER, or none"));
        settings = settings.with(setting, Integer.parseInt(pair[1].replace("s", "")));
      }
    }
    return settings;
  }
}
