package dev.conntrail.report.section;

import static dev.conntrail.report.block.Numbers.count;
import static dev.conntrail.report.block.Numbers.number;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Block;
import dev.conntrail.report.block.Column;
import dev.conntrail.report.block.Field;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.finding.NodeMatrix;
import dev.conntrail.result.row.MatrixRow;
import dev.conntrail.result.row.VerdictRow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** From which node to which node connections went, where there is more than one. */
final class NodesSection implements Section {
  private static final double PCT = 100;

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
    List<Block> blocks = new ArrayList<>();
    NodeMatrix.all(run.matrices()).forEach(matrix -> blocks.add(table(matrix, blocks.size())));
    return blocks;
  }

  private static String title(NodeMatrix.Of of) {
    return of.plane().word()
        + ", "
        + (of.testbed().kubernetes() ? "" : Numbers.counted((long) of.nodes(), "node") + ", ")
        + Numbers.counted((long) of.pods(), "pod")
        + ", "
        + of.testbed().word();
  }

  private static Block table(NodeMatrix matrix, int place) {
    List<MatrixRow> rows = matrix.rows();
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
    return Block.Table.of(
        "nodes-" + place,
        title(matrix.of())
            + ": connections from node to node, and in brackets what a fair draw from all pods"
            + " gives ("
            + (matrix.tested() ? tests(matrix) : "not tested: pods are not drawn")
            + ")",
        columns,
        fields);
  }

  private static String tests(NodeMatrix matrix) {
    return "all repetitions together: "
        + test(matrix.pooled())
        + (Double.isFinite(matrix.stratified().p())
            ? "; each for itself, summed: " + test(matrix.stratified())
            : "");
  }

  private static String test(VerdictRow.Test test) {
    return Numbers.test(test.pAdjusted()) + ", corrected, " + test.method().orElse("");
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
