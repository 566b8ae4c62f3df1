package dev.conntrail.experiment;

import dev.conntrail.spec.Cell;
import dev.conntrail.spec.SpecException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which cells of two sides are compared: those that are the same; of the others those that are the
 * same but for the fewest axes, if these leave to each cell one of the other side alone.
 */
final class Pairing {
  /** A pair. */
  record Pair(Cell a, Cell b) {
    /** The axes in which they differ. */
    Set<String> axes() {
      Map<String, String> mine = a.axes();
      Map<String, String> other = b.axes();
      return Stream.concat(mine.keySet().stream(), other.keySet().stream())
          .filter(axis -> !mine.getOrDefault(axis, "").equals(other.getOrDefault(axis, "")))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private final List<Cell> a;
  private final List<Cell> b;
  private final Set<String> but;
  private final Map<Map<String, String>, List<Cell>> byAxesOfB;
  private final List<Pair> pairs = new ArrayList<>();
  private final List<Cell> alone = new ArrayList<>();

  /** Pairs cells of two sides that are the same but for some axes. */
  private Pairing(List<Cell> a, List<Cell> b, Set<String> but) {
    this.a = a;
    this.b = b;
    this.but = but;
    this.byAxesOfB = by(b);
    Map<Map<String, String>, List<Cell>> byAxesOfA = by(a);
    byAxesOfA.forEach((axes, mine) -> {
      List<Cell> others = byAxesOfB.getOrDefault(axes, List.of());
      if (mine.size() == 1 && others.size() == 1) {
        pairs.add(new Pair(mine.getFirst(), others.getFirst()));
      } else {
        alone.addAll(mine);
        alone.addAll(others);
      }
    });
    byAxesOfB.forEach((axes, others) -> {
      if (!byAxesOfA.containsKey(axes)) {
        alone.addAll(others);
      }
    });
  }

  private Map<Map<String, String>, List<Cell>> by(List<Cell> cells) {
    return cells.stream()
        .collect(
            Collectors.groupingBy(
                cell -> {
                  Map<String, String> axes = new LinkedHashMap<>(cell.axes());
                  axes.keySet().removeAll(but);
                  return axes;
                },
                LinkedHashMap::new,
                Collectors.toList()));
  }

  /**
   * Pairs the cells of two sides.
   *
   * @throws SpecException naming the cells that cannot be paired
   */
  static List<Pair> of(List<Cell> a, List<Cell> b) {
    Pairing same = new Pairing(a, b, Set.of());
    if (same.alone.isEmpty()) {
      return same.pairs;
    }
    List<Cell> leftA = a.stream().filter(same.alone::contains).toList();
    List<Cell> leftB = b.stream().filter(same.alone::contains).toList();
    List<Pairing> tries =
        leftA.stream()
            .flatMap(x -> leftB.stream().map(y -> new Pair(x, y).axes()))
            .distinct()
            .sorted(Comparator.<Set<String>>comparingInt(Set::size).thenComparing(Set::toString))
            .map(axes -> new Pairing(leftA, leftB, axes))
            .toList();
    List<Pairing> whole = tries.stream().filter(t -> t.alone.isEmpty()).toList();
    if (whole.isEmpty()) {
      throw refused(
          tries.stream()
              .min(Comparator.comparingInt(t -> t.alone.size()))
              .map(t -> t.alone)
              .orElse(same.alone),
          a);
    }
    requireOneWay(whole);
    List<Pair> pairs = new ArrayList<>(same.pairs);
    pairs.addAll(whole.getFirst().pairs);
    return pairs;
  }

  private static SpecException refused(List<Cell> alone, List<Cell> a) {
    return new SpecException(
        "these cells have no one cell of the other side to be compared with: "
            + alone.stream()
                .map(c -> c.title() + " (of " + (a.contains(c) ? "a" : "b") + ")")
                .collect(Collectors.joining("; "))
            + "; allowed: on both sides cells that are the same, or differ in the same axes");
  }

  private static void requireOneWay(List<Pairing> whole) {
    Pairing first = whole.getFirst();
    Set<Set<Pair>> ways = new LinkedHashSet<>();
    whole.stream()
        .filter(t -> t.but.size() == first.but.size())
        .forEach(t -> ways.add(Set.copyOf(t.pairs)));
    if (ways.size() > 1) {
      throw new SpecException(
          "cells of both sides can be paired in more than one way, as if they differed in "
              + whole.stream()
                  .filter(t -> t.but.size() == first.but.size())
                  .map(t -> String.join(" and ", t.but))
                  .collect(Collectors.joining(", or in "))
              + ": "
              + Stream.concat(first.a.stream(), first.b.stream())
                  .map(Cell::title)
                  .collect(Collectors.joining("; "))
              + "; allowed: sides that differ in one of them");
    }
  }
}
