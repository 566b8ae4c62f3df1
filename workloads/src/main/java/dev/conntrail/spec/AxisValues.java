package dev.conntrail.spec;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Values of axes, each of its axis's type, in the order of {@link Axes#ALL}. */
public final class AxisValues {
  private static final String EMPTY = "none";

  /** None. */
  public static final AxisValues NONE = new AxisValues(Map.of());

  private final Map<Axis<?>, Object> values;

  private AxisValues(Map<Axis<?>, Object> given) {
    Map<Axis<?>, Object> ordered = new LinkedHashMap<>();
    Axes.ALL.stream().filter(given::containsKey).forEach(a -> ordered.put(a, given.get(a)));
    this.values = Collections.unmodifiableMap(ordered);
  }

  /** The same with another value of an axis. */
  public <T> AxisValues with(Axis<T> axis, T value) {
    Map<Axis<?>, Object> more = new HashMap<>(values);
    more.put(axis, Objects.requireNonNull(value));
    return new AxisValues(more);
  }

  /** The value of an axis; empty if there is none. */
  @SuppressWarnings("unchecked") // with() is the only way in
  public <T> Optional<T> find(Axis<T> axis) {
    return Optional.ofNullable((T) values.get(axis));
  }

  /** Those of some axes. */
  public AxisValues only(Predicate<Axis<?>> which) {
    Map<Axis<?>, Object> some = new HashMap<>(values);
    some.keySet().removeIf(which.negate());
    return new AxisValues(some);
  }

  /** The axes that have a value, in order. */
  public Set<Axis<?>> axes() {
    return values.keySet();
  }

  private <T> String text(Axis<T> axis) {
    return axis.word() + "=" + axis.text(find(axis).orElseThrow());
  }

  /** {@code word=3s}, joined by {@code ;}, or {@code none}. */
  @Override
  public String toString() {
    return values.isEmpty()
        ? EMPTY
        : values.keySet().stream().map(this::text).collect(Collectors.joining(";"));
  }

  /**
   * What {@link #toString()} wrote.
   *
   * @throws IllegalArgumentException if it is not that
   */
  public static AxisValues parse(String text) {
    AxisValues values = NONE;
    if (!text.equals(EMPTY)) {
      for (String part : text.split(";", -1)) {
        String[] pair = part.split("=", 2);
        Optional<Axis<?>> axis = Axes.find(pair[0]).filter(_ -> pair.length == 2);
        if (axis.isEmpty()) {
          throw new IllegalArgumentException(
              "found '" + part + "'; allowed: SETTING=VALUE, or none");
        }
        values = values.withParsed(axis.get(), pair[1]);
      }
    }
    return values;
  }

  private <T> AxisValues withParsed(Axis<T> axis, String text) {
    try {
      return with(axis, axis.parse(text));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "found '" + axis.word() + "=" + text + "'; allowed: " + e.getMessage(), e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AxisValues o && values.equals(o.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }
}
