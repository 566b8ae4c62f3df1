package dev.conntrail.report;

import dev.conntrail.result.Rows;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Cells of one kernel that differ in nothing but the data plane: what may be compared.
 *
 * @param testbed where they ran
 * @param workload what was asked of each
 * @param cells a cell for each variant of the data plane
 */
record SideBySide(String testbed, String workload, List<Rows.Cells> cells) {
  private record Key(String testbed, String workload, int pods) {}

  /** All of them that have results, in the order of the run, single ones too. */
  static List<SideBySide> of(RunData run) {
    Map<Key, List<Rows.Cells>> groups = new LinkedHashMap<>();
    for (Rows.Cells c : run.measured()) {
      groups
          .computeIfAbsent(
              new Key(c.testbed(), c.workload(), c.podsCount()), _ -> new ArrayList<>())
          .add(c);
    }
    return groups.entrySet().stream()
        .map(e -> new SideBySide(e.getKey().testbed(), e.getKey().workload(), e.getValue()))
        .toList();
  }

  /** Whether there is anything to compare. */
  boolean compares() {
    return cells.size() > 1;
  }

  /** Any of its cells, for what they have in common. */
  Rows.Cells any() {
    return cells.getFirst();
  }
}
