package dev.conntrail.compare;

import dev.conntrail.analysis.chance.Holm;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.RepetitionResults;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.spec.PodChoice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Compares counts of pairs of cells by tests of homogeneity, pooled and stratified by repetition:
 * each connection is a draw of its own, so one repetition is enough.
 */
final class Counts {
  /** The chance of any wrong "differs" in a whole comparison. */
  static final double LEVEL = 0.05;

  private static final double FOUND = 0.9;
  private static final double ENOUGH_POWER = 0.8;
  private static final int HALVINGS = 30;
  private static final Set<PodChoice> TOGETHER =
      EnumSet.of(PodChoice.CLIENT_HASH, PodChoice.SERVICE_HASH, PodChoice.CLIENT_PINNED);

  private final Function<CellResults, Map<Integer, List<ConnectionRow>>> ledgers;

  private final Set<Counted> compared;

  /**
   * @param ledgers connections of a cell, by repetition
   * @param compared what is counted alike on both sides
   */
  Counts(Function<CellResults, Map<Integer, List<ConnectionRow>>> ledgers, Set<Counted> compared) {
    this.ledgers = ledgers;
    this.compared = compared;
  }

  /**
   * Counts of a pair before they are judged.
   *
   * @param tested of all repetitions, by the clump that they come in
   */
  private record Raw(
      CellPair pair,
      Counted counted,
      List<long[]> a,
      List<long[]> b,
      Homogeneity.Table tested,
      List<Member> members) {}

  private record Member(
      CellPair pair, Counted counted, CountComparison.Form form, Homogeneity.Result result) {}

  /** Compares all. */
  List<CountComparison> of(List<CellPair> pairs) {
    List<Raw> all =
        pairs.stream().flatMap(pair -> compared.stream().flatMap(c -> raw(pair, c))).toList();
    List<Holm.Adjusted<Member>> family =
        Holm.adjust(all.stream().flatMap(r -> r.members().stream()).toList(), m -> m.result().p());
    return all.stream().map(r -> judged(r, family)).toList();
  }

  /** Where the Service changed, connections were not drawn from the same pods all the time. */
  private Stream<Raw> raw(CellPair pair, Counted counted) {
    boolean pods = counted == Counted.POD_SHARES || counted == Counted.PODS_REACHED;
    if (pods && (!pair.a().cell().course().events().isEmpty() || together(pair))) {
      return Stream.empty();
    }
    Clumped sideA = side(pair.a(), counted);
    Clumped sideB = side(pair.b(), counted);
    List<long[]> a = sideA.counts();
    List<long[]> b = sideB.counts();
    double clump = Math.max(sideA.clump(), sideB.clump());
    int places = a.isEmpty() ? 0 : a.getFirst().length;
    boolean alike = Stream.concat(a.stream(), b.stream()).allMatch(c -> c.length == places);
    if (a.isEmpty() || b.isEmpty() || places < 2 || !alike) {
      return Stream.empty();
    }
    boolean same =
        pair.a().cell().choice() != PodChoice.DRAW && Arrays.deepEquals(a.toArray(), b.toArray());
    List<long[]> inA = sideA.by(clump);
    List<long[]> inB = sideB.by(clump);
    Homogeneity.Table tested = Homogeneity.pooled(inA, inB);
    return Stream.of(
        new Raw(pair, counted, a, b, tested, same ? List.of() : members(pair, counted, inA, inB)));
  }

  /**
   * By a client's or Service's address: which pod it is says nothing, and connections are no draws.
   */
  private static boolean together(CellPair pair) {
    return TOGETHER.contains(pair.a().cell().choice())
        || TOGETHER.contains(pair.b().cell().choice());
  }

  private Clumped side(CellResults cell, Counted counted) {
    Map<Integer, List<ConnectionRow>> ledger = ledgers.apply(cell);
    List<RepetitionResults> kept =
        cell.repetitions().stream()
            .filter(r -> SetAside.countsKept(r.summary()) && !r.pods().isEmpty())
            .toList();
    Function<RepetitionResults, List<ConnectionRow>> rows =
        r -> ledger.getOrDefault(r.number(), List.of());
    return new Clumped(
        kept.stream().map(r -> counted.of(r, rows.apply(r))).toList(),
        kept.stream().mapToDouble(r -> counted.clump(r, rows.apply(r))).max().orElse(1));
  }

  /** Counts by repetition, and the largest clump that they come in. */
  private record Clumped(List<long[]> counts, double clump) {
    List<long[]> by(double size) {
      return counts.stream()
          .map(c -> Arrays.stream(c).map(n -> Math.round(n / size)).toArray())
          .toList();
    }
  }

  private static List<Member> members(
      CellPair pair, Counted counted, List<long[]> a, List<long[]> b) {
    List<Member> members = new ArrayList<>();
    Homogeneity.Table pooled = Homogeneity.pooled(a, b);
    if (pooled.tells()) {
      members.add(
          new Member(
              pair, counted, CountComparison.Form.POOLED, Homogeneity.test(List.of(pooled))));
    }
    List<Homogeneity.Table> strata =
        IntStream.range(0, Math.min(a.size(), b.size()))
            .mapToObj(i -> new Homogeneity.Table(a.get(i), b.get(i)))
            .filter(Homogeneity.Table::tells)
            .toList();
    if (strata.size() > 1) {
      members.add(
          new Member(pair, counted, CountComparison.Form.STRATIFIED, Homogeneity.test(strata)));
    }
    return members;
  }

  private static CountComparison judged(Raw raw, List<Holm.Adjusted<Member>> family) {
    List<CountComparison.Test> tests =
        family.stream()
            .filter(f -> raw.members().stream().anyMatch(m -> m.equals(f.test())))
            .map(f ->
                new CountComparison.Test(
                    f.test().form(),
                    f.test().result().statistic(),
                    f.test().result().p(),
                    f.p(),
                    f.test().result().method()))
            .toList();
    double level = LEVEL / Math.max(1, family.size());
    double found = tests.isEmpty() ? Double.NaN : found(raw, level);
    return new CountComparison(
        raw.pair(),
        raw.counted(),
        Arrays.stream(Homogeneity.sum(raw.a())).boxed().toList(),
        Arrays.stream(Homogeneity.sum(raw.b())).boxed().toList(),
        raw.a().size(),
        raw.b().size(),
        tests,
        change(raw, tests, level, found),
        found);
  }

  private static CountChange change(
      Raw raw, List<CountComparison.Test> tests, double level, double found) {
    if (tests.isEmpty()) {
      return CountChange.ALIKE;
    }
    if (tests.stream().anyMatch(t -> t.adjustedP() <= LEVEL)) {
      return CountChange.DIFFERS;
    }
    int places = raw.a().getFirst().length;
    boolean few =
        raw.counted() == Counted.POD_SHARES
            ? power(raw, 2.0 / places, level) < ENOUGH_POWER
            : Double.isNaN(found);
    return few ? CountChange.TOO_FEW : CountChange.NO_DIFFERENCE;
  }

  /** The smallest share above A's own that would have been found. */
  private static double found(Raw raw, double level) {
    double own = own(raw);
    DoubleUnaryOperator share = part -> own + part * (1 - own);
    if (power(raw, share.applyAsDouble(1), level) < FOUND) {
      return Double.NaN;
    }
    double no = 0;
    double yes = 1;
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (no + yes) / 2;
      if (power(raw, share.applyAsDouble(middle), level) >= FOUND) {
        yes = middle;
      } else {
        no = middle;
      }
    }
    return share.applyAsDouble(yes);
  }

  /** A pod's fair share, or that of what is counted on side A. */
  private static double own(Raw raw) {
    long[] a = Homogeneity.sum(raw.a());
    return raw.counted() == Counted.POD_SHARES
        ? 1.0 / a.length
        : (double) a[0] / Math.max(1, Arrays.stream(a).sum());
  }

  /** Of the pooled test, if one place of B has a share of its own and the others keep theirs. */
  private static double power(Raw raw, double share, double level) {
    Homogeneity.Table table = raw.tested();
    double ofA = Arrays.stream(table.a()).sum();
    double ofB = Arrays.stream(table.b()).sum();
    int places = table.a().length;
    double own = own(raw);
    double others = (1 - own) / (places - 1);
    double shift =
        term(own, share, ofA, ofB)
            + (places - 1) * term(others, (1 - share) / (places - 1), ofA, ofB);
    return Homogeneity.power(shift * ofA * ofB / (ofA + ofB), places - 1, level);
  }

  private static double term(double a, double b, double ofA, double ofB) {
    double mean = (a * ofA + b * ofB) / (ofA + ofB);
    return mean == 0 ? 0 : (a - b) * (a - b) / mean;
  }
}
