package dev.conntrail.report.section;

import static dev.conntrail.report.block.Numbers.count;
import static dev.conntrail.report.block.Numbers.number;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.analysis.cure.CureGroup;
import dev.conntrail.record.CensoredTimes;
import dev.conntrail.report.block.Block;
import dev.conntrail.report.block.Column;
import dev.conntrail.report.block.Field;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.finding.CureCase;
import dev.conntrail.report.finding.EventCost;
import dev.conntrail.report.finding.Span;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.row.AroundRow;
import dev.conntrail.result.row.CureRow;
import dev.conntrail.result.row.Fit;
import dev.conntrail.result.row.NewPodRow;
import dev.conntrail.result.row.RecoveryRow;
import dev.conntrail.result.row.ResponseTimes;
import dev.conntrail.result.row.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What cures give, a row a cure of cells that are asked the same: what a team decides from. */
final class CuresTable {
  private static final int HALF = 50;
  private static final int P99 = 99;
  private static final double P999 = 99.9;

  private static final Column LOST =
      Column.words("lost in events")
          .explained(
              "requests of the measure phase without an answer + connections that were open and"
                  + " ended before the client wanted it");

  private static final List<Column> COLUMNS =
      List.of(
          Column.words("cure"),
          Column.words("asked"),
          Column.figures("busiest at rest")
              .explained("pod over the mean of requests, where nothing happens"),
          Column.figures("even after scale-out")
              .explained(
                  "from its end until the busiest endpoint got so many times the mean of a second at"
                      + " most, and new pods such a part of an equal share at least, for 5 s, or for as"
                      + " long as it says; "
                      + BalanceTable.WHOLE_SECONDS
                      + "; "
                      + BalanceTable.BOUNDS),
          Column.figures("new pods known")
              .explained(
                  "from the scale-out's first step until the first connection of each pod that joined"),
          Column.figures("hottest then")
              .explained("pod over the mean of requests, in the second after a scale-out"),
          Column.figures("HPA")
              .explained(
                  "pods that an autoscaler chooses then, by the mean; and would, if all were as hot as"
                      + " the hottest"),
          Column.words("busiest proxy")
              .explained(
                  "of a pool behind a Service, over the mean of connections; and what a fair draw has"),
          LOST,
          Column.figures("failed; unanswered")
              .explained(
                  "requests and connects that failed, and requests without an answer when the drain"
                      + " ended, in all phases of all cells"),
          Column.figures("p50; p99; p99.9").explained("response time, of the first cell"),
          Column.words("theory")
              .explained(
                  "share of connections on new pods, when half of those that were open had been opened"
                      + " anew, and connects a second of a herd where it is densest, expected and found, and"
                      + " whether that agrees: exact tests, corrected, 0.1 %; they cannot tell where half the"
                      + " effect, an age twice as long, or other jitter, would not be found in four of five"
                      + " runs"));

  private final CuredCells cured;
  private final Analysis run;
  private final List<CellResults> cells;
  private final boolean retries;

  private CuresTable(CuredCells cured, boolean retries) {
    this.cured = cured;
    this.run = cured.run();
    this.cells = cured.cells();
    this.retries = retries;
  }

  /** The table of some groups. */
  static Block of(Analysis run, List<CureGroup> groups) {
    boolean retries =
        groups.stream().flatMap(g -> g.cells().stream()).anyMatch(RetriedColumn::holds);
    List<Column> columns = new ArrayList<>(COLUMNS);
    if (retries) {
      columns.add(1 + columns.indexOf(LOST), RetriedColumn.HEAD);
    }
    return CuredCells.table(
        "cures-table",
        "What each cure gives: all repetitions of its cells, lowest to highest; what is empty was not"
            + " measured",
        columns,
        run,
        groups,
        cured -> new CuresTable(cured, retries).fields());
  }

  private List<Field> fields() {
    List<Field> fields = new ArrayList<>();
    fields.add(of(c -> c.cell().course().uneventful(), CuresTable::busiest));
    fields.add(of(CureCase.AUTOSCALING::holds, this::balanced));
    fields.add(of(CureCase.AUTOSCALING::holds, this::known));
    fields.add(
        of(
            CureCase.AUTOSCALING::holds,
            c -> CureCase.hottestOverMean(run, c).map(CuresTable::field)));
    fields.add(of(CureCase.AUTOSCALING::holds, this::replicas));
    fields.add(cured.first(this::proxies));
    fields.add(Field.of(lost()));
    if (retries) {
      fields.add(RetriedColumn.of(cells));
    }
    fields.add(errors());
    fields.add(cured.first(CuresTable::times));
    fields.add(Field.of(theory()));
    return fields;
  }

  private static Field field(Span span) {
    return Field.of(span.text(), span.high());
  }

  /** What is said of the first of some cells. */
  private Field of(Predicate<CellResults> which, Function<CellResults, Optional<Field>> said) {
    return cured.first(c -> which.test(c) ? said.apply(c) : Optional.empty());
  }

  private static Optional<Field> busiest(CellResults cell) {
    return CureCase.busiestOverMean(cell, Unit.REQUESTS).map(CuresTable::field);
  }

  private Optional<Field> balanced(CellResults cell) {
    List<RecoveryRow> all =
        run.around().recoveries().stream().filter(r -> r.at().cellId().equals(cell.id())).toList();
    return until(
            all, RecoveryRow::balancedAfterMs, RecoveryRow::watchedMs, BalanceTable::wholeSeconds)
        .map(after -> BalanceTable.held(after, all));
  }

  /** Behind a proxy no client has a connection to a pod, and nobody says when the proxy had. */
  private Optional<Field> known(CellResults cell) {
    return cell.cell().route().pins()
        ? until(
            run.around().newPods().stream().filter(r -> r.at().cellId().equals(cell.id())).toList(),
            NewPodRow::firstConnectionAfterMs,
            NewPodRow::watchedMs,
            BalanceTable::ofMillis)
        : Optional.empty();
  }

  /** How long something took, which may not have come about in the time that was watched. */
  private static <T> Optional<Field> until(
      List<T> all,
      ToDoubleFunction<T> afterMs,
      ToDoubleFunction<T> watchedMs,
      Function<Span, Field> shown) {
    long never = all.stream().filter(r -> Double.isNaN(afterMs.applyAsDouble(r))).count();
    String some = never == 0 ? "" : "; " + count(never) + " of " + count(all.size()) + " never";
    return Span.of(all, watchedMs)
        .map(watched ->
            Span.of(all, afterMs)
                .map(shown)
                .map(f -> Field.of(f.text() + some, f.sort()))
                .orElseGet(
                    () -> Field.of("never in " + Numbers.millis(watched.low()), Double.MAX_VALUE)));
  }

  private Optional<Field> replicas(CellResults cell) {
    List<AroundRow> chosen =
        run.around().after(cell).stream()
            .filter(w -> w.pods().replicasByMeanCount().isPresent())
            .toList();
    return Span.of(chosen, w -> w.pods().replicasByMeanCount().orElseThrow())
        .flatMap(mean ->
            Span.of(chosen, w -> w.pods().replicasByHottestCount().orElseThrow())
                .map(hottest -> Field.of(mean.text() + "; " + hottest.text(), hottest.high())));
  }

  private Optional<Field> proxies(CellResults cell) {
    return run.cure(cell)
        .map(CureRow::onProxies)
        .filter(p -> p.proxiesFit().isPresent())
        .map(p ->
            Field.of(
                number(p.busiestProxyOverMean())
                    + "; a draw "
                    + number(p.busiestProxyExpected())
                    + said(p.proxiesFit().orElseThrow())));
  }

  private Field errors() {
    long failed = cured.rows().stream().mapToLong(CureRow::failedCount).sum();
    long unanswered = cured.rows().stream().mapToLong(CureRow::unansweredCount).sum();
    return Field.of(count(failed) + "; " + count(unanswered), (double) failed + unanswered);
  }

  /** By event: requests, and connections. */
  private String lost() {
    List<String> parts = new ArrayList<>();
    for (CellResults cell : cells) {
      EventCost.of(run, cell)
          .ifPresent(cost ->
              parts.add(
                  cell.cell().course().events().stream()
                          .map(e -> e.kind().word())
                          .collect(Collectors.joining(", "))
                      + " "
                      + count(cost.lost())
                      + " + "
                      + count(cost.ended())
                      + " (#"
                      + cell.number()
                      + ")"));
    }
    return String.join("; ", parts);
  }

  private static Optional<Field> times(CellResults cell) {
    ResponseTimes all = ResponseTimes.of(CensoredTimes.of(cell.latencies()));
    return all.count() == 0
        ? Optional.empty()
        : Optional.of(
            Field.of(
                String.join(
                    "; ",
                    Numbers.time(all.p50Ns(), all.atLeast(HALF)),
                    time(all, all.p99Ns(), P99),
                    time(all, all.p999Ns(), P999)),
                all.p50Ns()));
  }

  private static String time(ResponseTimes all, double ns, double percentile) {
    return Double.isNaN(ns) ? "too few" : Numbers.time(ns, all.atLeast(percentile));
  }

  private String theory() {
    return Stream.of(shares(), times(), herds()).flatMap(s -> s).collect(Collectors.joining("; "));
  }

  private Stream<String> herds() {
    return cured.rows().stream()
        .map(CureRow::onHerd)
        .flatMap(herd ->
            herd.herdFit().stream()
                .map(fit ->
                    "up to "
                        + number(herd.denseExpectedPerS())
                        + " connects/s, found "
                        + number(herd.densePerS())
                        + said(fit)));
  }

  private Stream<String> times() {
    return cured.rows().stream()
        .map(CureRow::onAge)
        .flatMap(age ->
            age.ageFit().stream()
                .map(fit ->
                    "half anew after "
                        + Numbers.millis(age.halfExpectedMs())
                        + ", found "
                        + (Double.isNaN(age.halfMs()) ? "never" : Numbers.millis(age.halfMs()))
                        + said(fit)));
  }

  private Stream<String> shares() {
    return cured.rows().stream()
        .map(CureRow::onNew)
        .flatMap(n ->
            n.newFit().stream()
                .map(fit ->
                    number(n.newExpectedPct())
                        + " %, found "
                        + count(Math.round(n.newCount()))
                        + " of "
                        + count(Math.round(n.openCount()))
                        + said(fit)));
  }

  private static String said(Fit fit) {
    return ": " + fit.phrase();
  }
}
