package dev.conntrail.spec;

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

  /** What is said of a cell that cannot be on a testbed. */
  SpecException refusal(Need need, TestbedKind testbed) {
    return block.refuse(
        need.key(),
        "found '" + need.value() + "' on testbed " + testbed.word(),
        need.ability().allowed());
  }
}
