package dev.conntrail.report.finding;

import dev.conntrail.analysis.Verdicts;
import dev.conntrail.result.row.MatrixRow;
import dev.conntrail.result.row.VerdictRow;
import dev.conntrail.spec.Plane;
import dev.conntrail.spec.TestbedKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * From which node to which connections went: what {@code matrices.csv} has of one matrix.
 *
 * @param of what its rows have in common
 * @param rows one for each pair of nodes
 */
public record NodeMatrix(Of of, List<MatrixRow> rows) {
  /** Cells whose connections were counted together. */
  public record Of(TestbedKind testbed, Plane plane, int nodes, int pods) {
    private static Of of(MatrixRow r) {
      return new Of(
          r.testbed(),
          new Plane(r.dataPlane(), r.iptablesBackend(), r.ipvsScheduler()),
          r.nodesCount(),
          r.podsCount());
    }
  }

  /** All matrices, in the order of their rows. */
  public static List<NodeMatrix> all(List<MatrixRow> rows) {
    Map<Of, List<MatrixRow>> byCells =
        rows.stream()
            .collect(Collectors.groupingBy(Of::of, LinkedHashMap::new, Collectors.toList()));
    List<NodeMatrix> all = new ArrayList<>();
    byCells.forEach((cells, of) -> all.add(new NodeMatrix(cells, of)));
    return all;
  }

  /** The test of the whole matrix. */
  public VerdictRow.Test pooled() {
    return rows.getFirst().pooled();
  }

  /** The sum of each repetition's own statistic. */
  public VerdictRow.Test stratified() {
    return rows.getFirst().stratified();
  }

  /** The form that decided: where it looked, and its probability. */
  Sentence decided() {
    return Sentence.of("(whole matrix{where}: {p})")
        .with("where", byRepetition() ? " repetition by repetition" : "")
        .withTest("p", p());
  }

  private boolean byRepetition() {
    return stratified().pAdjusted() < pooled().pAdjusted();
  }

  private double p() {
    return (byRepetition() ? stratified() : pooled()).pAdjusted();
  }

  /** Whether it is not chance. */
  boolean alarm() {
    return p() <= Verdicts.FAMILY_ERROR;
  }

  /** Whether its pods are drawn, so that it was tested. */
  public boolean tested() {
    return Double.isFinite(p());
  }
}
