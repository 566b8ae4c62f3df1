package dev.conntrail.report.section;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Block;
import dev.conntrail.report.block.Field;
import dev.conntrail.report.chart.TimePanel;
import dev.conntrail.report.finding.SideBySide;
import dev.conntrail.result.CellResults;
import dev.conntrail.spec.TestbedKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What happens when pods come and go, or nothing is sent for a while. */
final class ChangesSection implements Section {
  private static final int WIDTH = 220;
  private static final int HEIGHT = 70;

  @Override
  public String id() {
    return "changes";
  }

  @Override
  public String title() {
    return "When pods change";
  }

  /** Where there is nothing else, it is what the run is about. */
  @Override
  public boolean open(Analysis run) {
    return run.results().measured().stream().allMatch(ChangesSection::affected);
  }

  private static boolean affected(CellResults cell) {
    return cell.repetitions().stream().anyMatch(r -> !r.effects().isEmpty());
  }

  @Override
  public List<Block> blocks(Analysis run) {
    List<CellResults> cells =
        run.results().measured().stream().filter(ChangesSection::affected).toList();
    if (cells.isEmpty()) {
      return List.of();
    }
    OverTime overTime = new OverTime(run);
    Map<TestbedKind, List<SideBySide>> kernels = new LinkedHashMap<>();
    SideBySide.of(run).stream()
        .filter(g -> g.cells().stream().anyMatch(ChangesSection::affected))
        .filter(g -> g.cells().stream().anyMatch(c -> overTime.ofPods(c).isPresent()))
        .forEach(g -> kernels.computeIfAbsent(g.testbed(), _ -> new ArrayList<>()).add(g));
    List<Block> blocks = new ArrayList<>();
    kernels.forEach((testbed, groups) -> blocks.add(pictures(run, overTime, testbed, groups)));
    RecoveryTable.of(run.around(), cells).ifPresent(blocks::add);
    blocks.add(EffectsTable.of("effects", cells));
    return blocks;
  }

  private static Block pictures(
      Analysis run, OverTime overTime, TestbedKind testbed, List<SideBySide> groups) {
    SideBySideTable table = SideBySideTable.of(groups);
    List<List<Field>> rows = new ArrayList<>();
    for (SideBySide g : groups) {
      List<TimePanel> panels =
          g.cells().stream().flatMap(c -> overTime.ofPods(c).stream()).toList();
      double most = TimePanel.most(panels);
      rows.add(table.row(g, c -> picture(run, overTime.ofPods(c), c, most)));
    }
    return Block.Table.of(
        "over-time-" + testbed.word(),
        what(overTime, groups)
            + " over time ("
            + testbed.word()
            + "), one scale for each row. "
            + legend(groups)
            + " Each leads to its cell.",
        table.columns(),
        rows);
  }

  /** How pictures are to be read: idleness changes no pods. */
  private static String legend(List<SideBySide> groups) {
    return groups.stream().flatMap(g -> g.cells().stream()).anyMatch(OverTime::of)
        ? "Whole blue line: mean of the pods that were there all along; dashed orange: of those that"
            + " came; dotted red: of those that left; shaded: from the least to the most of them;"
            + " upright: the change."
        : "Blue line: mean of all pods; shaded: from the least to the most of them.";
  }

  /** What is drawn: what the folder has of each of these cells. */
  private static String what(OverTime overTime, List<SideBySide> groups) {
    String name =
        groups.stream()
            .flatMap(g -> g.cells().stream())
            .flatMap(c -> overTime.ofPods(c).stream())
            .map(TimePanel::name)
            .distinct()
            .collect(Collectors.joining(", or "));
    return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
  }

  private static Field picture(
      Analysis run, Optional<TimePanel> panel, CellResults cell, double most) {
    Field field = Field.of(Deciding.of(cell).figure(run, cell));
    return panel.map(p -> field.withPicture(p.sketch(WIDTH, HEIGHT, most))).orElse(field);
  }
}
