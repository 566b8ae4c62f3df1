package dev.conntrail.report.section;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Block;
import dev.conntrail.report.block.Field;
import dev.conntrail.report.chart.TimePanel;
import dev.conntrail.report.chart.TimePanel.Part;
import dev.conntrail.report.finding.CutShort;
import dev.conntrail.report.finding.SideBySide;
import dev.conntrail.result.CellResults;
import dev.conntrail.spec.TestbedKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What happens when pods come and go, or nothing is sent for a while. */
final class ChangesSection implements Section {
  private static final int WIDTH = 220;
  private static final int WIDE = 460;
  private static final int HEIGHT = 70;
  private static final int LOWER = 30;

  private static final String BELOW =
      " Below, where a row has any: requests that failed a second, all clients together.";

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
    return run.results().measured().stream().allMatch(c -> affected(c) || CutShort.in(c));
  }

  private static boolean affected(CellResults cell) {
    return cell.repetitions().stream().anyMatch(r -> !r.effects().isEmpty());
  }

  @Override
  public List<Block> blocks(Analysis run) {
    List<CellResults> cells =
        run.results().measured().stream().filter(ChangesSection::affected).toList();
    List<Block> blocks = cells.isEmpty() ? new ArrayList<>() : blocks(run, cells);
    CutShort.named(run).ifPresent(cut -> blocks.add(new Block.Prose(cut.text())));
    return blocks;
  }

  private static List<Block> blocks(Analysis run, List<CellResults> cells) {
    OverTime overTime = new OverTime(run);
    Map<TestbedKind, List<SideBySide>> kernels = new LinkedHashMap<>();
    SideBySide.of(run).stream()
        .filter(g -> g.cells().stream().anyMatch(ChangesSection::affected))
        .filter(g -> g.cells().stream().anyMatch(c -> overTime.ofPods(c).isPresent()))
        .forEach(g -> kernels.computeIfAbsent(g.testbed(), _ -> new ArrayList<>()).add(g));
    List<Block> blocks = new ArrayList<>();
    kernels.forEach((testbed, groups) -> blocks.add(pictures(run, overTime, testbed, groups)));
    ModeChangesTable.of(run).ifPresent(blocks::add);
    RecoveryTable.of(run.around(), cells).ifPresent(blocks::add);
    BalanceTable.of(run.around(), cells).ifPresent(blocks::add);
    blocks.add(EffectsTable.of("effects", cells));
    return blocks;
  }

  private static Block pictures(
      Analysis run, OverTime overTime, TestbedKind testbed, List<SideBySide> groups) {
    SideBySideTable table = SideBySideTable.of(groups);
    List<List<Field>> rows = new ArrayList<>();
    int width = table.variants().size() == 1 ? WIDE : WIDTH;
    for (SideBySide g : groups) {
      Scales scales = Scales.of(overTime, g.cells());
      rows.add(table.row(g, c -> picture(run, overTime, c, scales, width)));
    }
    return Block.Table.of(
        "over-time-" + testbed.word(),
        what(overTime, groups)
            + " over time ("
            + testbed.word()
            + "), one scale for each row. "
            + legend(groups)
            + (failed(overTime, groups) ? BELOW : "")
            + " Each leads to its cell.",
        table.columns(),
        rows);
  }

  /** How pictures are to be read: idleness changes no pods. */
  private static String legend(List<SideBySide> groups) {
    return groups.stream().flatMap(g -> g.cells().stream()).anyMatch(OverTime::of)
        ? "Whole blue line: mean of the pods that were there all along; dashed orange: of those that"
            + " came; dotted red: of those that left; shaded: from the least to the most of them;"
            + " upright: steps of the event; at the foot: seconds since the first of these."
        : "Blue line: mean of all pods; shaded: from the least to the most of them; at the foot:"
            + " seconds since load began.";
  }

  private static boolean failed(OverTime overTime, List<SideBySide> groups) {
    return groups.stream()
        .flatMap(g -> g.cells().stream())
        .anyMatch(c -> overTime.failures(c).highest() > 0);
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

  /** What the axes of a row hold; of failures 0 if there are none. */
  private record Scales(double pods, double failures) {
    static Scales of(OverTime overTime, List<CellResults> cells) {
      List<TimePanel> failures = cells.stream().map(overTime::failures).toList();
      return new Scales(
          TimePanel.most(cells.stream().flatMap(c -> overTime.ofPods(c).stream()).toList()),
          failures.stream().allMatch(p -> p.highest() == 0) ? 0 : TimePanel.most(failures));
    }
  }

  private static Field picture(
      Analysis run, OverTime overTime, CellResults cell, Scales scales, int width) {
    Field field = Field.of(Deciding.of(cell).figure(run, cell));
    return overTime
        .ofPods(cell)
        .map(pods -> {
          List<Part> parts = new ArrayList<>(List.of(new Part(pods, HEIGHT, scales.pods())));
          if (scales.failures() > 0) {
            parts.add(new Part(overTime.failures(cell), LOWER, scales.failures()));
          }
          return field.withPicture(TimePanel.sketch(width, parts));
        })
        .orElse(field);
  }
}
