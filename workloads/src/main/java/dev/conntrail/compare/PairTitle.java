package dev.conntrail.compare;

import dev.conntrail.spec.Cell;

/** What two cells that are compared are, as a person would say it. */
public final class PairTitle {
  private PairTitle() {}

  /** What they have in common first, where that can be told apart. */
  public static String of(Cell a, Cell b) {
    if (a.equals(b) || a.title().equals(b.title())) {
      return a.title();
    }
    return a.workload().equals(b.workload())
        ? "%s: %s against %s".formatted(a.workload(), b.variant().text(), a.variant().text())
        : b.title() + " against " + a.title();
  }
}
