package dev.conntrail.report.section;

import static dev.conntrail.report.block.Numbers.count;
import static dev.conntrail.report.block.Numbers.number;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Block;
import dev.conntrail.report.block.Column;
import dev.conntrail.report.block.Field;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.result.row.MatrixRow;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.IptablesBackend;
import dev.conntrail.spec.IpvsScheduler;
import dev.conntrail.spec.TestbedKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** From which node to which node connections went, where there is more than one. */
final class NodesSection implements Section {
  private static final double PCT = 100;

  /** What the rows of a matrix have in common. */
  private record Matrix(
      TestbedKind testbed,
      DataPlane plane,
      Optional<IptablesBackend> backend,
      Optional<IpvsScheduler> scheduler,
      int nodes,
      int pods) {
    static Matrix of(MatrixRow r) {
      return new Matrix(
          r.testbed(),
          r.dataPlane(),
          r.iptablesBackend(),
          r.ipvsScheduler(),
          r.nodesCount(),
          r.podsCount());
    }

    String title() {
      return plane.word()
          + backend.filter(b -> b != IptablesBackend.AUTO).map(b -> "-" + b.word()).orElse("")
          + scheduler.map(s -> "-" + s.word()).orElse("")
          + ", "
          + (testbed.kubernetes() ? "" : Numbers.counted((long) nodes, "node") + ", ")
          + Numbers.counted((long) pods, "pod")
          + ", "
          + testbed.word();
    }
  }

  @Override
  public String id() {
    return "nodes";
  }

  @Override
  public String title() {
    return "Node to node";
  }

  @Override
  public List<Block> blocks(Analysis run) {
    Map<Matrix, List<MatrixRow>> matrices =
        run.matrices().stream()
            .collect(Collectors.groupingBy(Matrix::of, LinkedHashMap::new, Collectors.toList()));
    List<Block> blocks = new ArrayList<>();
    matrices.forEach((matrix, rows) -> blocks.add(table(matrix, rows, blocks.size())));
    return blocks;
  }

  private static Block table(Matrix matrix, List<MatrixRow> rows, int place) {
    List<String> to = rows.stream().map(MatrixRow::podNode).distinct().toList();
    List<Column> columns = new ArrayList<>(List.of(Column.words("from clients on")));
    to.forEach(n -> columns.add(Column.figures("to pods on " + n)));
    columns.add(Column.figures("on the same node"));
    Map<String, List<MatrixRow>> from =
        rows.stream()
            .collect(
                Collectors.groupingBy(
                    MatrixRow::clientNode, LinkedHashMap::new, Collectors.toList()));
    List<List<Field>> fields = new ArrayList<>();
    from.forEach((node, line) -> fields.add(line(node, line)));
    MatrixRow any = rows.getFirst();
    return Block.Table.of(
        "nodes-" + place,
        matrix.title()
            + ": connections from node to node, and in brackets what a fair draw from all pods"
            + " gives ("
            + (Double.isFinite(any.pAdjusted())
                ? Numbers.test(any.pAdjusted()) + ", corrected, " + any.method().orElse("")
                : "not tested: pods are not drawn")
            + ")",
        columns,
        fields);
  }

  private static List<Field> line(String node, List<MatrixRow> line) {
    double all = line.stream().mapToLong(MatrixRow::connectionsCount).sum();
    List<Field> fields = new ArrayList<>(List.of(Field.of(node)));
    line.forEach(r ->
        fields.add(Field.of(count(r.connectionsCount()) + " (" + number(r.expectedCount()) + ")")));
    fields.add(
        line.stream()
            .filter(r -> r.podNode().equals(node))
            .findFirst()
            .map(r ->
                Field.of(
                    number(PCT * r.connectionsCount() / all)
                        + " % ("
                        + number(PCT * r.expectedCount() / all)
                        + " %)"))
            .orElse(Field.of("")));
    return fields;
  }
}
