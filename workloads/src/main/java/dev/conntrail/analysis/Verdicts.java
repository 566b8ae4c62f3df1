package dev.conntrail.analysis;

import dev.conntrail.analysis.chance.Holm;
import dev.conntrail.analysis.chance.TestResult;
import dev.conntrail.analysis.chance.Uniformity.Form;
import dev.conntrail.analysis.chance.Uniformity.Tested;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.RunResults;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.MatrixRow;
import dev.conntrail.result.row.Unit;
import dev.conntrail.result.row.VerdictRow;
import dev.conntrail.spec.CellId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * From counts by pod to a verdict for each cell. Where pods are drawn, the counts are tested
 * against a fair draw, corrected over all such tests of the run; where they are not, they are held
 * to the law of the choice. Requests follow their connection: they are described, not tested.
 *
 * @param rows a row a cell and unit
 * @param matrices a row for each pair of nodes
 * @param tests how many tests were corrected for
 */
public record Verdicts(List<VerdictRow> rows, List<MatrixRow> matrices, int tests) {
  /** The chance of any wrong "not chance" in a whole run, if every cell is fair. */
  public static final double FAMILY_ERROR = 0.001;

  /** The band holds all pods of a fair cell with this probability. */
  public static final double BAND = 0.99;

  /** A test of the family: of a cell, or of a matrix. */
  private record Member(Optional<CellId> cell, Optional<NodeMatrices.Matrix> matrix, Tested test) {}

  /** Judges all cells of a run. */
  public static Verdicts of(RunResults run) {
    Map<CellId, List<ConnectionRow>> ledger =
        run.connections().stream().collect(Collectors.groupingBy(c -> c.at().cellId()));
    List<CountedCell> cells =
        run.measured().stream()
            .map(c -> counted(c, ledger.getOrDefault(c.id(), List.of())))
            .flatMap(Optional::stream)
            .toList();
    List<NodeMatrices.Matrix> matrices = NodeMatrices.of(run);
    List<Holm.Adjusted<Member>> family =
        Holm.adjust(
            Stream.concat(
                    cells.stream().filter(CountedCell::drawn).flatMap(Verdicts::members),
                    matrices.stream().flatMap(Verdicts::members))
                .toList(),
            m -> m.test().result().p());
    List<VerdictRow> rows = new ArrayList<>();
    for (CountedCell c : cells) {
      VerdictRows row = new VerdictRows(run.manifest().run(), c, family.size());
      rows.add(
          c.drawn()
              ? row.drawn(of(c, family))
              : row.byLaw(Laws.check(c.cell(), ledger.getOrDefault(c.cell().id(), List.of()))));
      rows.add(row.described(Unit.REQUESTS));
    }
    List<MatrixRow> pairs =
        matrices.stream().flatMap(m -> rows(run.manifest().run(), m, family)).toList();
    return new Verdicts(rows, pairs, family.size());
  }

  private static Stream<Member> members(CountedCell c) {
    return c.tests().map(t -> new Member(Optional.of(c.cell().id()), Optional.empty(), t));
  }

  private static Stream<Member> members(NodeMatrices.Matrix m) {
    return m.tests().stream().map(t -> new Member(Optional.empty(), Optional.of(m), t));
  }

  private static List<Holm.Adjusted<Tested>> of(
      Predicate<Member> which, List<Holm.Adjusted<Member>> family) {
    return family.stream()
        .filter(a -> which.test(a.test()))
        .map(a -> new Holm.Adjusted<>(a.test().test(), a.p()))
        .toList();
  }

  private static List<Holm.Adjusted<Tested>> of(CountedCell c, List<Holm.Adjusted<Member>> family) {
    return of(m -> m.cell().equals(Optional.of(c.cell().id())), family);
  }

  private static Stream<MatrixRow> rows(
      String run, NodeMatrices.Matrix matrix, List<Holm.Adjusted<Member>> family) {
    List<Holm.Adjusted<Tested>> tests = of(m -> m.matrix().equals(Optional.of(matrix)), family);
    return matrix.rows(run, test(tests, Form.POOLED), test(tests, Form.STRATIFIED)).stream();
  }

  /** Of several tests of a form the one that says most. */
  static VerdictRow.Test test(List<Holm.Adjusted<Tested>> adjusted, Form form) {
    return adjusted.stream()
        .filter(a -> a.test().form() == form)
        .min(Comparator.comparingDouble(a -> a.test().result().p()))
        .map(a -> {
          TestResult r = a.test().result();
          return new VerdictRow.Test(r.statistic(), r.p(), a.p(), Optional.of(r.method().text()));
        })
        .orElse(VerdictRow.Test.NONE);
  }

  /**
   * A cell's counts, without repetitions that lost a pod; none where the Service changed, for there
   * connections were not drawn from the same pods.
   */
  private static Optional<CountedCell> counted(CellResults cell, List<ConnectionRow> ledger) {
    var judged = cell.judged();
    if (judged.isEmpty() || !cell.cell().course().events().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new CountedCell(
            cell,
            judged.stream().map(r -> r.counts(Unit.CONNECTIONS)).toList(),
            judged.stream().map(r -> r.counts(Unit.REQUESTS)).toList(),
            Zones.of(cell, ledger)));
  }
}
