package dev.conntrail.report.section;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Block;
import dev.conntrail.report.block.Field;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.finding.SideBySide;
import dev.conntrail.report.finding.Unjudged;
import dev.conntrail.report.finding.VerdictText;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.row.Unit;
import dev.conntrail.spec.TestbedKind;
import java.util.ArrayList;
import java.util.List;

/**
 * Workloads by data planes: a sign, a word, and the way to the evidence; a table a kernel. What is
 * provoked has no verdict, and is in sections of its own.
 */
final class VerdictMatrix {
  private VerdictMatrix() {}

  static List<Block> of(Analysis run) {
    List<Block> tables = new ArrayList<>();
    List<SideBySide> groups = SideBySide.of(run);
    for (TestbedKind testbed : run.results().manifest().testbeds()) {
      List<SideBySide> here =
          groups.stream()
              .filter(g -> g.testbed() == testbed)
              .filter(g -> g.cells().stream().anyMatch(c -> !c.cell().provoking()))
              .toList();
      if (!here.isEmpty()) {
        tables.add(table(run, testbed, here));
      }
    }
    return tables;
  }

  private static Block table(Analysis run, TestbedKind testbed, List<SideBySide> groups) {
    SideBySideTable table = SideBySideTable.of(groups);
    return Block.Table.of(
        "matrix-" + testbed.word(),
        "Where connections landed, by workload and data plane ("
            + testbed.word()
            + "): the verdict, and the busiest pod's requests over the mean",
        table.columns(),
        groups.stream().map(g -> table.row(g, c -> field(run, c))).toList());
  }

  private static Field field(Analysis run, CellResults cell) {
    return run.verdict(cell, Unit.CONNECTIONS)
        .map(v -> Field.of(VerdictText.brief(v) + busiest(run, cell)).withTone(VerdictText.tone(v)))
        .orElseGet(() -> Field.of(Unjudged.brief(cell)));
  }

  private static String busiest(Analysis run, CellResults cell) {
    return run.verdict(cell, Unit.REQUESTS)
        .filter(v -> Double.isFinite(v.maxOverMean()))
        .map(v -> ", " + Numbers.number(v.maxOverMean()) + "\u00d7")
        .orElse("");
  }
}
