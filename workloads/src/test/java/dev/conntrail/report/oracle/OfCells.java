package dev.conntrail.report.oracle;

import static dev.conntrail.report.oracle.CsvText.count;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.report.oracle.Facts.Cell;
import dev.conntrail.report.oracle.PageText.Kind;
import dev.conntrail.report.oracle.Phrase.Filled;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/** Paragraphs and captions of page one, and of cells: verdicts, pods, changes, times. */
@SuppressWarnings("LongDoubleConversion") // counts are far below 2^53
final class OfCells extends Forms {
  private static final double DRAWN = 0.03;

  /** Places among the columns of {@code pods_over_time.csv}. */
  private static final int AT_MS = 3;

  private static final int FAILED_COUNT = 7;

  private final OfVerdicts verdicts;
  private final OfTimes times;

  OfCells(Facts facts, Judge judge) {
    super(facts, judge);
    this.verdicts = new OfVerdicts(facts, judge);
    this.times = new OfTimes(facts);
    answer();
    cells();
    changes();
    times();
  }

  private Cell cell(PageText text) {
    String id = text.cell().orElseThrow();
    return facts.measured(c -> c.id().equals(id)).getFirst();
  }

  private void answer() {
    form(
        "answer",
        Kind.CHART_DESCRIPTION,
        "Left: with [n] long-lived connection[s] [n] of [n] pods got no request. Right: with a"
            + " connection for each request, [n] of [n]. The band holds all pods, in 99 of 100 runs,"
            + " if each request draws its pod.",
        (_, f) -> glance(f));
    form("answer", Kind.SUMMARY, "[n] more finding[s]", (t, f) -> f.is(0, (double) t.holds()));
    form(
        "answer",
        Kind.CAPTION,
        "Where connections landed, by workload and data plane ([*]): the verdict, and the busiest"
            + " pod's requests over the mean",
        (t, f) -> ofTestbed(t, f.words(0), _ -> true));
  }

  private void glance(Filled f) {
    List<Cell> all =
        facts.measured(
            c -> c.plain() && !c.direct() && c.drawn() && !c.shortLived() && !c.shared());
    int least = all.stream().mapToInt(c -> c.count("connections_count")).min().orElseThrow();
    Cell few =
        all.stream().filter(c -> c.count("connections_count") == least).findFirst().orElseThrow();
    f.is(0, least);
    first(f, 1, few);
    first(f, 3, new OfPods(facts).control(few).orElseThrow());
  }

  /** Pods without a request, of all, in the first repetition. */
  private static void first(Filled f, int place, Cell cell) {
    List<Map<String, String>> pods = cell.pods(cell.summaries().getFirst().get("repetition"));
    f.is(place, (double) pods.stream().filter(p -> count(p, "requests_count") == 0).count());
    f.is(place + 1, pods.size());
  }

  private void cells() {
    verdictOfCell(
        "Not chance: too [*].",
        Set.of(Judge.Word.NOT_CHANCE),
        (c, f) -> assertThat(f.words(0)).isEqualTo(verdicts.even(c) ? "even" : "uneven"));
    verdictOfCell(
        "Consistent with chance, and would have found one pod at [n] % (fair: [n] %).",
        Set.of(Judge.Word.CONSISTENT),
        (c, f) -> {
          assertThat(c.zoned()).isFalse();
          double share = Phrases.figure(f.words(0)) / 100;
          assertThat(Math.abs(judge.power(c, share) - 0.9)).as(f.text()).isLessThan(DRAWN);
          f.is(1, 100.0 / c.podsSeen());
        });
    verdictOfCell(
        "Consistent with chance within each zone, and would have found one pod at [n] times its fair share there.",
        Set.of(Judge.Word.CONSISTENT),
        (c, f) -> {
          assertThat(c.zoned()).isTrue();
          double share = Phrases.figure(f.words(0)) / c.podsSeen();
          assertThat(Math.abs(judge.power(c, share) - 0.9)).as(f.text()).isLessThan(DRAWN);
        });
    verdictOfCell(
        "Too few connections to tell.",
        Set.of(Judge.Word.TOO_FEW, Judge.Word.UNTOLD),
        (_, _) -> {});
    verdictOfCell("Not judged.", Set.of(Judge.Word.NOT_JUDGED), (_, _) -> {});
    verdictOfCell(
        "By design: [*]; this law was broken.",
        Set.of(Judge.Word.BROKEN),
        (c, f) -> assertThat(f.words(0)).isEqualTo(Law.words(c)));
    verdictOfCell(
        "By design: [*].",
        Set.of(Judge.Word.KEPT),
        (c, f) -> assertThat(f.words(0)).isEqualTo(Law.words(c)));
    form(
        "cells",
        Kind.PROSE,
        "`data-plane=[*]`",
        (t, _) -> assertThat(t.text()).isEqualTo("`" + cell(t).is("cell") + "`"));
    podsOfCell();
    tablesOfCell("cells");
    onlyIf(
        "cells",
        Kind.CAPTION,
        "Each row opens, with pods, figures and every repetition",
        t -> t.holds() == facts.measured().size());
  }

  private void verdictOfCell(String words, Set<Judge.Word> which, BiConsumer<Cell, Filled> check) {
    form(
        "cells",
        Kind.PROSE,
        words,
        (t, f) -> {
          assertThat(which).as(t.text()).contains(judge.word(cell(t)));
          check.accept(cell(t), f);
        });
  }

  private void podsOfCell() {
    String band = "; the band holds all pods of a fair draw with 99 % probability.";
    onlyIf("cells", Kind.CHART_DESCRIPTION, "All repetitions together.", t -> !cell(t).judged());
    onlyIf(
        "cells",
        Kind.CHART_DESCRIPTION,
        "All repetitions together" + band,
        t -> cell(t).judged() && cell(t).counted().size() == cell(t).summaries().size());
    form(
        "cells",
        Kind.CHART_DESCRIPTION,
        "Together [n] of [n] repetition[s], those that are judged" + band,
        (t, f) -> {
          f.is(0, cell(t).counted().size());
          f.is(1, cell(t).summaries().size());
        });
    String line =
        "Line: mean over [*]; shaded: from the least to the most of them; upright: steps of the event.";
    form(
        "cells",
        Kind.CHART_DESCRIPTION,
        line,
        (t, f) -> {
          assertThat(f.words(0))
              .isEqualTo(
                  t.id().contains("failed") || t.id().contains("ended-early")
                      ? "repetitions, all clients together"
                      : "pods and repetitions");
          assertThat(cell(t).changes()).as(t.text()).isTrue();
        });
  }

  private void tablesOfCell(String section) {
    onlyIf(section, Kind.CAPTION, "Every repetition", t -> t.holds() == cell(t).summaries().size());
    String sums =
        ": sums of all repetitions; of times the median over repetitions, lowest to highest";
    onlyIf(
        section,
        Kind.CAPTION,
        "Every pod" + sums,
        t -> t.holds() == podsOf(cell(t)) && podsOf(cell(t)) <= 30);
    form(
        section,
        Kind.CAPTION,
        "Thirty pods of [n], those with the longest median response" + sums,
        (t, f) -> {
          f.is(0, (double) podsOf(cell(t)));
          assertThat(t.holds()).isEqualTo(30);
        });
    effects(section);
  }

  private static long podsOf(Cell c) {
    return c.rows("distribution").stream().map(r -> r.get("pod_index")).distinct().count();
  }

  /** Its rows are the causes of a cell, or of all. */
  private void effects(String section) {
    onlyIf(
        section,
        Kind.CAPTION,
        "What changes and idleness did to connections: counts of all repetitions of a cell together",
        t ->
            t.holds()
                == facts.measured(c -> t.cell().stream().allMatch(c.id()::equals)).stream()
                    .mapToLong(OfCells::causes)
                    .sum());
  }

  /** The most causes that a repetition of a cell has; all its repetitions have the same. */
  private static long causes(Cell c) {
    return c.rows("effects").stream()
        .filter(r ->
            c.summaries().stream().anyMatch(s -> s.get("repetition").equals(r.get("repetition"))))
        .collect(Collectors.groupingBy(r -> r.get("repetition"), Collectors.counting()))
        .values()
        .stream()
        .mapToLong(n -> n)
        .max()
        .orElse(0);
  }

  private void changes() {
    effects("changes");
    modes();
    form(
        "changes",
        Kind.PROSE,
        "In [n] repetition[s] of [n] cell[s] an event was not over when the repetition ended, so that"
            + " no row says what it did: [*].",
        (_, f) -> cutShort(f));
    form(
        "changes",
        Kind.CAPTION,
        "[*] over time ([*]), one scale for each row. Whole blue line: mean of the pods that were there"
            + " all along; dashed orange: of those that came; dotted red: of those that left; shaded:"
            + " from the least to the most of them; upright: steps of the event; at the foot: seconds"
            + " since the first of these.[*] Each leads to its cell.",
        (t, f) -> {
          below(f.words(2), f.words(1));
          assertThat(Set.of("requests a second of a pod", "open connections of a pod"))
              .containsAll(List.of(f.words(0).toLowerCase(Locale.ROOT).split(", or ", -1)));
          ofTestbed(t, f.words(1), Cell::changes);
        });
    form(
        "changes",
        Kind.CAPTION,
        "[*] over time ([*]), one scale for each row. Blue line: mean of all pods; shaded: from the least"
            + " to the most of them; at the foot: seconds since load began.[*] Each leads to its cell.",
        (t, f) -> {
          below(f.words(2), f.words(1));
          assertThat(Set.of("requests a second of a pod", "open connections of a pod"))
              .containsAll(List.of(f.words(0).toLowerCase(Locale.ROOT).split(", or ", -1)));
          assertThat(facts.measured(c -> c.is("testbed").equals(f.words(1))))
              .as(t.text())
              .anyMatch(c -> !c.rows("effects").isEmpty())
              .noneMatch(c -> c.changes() && !c.rows("effects").isEmpty());
        });
  }

  /** Each cell is named in which an event was cut short, in the order of the run. */
  private void cutShort(Filled f) {
    List<Map<String, String>> cut = facts.summaries().stream().filter(OfEvents::cutShort).toList();
    List<String> cells =
        facts.measured(c -> cut.stream().anyMatch(s -> s.get("cell_id").equals(c.id()))).stream()
            .map(Cell::name)
            .toList();
    f.is(0, cut.size());
    f.is(1, cells.size());
    assertThat(f.words(2))
        .isEqualTo(
            String.join("; ", cells.subList(0, Math.min(12, cells.size())))
                + (cells.size() > 12 ? "; and " + (cells.size() - 12) + " more" : ""));
  }

  /** All six directions have a row, or more where there were several testbeds or variants. */
  private void modes() {
    onlyIf(
        "changes",
        Kind.CAPTION,
        "What a change of mode did to open connections, in each of the six directions: sums over cells"
            + " and repetitions",
        t ->
            t.holds() >= 6
                && facts.measured().stream()
                    .flatMap(c -> c.rows("effects").stream())
                    .anyMatch(r -> r.get("cause").equals("change-mode")));
  }

  /** Of failures is said where some are drawn: in bins of 100 ms, up to the measure phase's end. */
  private void below(String said, String testbed) {
    boolean failed =
        facts
            .measured(c -> c.is("testbed").equals(testbed) && !c.rows("effects").isEmpty())
            .stream()
            .anyMatch(c ->
                c.summaries().stream()
                    .flatMap(s -> c.raw(s, "pods_over_time"))
                    .filter(bin -> Double.parseDouble(bin[AT_MS]) < OfEvents.lengthMs(c))
                    .anyMatch(bin -> !bin[FAILED_COUNT].equals("0")));
    assertThat(said)
        .isEqualTo(
            failed
                ? " Below, where a row has any: requests that failed a second, all clients together."
                : "");
  }

  private void times() {
    form(
        "modes",
        Kind.CAPTION,
        "Which mode, which scheduler, for which workload ([*])",
        (t, f) -> ofTestbed(t, f.words(0), this::compared));
    form(
        "modes",
        Kind.CAPTION,
        "Connect, and request (service time), medians with their range over repetitions ([*]); for"
            + " short-lived connections the request includes the connect",
        (t, f) -> ofTestbed(t, f.words(0), c -> c.plain() && compared(c)));
    form(
        "latency",
        Kind.PROSE,
        "In [n] of [n] cell[s] each caller waits [*]",
        (t, _) -> times.closedLoop(t.text()));
    form(
        "latency",
        Kind.CHART_TITLE,
        "Response time, [*], [*]",
        (t, f) ->
            assertThat(facts.measured(c -> c.plain() && c.is("protocol").equals(f.words(0))))
                .as(t.text())
                .anyMatch(c -> c.is("testbed").equals(f.words(1))));
    form(
        "connect",
        Kind.CHART_TITLE,
        "Connecting against a request, [*]",
        (t, f) -> assertThat(had(f.words(0))).as(t.text()).isTrue());
    String median =
        "Median time of the TCP handshake beside the median service time of a request; for short-lived"
            + " connections the request includes the connect.";
    onlyIf("connect", Kind.CHART_DESCRIPTION, median, _ -> !grpc());
    onlyIf(
        "connect",
        Kind.CHART_DESCRIPTION,
        median + " gRPC is left out: its connect includes waiting for the event loop.",
        _ -> grpc());
    form(
        "connect",
        Kind.CAPTION,
        "Connect beside request, [*]: medians, with their range over repetitions",
        (t, f) -> ofTestbed(t, f.words(0), Cell::plain));
  }

  /** Whether another cell differs from it in the data plane alone. */
  private boolean compared(Cell c) {
    return facts
            .measured(o -> o.alike(c, OfEffects.OF_DATA_PLANE) && o.workload().equals(c.workload()))
            .size()
        > 1;
  }

  private boolean grpc() {
    return facts.measured().stream().anyMatch(c -> c.is("protocol").startsWith("grpc"));
  }
}
