package dev.conntrail.report.section;

import dev.conntrail.report.block.CellLink;
import dev.conntrail.report.block.Column;
import dev.conntrail.report.block.Field;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.finding.SideBySide;
import dev.conntrail.result.CellResults;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.LoadModel;
import dev.conntrail.spec.Variant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Columns and rows of tables in which a row is a workload, a column a variant of the data plane,
 * and a field leads to its cell.
 *
 * @param groups the workloads, all of one kernel
 * @param variants of the data plane, in their order
 */
record SideBySideTable(List<SideBySide> groups, List<Variant> variants) {
  /** That of some workloads. */
  static SideBySideTable of(List<SideBySide> groups) {
    return new SideBySideTable(
        groups,
        groups.stream()
            .flatMap(g -> g.cells().stream())
            .map(c -> c.cell().variant())
            .distinct()
            .toList());
  }

  /** Its columns; more may be added. */
  List<Column> columns() {
    List<Column> columns = new ArrayList<>(List.of(Column.words("workload")));
    variants.forEach(v -> columns.add(Column.words(v.text())));
    return columns;
  }

  /** The row of a workload, what is said of each of its cells; more may be added. */
  List<Field> row(SideBySide group, Function<CellResults, Field> said) {
    List<Field> row = new ArrayList<>(List.of(Field.of(workload(group))));
    for (Variant variant : variants) {
      row.add(
          group.cells().stream()
              .filter(c -> c.cell().variant().equals(variant))
              .findFirst()
              .map(c -> said.apply(c).withLink(CellLink.to(c)))
              .orElse(Field.of("")));
    }
    return row;
  }

  /** A workload in words, with what tells it from others of the same: load, nodes, moments. */
  private String workload(SideBySide group) {
    String name = name(group);
    if (groups.stream().noneMatch(g -> !g.equals(group) && name(g).equals(name))) {
      return name;
    }
    Cell cell = group.any().cell();
    return name
        + ", "
        + load(cell)
        + ", "
        + Numbers.counted((long) cell.nodes(), "node")
        + ", measured for "
        + cell.course().phases().measure().toMillis()
        + " ms"
        + cell.course().events().stream()
            .map(c -> ", at " + c.at().toMillis() + " ms")
            .collect(Collectors.joining());
  }

  private static String load(Cell cell) {
    return switch (cell.load()) {
      case LoadModel.Closed() -> "closed loop";
      case LoadModel.Constant(int rate) -> rate + " requests/s";
      case LoadModel.Open rate -> rate.phrase();
    };
  }

  /** A workload in words, with the pods that it begins with. */
  private static String name(SideBySide group) {
    return group.workload() + ", " + Numbers.counted((long) group.any().cell().pods(), "pod");
  }
}
