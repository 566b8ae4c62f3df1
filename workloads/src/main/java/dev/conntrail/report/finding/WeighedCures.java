package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.analysis.cure.CureGroup;
import dev.conntrail.result.CellResults;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Cures that were measured in one case, and differ in nothing else: which of them are best.
 *
 * @param which case
 * @param group all of them, and perhaps cells that are not of the case
 * @param best the least, and what is within a tenth of it; at least one
 * @param others the rest, the least first; where there are none, none is better than another
 */
record WeighedCures(CureCase which, CureGroup group, List<Measured> best, List<Measured> others) {
  /** What is within a tenth of the least is as good: more than that repetitions differ by. */
  private static final double AS_GOOD = 1.1;

  /** A cell, and what decides of it. */
  record Measured(CellResults cell, CureCase.Deciding figure) {}

  /** Those of a case, a group each; none of groups in which two cures cannot be compared. */
  static List<WeighedCures> of(Analysis run, CureCase which) {
    return CureGroup.of(run.results(), which.weighed()).stream()
        .flatMap(g -> g.byCourse().stream())
        .flatMap(g -> of(run, which, g).stream())
        .toList();
  }

  private static Optional<WeighedCures> of(Analysis run, CureCase which, CureGroup group) {
    List<Measured> all = new ArrayList<>();
    for (CellResults cell : group.cells()) {
      if (which.holds(cell)) {
        which.of(run, cell).ifPresent(figure -> all.add(new Measured(cell, figure)));
      }
    }
    all.sort(Comparator.comparingDouble(m -> m.figure().value()));
    if (all.size() < 2 || all.getFirst().figure().atLeast()) {
      return Optional.empty();
    }
    double most = AS_GOOD * all.getFirst().figure().value();
    List<Measured> best =
        all.stream().filter(m -> !m.figure().atLeast() && m.figure().value() <= most).toList();
    List<Measured> others = all.stream().filter(m -> !best.contains(m)).toList();
    return Optional.of(new WeighedCures(which, group, best, others));
  }

  /** Whether what decides tells them apart. */
  boolean differ() {
    return !others.isEmpty();
  }

  /** How many were weighed. */
  int size() {
    return best.size() + others.size();
  }
}
