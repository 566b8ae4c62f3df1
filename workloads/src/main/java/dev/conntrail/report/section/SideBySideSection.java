package dev.conntrail.report.section;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Block;
import dev.conntrail.report.block.Column;
import dev.conntrail.report.block.Field;
import dev.conntrail.report.finding.Repeated;
import dev.conntrail.report.finding.SideBySide;
import dev.conntrail.result.CellResults;
import dev.conntrail.spec.TestbedKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which mode and which scheduler for which workload: a row a workload, a column a variant of the
 * data plane, and in each field the figure that decides there; only cells of one kernel.
 */
final class SideBySideSection implements Section {
  @Override
  public String id() {
    return "modes";
  }

  @Override
  public String title() {
    return "Side by side";
  }

  @Override
  public List<Block> blocks(Analysis run) {
    Map<TestbedKind, List<SideBySide>> kernels = new LinkedHashMap<>();
    SideBySide.of(run).stream()
        .filter(g -> g.cells().size() > 1)
        .forEach(g -> kernels.computeIfAbsent(g.testbed(), _ -> new ArrayList<>()).add(g));
    if (kernels.isEmpty()) {
      return List.of();
    }
    List<Block> blocks = new ArrayList<>();
    blocks.add(
        new Block.Prose(
            "Only cells of one kernel that were asked the same stand beside each other. Which figure"
                + " decides depends on the workload. Where pods are drawn, that one draw came out"
                + " more even than another is luck: hold it against what chance gives. Nothing here"
                + " is tested; see the verdicts, and the ranges over repetitions."));
    kernels.forEach((testbed, groups) -> {
      blocks.add(deciding(run, testbed, groups));
      List<SideBySide> calm =
          groups.stream().filter(g -> g.cells().stream().allMatch(c -> c.cell().plain())).toList();
      if (!calm.isEmpty()) {
        blocks.add(costs(testbed, calm));
      }
    });
    return blocks;
  }

  private static Block deciding(Analysis run, TestbedKind testbed, List<SideBySide> groups) {
    SideBySideTable table = SideBySideTable.of(groups);
    List<List<Field>> rows = new ArrayList<>();
    for (SideBySide g : groups) {
      Deciding deciding = Deciding.of(g.any());
      List<Field> row = table.row(g, c -> Field.of(deciding.figure(run, c)));
      row.add(Field.of(deciding.words()));
      rows.add(row);
    }
    List<Column> columns = table.columns();
    columns.add(Column.words("what decides"));
    return Block.Table.of(
        "modes-" + testbed.word(),
        "Which mode, which scheduler, for which workload (" + testbed.word() + ")",
        columns,
        rows);
  }

  /** What connecting and a request took, where nothing was brought about. */
  private static Block costs(TestbedKind testbed, List<SideBySide> groups) {
    SideBySideTable table = SideBySideTable.of(groups);
    return Block.Table.of(
        "costs-" + testbed.word(),
        "Connect, and request (service time), medians with their range over repetitions ("
            + testbed.word()
            + "); for short-lived connections the request includes the connect",
        table.columns(),
        groups.stream().map(g -> table.row(g, c -> Field.of(times(c)))).toList());
  }

  private static String times(CellResults cell) {
    return Repeated.of(cell, s -> s.connect().p50Ns()).map(Repeated::text).orElse("-")
        + ", "
        + Repeated.of(cell, s -> s.service().p50Ns()).map(Repeated::text).orElse("-");
  }
}
