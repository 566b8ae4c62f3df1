package dev.conntrail.report.section;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Block;
import dev.conntrail.report.block.CellLink;
import dev.conntrail.report.block.Column;
import dev.conntrail.report.block.Field;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.finding.Repeated;
import dev.conntrail.report.finding.SideBySide;
import dev.conntrail.result.CellResults;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.LoadModel;
import dev.conntrail.spec.TestbedKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

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
    List<List<Field>> rows = new ArrayList<>();
    for (SideBySide g : groups) {
      Deciding deciding = Deciding.of(g.any());
      rows.add(
          row(g, groups, c -> deciding.figure(run, c), Optional.of(Field.of(deciding.words()))));
    }
    List<Column> columns = columns(groups);
    columns.add(Column.words("what decides"));
    return Block.Table.of(
        "modes-" + testbed.word(),
        "Which mode, which scheduler, for which workload (" + testbed.word() + ")",
        columns,
        rows);
  }

  /** What connecting and a request took, where nothing was brought about. */
  private static Block costs(TestbedKind testbed, List<SideBySide> groups) {
    return Block.Table.of(
        "costs-" + testbed.word(),
        "Connect, and request (service time), medians with their range over repetitions ("
            + testbed.word()
            + "); for short-lived connections the request includes the connect",
        columns(groups),
        groups.stream()
            .map(g -> row(g, groups, SideBySideSection::times, Optional.empty()))
            .toList());
  }

  private static String times(CellResults cell) {
    return Repeated.of(cell, s -> s.connect().p50Ns()).map(Repeated::text).orElse("-")
        + ", "
        + Repeated.of(cell, s -> s.service().p50Ns()).map(Repeated::text).orElse("-");
  }

  private static List<String> variants(List<SideBySide> groups) {
    return groups.stream()
        .flatMap(g -> g.cells().stream())
        .map(c -> c.cell().variant())
        .distinct()
        .toList();
  }

  private static List<Column> columns(List<SideBySide> groups) {
    List<Column> columns = new ArrayList<>(List.of(Column.words("workload")));
    variants(groups).forEach(v -> columns.add(Column.words(v)));
    return columns;
  }

  private static List<Field> row(
      SideBySide group,
      List<SideBySide> among,
      Function<CellResults, String> figure,
      Optional<Field> last) {
    List<Field> row = new ArrayList<>();
    row.add(Field.of(workload(group, among)));
    for (String variant : variants(among)) {
      row.add(
          group.cells().stream()
              .filter(c -> c.cell().variant().equals(variant))
              .findFirst()
              .map(c -> Field.of(figure.apply(c)).withLink(CellLink.to(c)))
              .orElse(Field.of("")));
    }
    last.ifPresent(row::add);
    return row;
  }

  /** A workload in words, with the pods that it begins with. */
  static String workload(SideBySide group) {
    return group.workload() + ", " + Numbers.counted((long) group.any().cell().pods(), "pod");
  }

  /** The same, with what tells it from others of the same words: load, nodes, phases, moments. */
  static String workload(SideBySide group, List<SideBySide> among) {
    String name = workload(group);
    boolean alone =
        among.stream()
            .noneMatch(g ->
                !g.equals(group) && g.testbed() == group.testbed() && workload(g).equals(name));
    if (alone) {
      return name;
    }
    Cell cell = group.any().cell();
    return name
        + ", "
        + (cell.load() instanceof LoadModel.Open(int rate) ? rate + " requests/s" : "closed loop")
        + ", "
        + Numbers.counted((long) cell.nodes(), "node")
        + ", measured for "
        + cell.course().phases().measure().toMillis()
        + " ms"
        + cell.course().changes().stream()
            .map(c -> ", at " + c.at().toMillis() + " ms")
            .collect(Collectors.joining());
  }
}
