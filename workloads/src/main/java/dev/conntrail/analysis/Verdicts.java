package dev.conntrail.analysis;

import dev.conntrail.analysis.chance.FairDraw;
import dev.conntrail.analysis.chance.Holm;
import dev.conntrail.analysis.chance.IdlePods;
import dev.conntrail.analysis.chance.Imbalance;
import dev.conntrail.analysis.chance.Judgement;
import dev.conntrail.analysis.chance.Sensitivity;
import dev.conntrail.analysis.chance.TestResult;
import dev.conntrail.analysis.chance.Uniformity;
import dev.conntrail.analysis.chance.Uniformity.Form;
import dev.conntrail.analysis.chance.Uniformity.Tested;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.RunResults;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.Departure;
import dev.conntrail.result.row.MatrixRow;
import dev.conntrail.result.row.Unit;
import dev.conntrail.result.row.Verdict;
import dev.conntrail.result.row.VerdictRow;
import dev.conntrail.spec.CellId;
import dev.conntrail.spec.PodChoice;
import java.util.ArrayList;
import java.util.Arrays;
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

  private static final double PCT = 100;

  /** A cell that can be judged, with its counts by repetition. */
  private record Counted(CellResults cell, List<long[]> connections, List<long[]> requests) {
    boolean drawn() {
      return cell.cell().choice() == PodChoice.DRAW && connections.getFirst().length > 1;
    }

    long[][] of(Unit unit) {
      return (unit == Unit.CONNECTIONS ? connections : requests).toArray(long[][]::new);
    }
  }

  /** A test of the family: of a cell, or of a matrix. */
  private record Member(Optional<CellId> cell, Optional<NodeMatrices.Matrix> matrix, Tested test) {}

  /** Judges all cells of a run. */
  public static Verdicts of(RunResults run) {
    List<Counted> cells =
        run.measured().stream().map(Verdicts::counted).flatMap(Optional::stream).toList();
    List<NodeMatrices.Matrix> matrices = NodeMatrices.of(run);
    List<Holm.Adjusted<Member>> family =
        Holm.adjust(
            Stream.concat(
                    cells.stream().filter(Counted::drawn).flatMap(Verdicts::members),
                    matrices.stream().flatMap(Verdicts::members))
                .toList(),
            m -> m.test().result().p());
    Map<CellId, List<ConnectionRow>> ledger =
        run.connections().stream().collect(Collectors.groupingBy(c -> c.at().cellId()));
    List<VerdictRow> rows = new ArrayList<>();
    for (Counted c : cells) {
      Row row = new Row(run.manifest().run(), c, family.size());
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

  private static Stream<Member> members(Counted c) {
    return Uniformity.test(c.of(Unit.CONNECTIONS)).tests().stream()
        .map(t -> new Member(Optional.of(c.cell().id()), Optional.empty(), t));
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

  private static List<Holm.Adjusted<Tested>> of(Counted c, List<Holm.Adjusted<Member>> family) {
    return of(m -> m.cell().equals(Optional.of(c.cell().id())), family);
  }

  private static Stream<MatrixRow> rows(
      String run, NodeMatrices.Matrix matrix, List<Holm.Adjusted<Member>> family) {
    List<Holm.Adjusted<Tested>> tests = of(m -> m.matrix().equals(Optional.of(matrix)), family);
    return matrix.rows(run, test(tests, Form.POOLED), test(tests, Form.STRATIFIED)).stream();
  }

  private static VerdictRow.Test test(List<Holm.Adjusted<Tested>> adjusted, Form form) {
    return adjusted.stream()
        .filter(a -> a.test().form() == form)
        .map(a -> {
          TestResult r = a.test().result();
          return new VerdictRow.Test(r.statistic(), r.p(), a.p(), Optional.of(r.method().text()));
        })
        .findFirst()
        .orElse(VerdictRow.Test.NONE);
  }

  /**
   * A cell's counts, without repetitions that lost a pod; none where the Service changed, for there
   * connections were not drawn from the same pods.
   */
  private static Optional<Counted> counted(CellResults cell) {
    var judged = cell.judged();
    if (judged.isEmpty() || !cell.cell().course().events().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Counted(
            cell,
            judged.stream().map(r -> r.counts(Unit.CONNECTIONS)).toList(),
            judged.stream().map(r -> r.counts(Unit.REQUESTS)).toList()));
  }

  /** Makes the rows of a cell. */
  private record Row(String run, Counted counted, int tests) {
    /** Pods are drawn. */
    VerdictRow drawn(List<Holm.Adjusted<Tested>> adjusted) {
      long n = Arrays.stream(Uniformity.sums(counted.of(Unit.CONNECTIONS))).sum();
      Sensitivity sensitivity =
          Sensitivity.of(
              n, counted.connections().getFirst().length, FAMILY_ERROR / Math.max(1, tests));
      Judgement judgement = Judgement.of(adjusted, FAMILY_ERROR, sensitivity);
      return row(
          Unit.CONNECTIONS,
          verdict(judgement),
          departure(judgement),
          test(adjusted, Form.POOLED),
          test(adjusted, Form.STRATIFIED),
          new VerdictRow.Power(
              PCT * sensitivity.smallestShare().orElse(Double.NaN),
              PCT * sensitivity.powerAtTwice()),
          Double.NaN);
    }

    private static Verdict verdict(Judgement j) {
      return switch (j.verdict()) {
        case TOO_UNEVEN, TOO_EVEN -> Verdict.NOT_CHANCE;
        case CONSISTENT -> Verdict.CONSISTENT;
        case TOO_FEW -> Verdict.TOO_FEW;
      };
    }

    private static Optional<Departure> departure(Judgement j) {
      return switch (j.verdict()) {
        case TOO_UNEVEN -> Optional.of(Departure.TOO_UNEVEN);
        case TOO_EVEN -> Optional.of(Departure.TOO_EVEN);
        case CONSISTENT, TOO_FEW -> Optional.empty();
      };
    }

    /** Pods are chosen by a law. */
    VerdictRow byLaw(Optional<Laws.Outcome> law) {
      if (law.isEmpty()) {
        return described(Unit.CONNECTIONS);
      }
      boolean kept = law.get().kept();
      boolean tells = law.get().metByDraw() <= 1 - Judgement.ENOUGH_POWER;
      return row(
          Unit.CONNECTIONS,
          kept && !tells ? Verdict.TOO_FEW : Verdict.BY_DESIGN,
          kept ? Optional.empty() : Optional.of(Departure.LAW_BROKEN),
          VerdictRow.Test.NONE,
          VerdictRow.Test.NONE,
          VerdictRow.Power.NONE,
          PCT * law.get().metByDraw());
    }

    /** Not judged. */
    VerdictRow described(Unit unit) {
      return row(
          unit,
          Verdict.DESCRIPTIVE,
          Optional.empty(),
          VerdictRow.Test.NONE,
          VerdictRow.Test.NONE,
          VerdictRow.Power.NONE,
          Double.NaN);
    }

    private VerdictRow row(
        Unit unit,
        Verdict verdict,
        Optional<Departure> departure,
        VerdictRow.Test pooled,
        VerdictRow.Test stratified,
        VerdictRow.Power power,
        double lawMetByDrawPct) {
      long[][] counts = counted.of(unit);
      long[] sums = Uniformity.sums(counts);
      FairDraw all = new FairDraw(Arrays.stream(sums).sum(), sums.length);
      FairDraw.Band band = all.band(BAND);
      IdlePods idle =
          IdlePods.of(
              Arrays.stream(counts)
                  .map(c -> new FairDraw(Arrays.stream(c).sum(), c.length))
                  .toList());
      return new VerdictRow(
          run,
          counted.cell().id(),
          unit,
          verdict,
          departure,
          counted.cell().cell().choice(),
          counts.length,
          all.connections(),
          all.pods(),
          pooled,
          stratified,
          power,
          lawMetByDrawPct,
          new VerdictRow.Idle(
              Arrays.stream(counts).mapToInt(Imbalance::idle).average().orElse(Double.NaN),
              idle.expected(),
              idle.low(),
              idle.high()),
          Imbalance.maxOverMean(sums),
          all.expectedMaxOverMean(),
          Imbalance.jain(sums),
          new VerdictRow.Band(band.low(), band.high()));
    }
  }
}
