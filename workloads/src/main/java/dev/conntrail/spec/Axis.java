package dev.conntrail.spec;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One axis of the sweep: all that is particular to it. {@link Axes} has the axes of every cell,
 * {@link Setting} numbers that are absent unless named; the reader, a cell's key and title, what
 * may be varied, and the columns of results follow from them.
 *
 * @param <T> its values
 */
public sealed interface Axis<T> permits CommonAxis, Setting {
  /** The word of YAML, command line, keys and results. */
  String word();

  /** What it says of a cell. */
  Part part();

  /** The data planes to which it means anything. */
  default Set<DataPlane> planes() {
    return EnumSet.allOf(DataPlane.class);
  }

  /** The words of those, joined. */
  default String planeWords() {
    return planes().stream().map(Named::word).collect(Collectors.joining(", "));
  }

  /** Whether a cell has it only where an experiment names it; then results list it as a setting. */
  boolean setting();

  /** What holds where nobody names it; empty where that is the kernel's. */
  Optional<T> usual();

  /** What the cells of a block have that does not name it; empty for what is usual. */
  default Optional<T> chosen(List<Cell> block) {
    return Optional.empty();
  }

  /**
   * A value as an experiment has it.
   *
   * @throws IllegalArgumentException if it is none; the message says what is allowed
   */
  T parse(String text);

  /** A value as an experiment has it, and a key. */
  String text(T value);

  /** What a value takes that not every testbed has. */
  default Set<Ability> needs(T value) {
    return Set.of();
  }

  /** Whether it, where it is set, brings something about: errors are then its result. */
  default boolean provokes() {
    return false;
  }

  /** Whether it, where it is set, makes the law by which pods are chosen another. */
  default boolean otherLaw() {
    return false;
  }

  /** Whether it means anything to a data plane. */
  default boolean appliesTo(DataPlane dataPlane) {
    return planes().contains(dataPlane);
  }

  /** Whether it means anything to a cell. */
  default boolean appliesTo(Cell cell) {
    return appliesTo(cell.dataPlane());
  }

  /** Whether it is part of a cell's key. */
  default boolean keyed(Cell cell) {
    return appliesTo(cell);
  }

  /** Its words in a cell's title, in a place that its part gives; empty for none. */
  default Optional<String> phrase(Cell cell) {
    return Optional.empty();
  }

  /** Why a cell cannot have the value that it has; empty if it can. */
  default Optional<Refusal> refusal(Cell cell) {
    return Optional.empty();
  }

  /** What holds in a cell, whether it was named or not. */
  default String effective(Cell cell) {
    return cell.find(this).or(this::usual).map(this::text).orElse("kernel");
  }

  /** What a cell's value takes, where it means something. */
  default Stream<Need> needs(Cell cell) {
    return cell.find(this).filter(_ -> appliesTo(cell)).map(this::needs).orElse(Set.of()).stream()
        .map(ability -> new Need(word(), effective(cell), ability));
  }
}
