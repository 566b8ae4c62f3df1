package dev.conntrail.spec;

import java.util.Optional;
import java.util.Set;

/** Which cells can be, and where; refuses the others with the place of their block. */
final class CellChecks {
  private final YamlMap block;

  CellChecks(YamlMap block) {
    this.block = block;
  }

  /** Refuses what can be nowhere. */
  void check(Cell cell) {
    for (Axis<?> axis : Axes.ALL) {
      axis.refusal(cell)
          .ifPresent(r -> {
            throw block.refuse(axis.word(), r.found(), r.allowed());
          });
    }
    checkChanges(cell);
  }

  private void checkChanges(Cell cell) {
    int pods = cell.pods();
    for (Change change : cell.course().changes()) {
      pods += change.kind() == Change.Kind.ADD ? change.pods() : -change.pods();
      if (pods < 1 || pods > Limits.PODS) {
        throw block.refuse(
            "events",
            "found " + change.text() + ", which leaves " + pods + " pods",
            "1 to " + Limits.PODS + " at any time");
      }
    }
    if (!cell.course().changes().isEmpty() && cell.dataPlane() == DataPlane.DIRECT) {
      throw block.refuse(
          "events", "found them with data plane direct", "events only with a Service");
    }
  }

  /** Why a cell cannot be on a testbed; empty if it can. */
  Optional<SpecException> impossible(Cell cell, TestbedKind testbed) {
    Set<Ability> has = testbed.abilities();
    for (Axis<?> axis : Axes.ALL) {
      for (Ability lacks : axis.needs(cell)) {
        if (!has.contains(lacks)) {
          return Optional.of(refusal(axis.word(), axis.effective(cell), testbed, lacks));
        }
      }
    }
    return cell.course().changes().isEmpty() || has.contains(Ability.OWN_NODES)
        ? Optional.empty()
        : Optional.of(refusal("events", block.text("events"), testbed, Ability.OWN_NODES));
  }

  private SpecException refusal(String key, String found, TestbedKind testbed, Ability lacks) {
    return block.refuse(key, "found '" + found + "' on testbed " + testbed.word(), lacks.allowed());
  }
}
