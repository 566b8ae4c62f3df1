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

  /** {@code word=3s}, joined by a separator. */
  public String text(String separator) {
    return numbers.entrySet().stream()
        .map(e -> e.getKey().word() + "=" + e.getKey().text(e.getValue()))
        .collect(Collectors.joining(separator));
  }
}
