package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.result.CellResults;
import dev.conntrail.spec.Event;
import dev.conntrail.spec.Part;
import dev.conntrail.spec.Phases;
import dev.conntrail.spec.TestbedKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Cells of one kernel that differ in nothing but the data plane: what may be compared.
 *
 * @param testbed where they ran
 * @param workload what was asked of each
 * @param cells a cell for each variant of the data plane, at least one
 */
public record SideBySide(TestbedKind testbed, String workload, List<CellResults> cells) {
  /** All axes but the data plane and what is set of it alone; and one name for all. */
  private record Key(
      TestbedKind testbed,
      String workload,
      Map<String, String> axes,
      Phases phases,
      List<Event> events) {
    static Key of(CellResults c) {
      return new Key(
          c.testbed(),
          c.cell().workload(),
          c.cell().axes(a -> a.part() != Part.PLANE),
          c.cell().course().phases(),
          c.cell().course().events());
    }
  }

  /** All of a run, in its order, single ones too. */
  public static List<SideBySide> of(Analysis run) {
    Map<Key, List<CellResults>> groups = new LinkedHashMap<>();
    for (CellResults c : run.results().measured()) {
      groups.computeIfAbsent(Key.of(c), _ -> new ArrayList<>()).add(c);
    }
    return groups.entrySet().stream()
        .map(e -> new SideBySide(e.getKey().testbed(), e.getKey().workload(), e.getValue()))
        .toList();
  }

  /** Any of its cells, for what they have in common. */
  public CellResults any() {
    return cells.getFirst();
  }

  /** A part of its cells. */
  public SideBySide of(List<CellResults> part) {
    return new SideBySide(testbed, workload, part);
  }
}
