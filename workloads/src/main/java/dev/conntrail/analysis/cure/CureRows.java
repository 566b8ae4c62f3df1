package dev.conntrail.analysis.cure;

import dev.conntrail.analysis.Verdicts;
import dev.conntrail.analysis.chance.Judgement;
import dev.conntrail.analysis.chance.ShareTest;
import dev.conntrail.record.CensoredTimes;
import dev.conntrail.record.Metric;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.RepetitionResults;
import dev.conntrail.result.RunResults;
import dev.conntrail.result.Tables;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.CounterRow;
import dev.conntrail.result.row.CureRow;
import dev.conntrail.result.row.Fit;
import dev.conntrail.result.row.HerdRow;
import dev.conntrail.result.row.NewShareRow;
import dev.conntrail.result.row.ProcessRole;
import dev.conntrail.result.row.ProcessRow;
import dev.conntrail.result.row.ResponseTimes;
import dev.conntrail.result.row.Times;
import dev.conntrail.spec.CellId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * What each cure of a run takes, and whether it does what theory expects.
 *
 * @param cures a row for each cell with which cures can be weighed, in the order of the run
 * @param herds of these cells, as they were and as theory has them, in the same order
 * @param newShares connections of these cells on pods that joined, likewise
 */
public record CureRows(List<CureRow> cures, List<HerdRow> herds, List<NewShareRow> newShares) {
  private static final double PCT = 100;

  /** Those of a run. */
  public static CureRows of(RunResults run) {
    List<CellResults> cells =
        CureGroup.of(run).stream().flatMap(g -> g.cells().stream()).distinct().toList();
    Map<CellId, List<ConnectionRow>> ledger = run.connectionsByCell();
    Map<CellId, Newcomers> seen = each(cells, ledger, Newcomers::of);
    Map<CellId, Renewed> renewed = each(cells, ledger, Renewed::of);
    Map<CellId, Herded> herds = each(cells, ledger, Herded::of);
    Map<CellId, DrawnProxies> drawn = each(cells, ledger, (cell, _) -> DrawnProxies.of(cell));
    List<CureRow> rows = new ArrayList<>();
    for (CellResults cell : cells) {
      rows.add(
          new CureRow(
              run.manifest().run(),
              cell.id(),
              cell.sum(s -> s.requests().failedCount()),
              cell.sum(s -> s.requests().unansweredCount()),
              openedPerS(cell),
              cpu(cell),
              memory(cell),
              TableEntries.of(cell, ledger.getOrDefault(cell.id(), List.of())),
              slowest(cell),
              known(seen, cell, CureRow.OnNew.NOTHING, n -> judged(n, seen.size())),
              known(renewed, cell, CureRow.OnAge.NOTHING, n -> n.judged(renewed.size())),
              known(
                  herds, cell, CureRow.OnHerd.NOTHING, h -> new HerdJudge(h).judged(herds.size())),
              known(drawn, cell, CureRow.OnProxies.NOTHING, d -> d.judged(drawn.size())),
              SlowPods.of(cell)));
    }
    String name = run.manifest().run();
    return new CureRows(
        rows,
        herds.entrySet().stream()
            .flatMap(h -> h.getValue().rows(h.getKey(), name).stream())
            .toList(),
        newShares(cells, ledger, renewed, name));
  }

  private static List<NewShareRow> newShares(
      List<CellResults> cells,
      Map<CellId, List<ConnectionRow>> ledger,
      Map<CellId, Renewed> renewed,
      String run) {
    return cells.stream()
        .filter(c -> renewed.containsKey(c.id()))
        .flatMap(c -> new NewShares(c, ledger.get(c.id()), renewed.get(c.id())).rows(run).stream())
        .toList();
  }

  /** What is known of some cells and their ledgers, where anything is. */
  private static <T> Map<CellId, T> each(
      List<CellResults> cells,
      Map<CellId, List<ConnectionRow>> ledger,
      BiFunction<CellResults, List<ConnectionRow>, Optional<T>> known) {
    Map<CellId, T> each = new LinkedHashMap<>();
    for (CellResults cell : cells) {
      known
          .apply(cell, ledger.getOrDefault(cell.id(), List.of()))
          .ifPresent(t -> each.put(cell.id(), t));
    }
    return each;
  }

  private static <T, R> R known(
      Map<CellId, T> all, CellResults cell, R nothing, Function<T, R> judged) {
    return Optional.ofNullable(all.get(cell.id())).map(judged).orElse(nothing);
  }

  private static double openedPerS(CellResults cell) {
    return cell.counters().stream()
        .filter(c -> c.source().equals("ledger") && c.counter().equals("opened_per_s"))
        .mapToDouble(CounterRow::value)
        .average()
        .orElse(Double.NaN);
  }

  /** What a request of a cell took of the CPU, of all of its repetitions. */
  public static CureRow.Cpu cpu(CellResults cell) {
    if (cell.testbed().countsCpuByTicks()) {
      return CureRow.Cpu.UNKNOWN;
    }
    Map<RepetitionResults, List<ProcessRow>> all = new LinkedHashMap<>();
    cell.repetitions().forEach(r -> all.put(r, r.rows(Tables.PROCESSES)));
    return new CureRow.Cpu(
        cpu(all, ProcessRole.CLIENT), cpu(all, ProcessRole.PROXY), cpu(all, ProcessRole.PODS));
  }

  /** CPU time by answers of the repetitions in which it was measured. */
  private static double cpu(Map<RepetitionResults, List<ProcessRow>> all, ProcessRole role) {
    double ns = 0;
    long answered = 0;
    for (Map.Entry<RepetitionResults, List<ProcessRow>> of : all.entrySet()) {
      RepetitionResults r = of.getKey();
      List<ProcessRow> rows = of.getValue().stream().filter(p -> p.role() == role).toList();
      int pods = rows.stream().mapToInt(ProcessRow::podsCount).sum();
      // pods of a cluster that came or went are not among them, and what they took is not known
      if (!rows.isEmpty() && (role != ProcessRole.PODS || pods >= r.pods().size())) {
        ns += rows.stream().mapToDouble(ProcessRow::cpuNs).sum();
        answered += r.summary().requests().answeredCount();
      }
    }
    return answered == 0 ? Double.NaN : ns / answered;
  }

  private static CureRow.Memory memory(CellResults cell) {
    return new CureRow.Memory(
        memory(cell, ProcessRole.CLIENT),
        memory(cell, ProcessRole.PROXY),
        memory(cell, ProcessRole.PODS));
  }

  /** Of repetitions in which that of every process is known. */
  private static double memory(CellResults cell, ProcessRole role) {
    return cell.repetitions().stream()
        .map(r -> r.rows(Tables.PROCESSES).stream().filter(p -> p.role() == role).toList())
        .filter(rows -> !rows.isEmpty() && rows.stream().allMatch(p -> p.residentBytes() > 0))
        .mapToDouble(rows -> rows.stream().mapToDouble(ProcessRow::residentBytes).sum())
        .average()
        .orElse(Double.NaN);
  }

  private static CureRow.Slowest slowest(CellResults cell) {
    Times connect = Times.of(cell.latencies().get(Metric.CONNECT));
    return new CureRow.Slowest(
        ResponseTimes.of(CensoredTimes.of(cell.latencies())).p999Ns(),
        connect.p99Ns(),
        connect.maxNs());
  }

  private static CureRow.OnNew judged(Newcomers seen, int tests) {
    ShareTest test = new ShareTest(seen.expected(), seen.open());
    double level = Verdicts.FAMILY_ERROR / tests;
    double p = test.p(seen.onNew());
    double power = test.power((seen.expected() == 0 ? seen.fair() : seen.expected()) / 2, level);
    return new CureRow.OnNew(
        PCT * seen.expected(),
        seen.open(),
        seen.onNew(),
        p,
        Math.min(1, p * tests),
        PCT * power,
        Optional.of(fit(p, level, power)));
  }

  /**
   * Whether what was seen is what was expected.
   *
   * @param power how often an effect that matters is found at that level: without enough of it
   *     silence means nothing
   */
  static Fit fit(double p, double level, double power) {
    if (p <= level) {
      return Fit.DIFFERS;
    }
    return power >= Judgement.ENOUGH_POWER ? Fit.AGREES : Fit.CANNOT_TELL;
  }
}
