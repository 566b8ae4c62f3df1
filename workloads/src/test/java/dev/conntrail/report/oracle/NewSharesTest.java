package dev.conntrail.report.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.analysis.DerivedTables;
import dev.conntrail.record.Death;
import dev.conntrail.report.block.Block;
import dev.conntrail.report.block.Chart;
import dev.conntrail.report.finding.FindingSource;
import dev.conntrail.report.render.Page;
import dev.conntrail.result.TestRepetition;
import dev.conntrail.result.TestRows;
import dev.conntrail.result.TestRun;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.EventStep;
import dev.conntrail.result.row.NewShareRow;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.EventKind;
import dev.conntrail.spec.Recycling;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Connections of a simulation that draw their pod and have a maximum age, while pods join: which
 * share theory has on these, and whether all that is said of it is what an oracle finds.
 */
class NewSharesTest {
  private static final int CALLERS = 100;
  private static final int PODS = 4;
  private static final double JOINED_MS = 1000;

  /** A step of a literal run is done so long after what is named of it. */
  private static final double LATER_MS = 10;

  @TempDir private Path folder;

  /** A connection's pod, when it was opened, and how long it lived. */
  private record Life(int pod, double bornMs, double ms) {}

  /**
   * Of lives whose ages are so many times the one that is set.
   *
   * @param cures of the axis
   */
  private Analysis run(double times, String cures) throws IOException {
    SplittableRandom random = new SplittableRandom(5);
    TestRun run =
        TestRun.of(
            folder,
            """
            experiment: shares
            question: How soon?
            repetitions: 2
            phases: {warmup: 500ms, measure: 4s, drain: 500ms}
            matrix:
              - {cure: [%s], protocol: http2, pods: %d, connections: %d, rate: %d,
                 events: [{at: 500ms, scale: 8}]}
            """
                .formatted(cures, PODS, CALLERS, 100 * CALLERS));
    for (Cell cell : run.cells()) {
      for (int i = 1; i <= 2; i++) {
        List<Life> lives = new ArrayList<>();
        for (int c = 0; c < CALLERS; c++) {
          caller(lives, random, cell, times);
        }
        TestRepetition r = run.repetition(cell);
        long[] byPod = new long[2 * PODS];
        Map<String, Deque<Life>> left = new HashMap<>();
        for (Life l : lives) {
          byPod[l.pod()]++;
          left.computeIfAbsent("pod-" + (l.pod() + 1), _ -> new ArrayDeque<>()).add(l);
        }
        r.connections(byPod)
            .ledger(row -> lived(row, left.get(row.pod().orElseThrow()).remove()))
            .step(
                EventKind.SCALE,
                EventStep.JOINED,
                new double[] {JOINED_MS - 60, JOINED_MS - LATER_MS},
                2 * PODS,
                "pod-5",
                "pod-6",
                "pod-7",
                "pod-8");
      }
    }
    return Analysis.of(run.read());
  }

  private static ConnectionRow lived(ConnectionRow row, Life life) {
    double end = life.bornMs() + life.ms();
    return TestRows.lived(row, Death.RETIRED, life.bornMs(), life.ms(), end, end - 1);
  }

  /** Of a caller that uses its connection each 10 ms. */
  private static void caller(List<Life> lives, SplittableRandom random, Cell cell, double times) {
    Optional<Recycling> set = cell.cure().recycling();
    double born = -300 * random.nextDouble();
    while (born < 4500) {
      double ms =
          set.map(s ->
                  times * 1000 * s.jitter().factor(random.nextDouble(), s.percent() / 100.0)
                      + 10 * random.nextDouble())
              .orElse(9000.0);
      lives.add(new Life(random.nextInt(born < JOINED_MS ? PODS : 2 * PODS), born, ms));
      born += ms;
    }
  }

  private void checked(Analysis run) throws IOException {
    DerivedTables.write(run);
    CsvText text = CsvText.read(folder);
    new OfNewShares(new Facts(text)).areTheRows();
    Oracle oracle = new Oracle(text, Optional.empty());
    FindingSource.findings(run).stream()
        .filter(f -> f.id().startsWith("anew-"))
        .forEach(oracle::check);
    PageText.of(Page.of(run)).stream()
        .filter(t -> t.section().equals("cures"))
        .forEach(oracle::check);
  }

  private static List<Chart> charts(Analysis run) {
    return Page.of(run).sections().stream()
        .flatMap(s -> s.blocks().stream())
        .flatMap(b -> b instanceof Block.Multiples m ? m.charts().stream() : Stream.empty())
        .filter(c -> c.id().startsWith("new-shares-"))
        .toList();
  }

  private static boolean within(NewShareRow row) {
    double pct = 100.0 * row.newCount() / row.openCount();
    return pct > row.leastPct() - 12 && pct < row.mostPct() + 12;
  }

  @Test
  void sharesOfAgesThatAreSetAreWhatTheoryHas() throws IOException {
    Analysis run = run(1, "none, \"max-age=1s\", \"max-age=1s,jitter=envoy,percent=100\"");
    assertThat(run.newShares()).hasSize(2 * 18).allMatch(NewSharesTest::within);
    // but for those that are overdue when the pods join, and are given up at their next use
    assertThat(run.newShares().getFirst().expectedPct()).isBetween(0.0, 1.0);
    assertThat(run.newShares().getLast().expectedPct()).isEqualTo(50);
    checked(run);
    assertThat(charts(run))
        .singleElement()
        .extracting(Chart::title)
        .isEqualTo(
            "Connections on pods that joined: max-age 1s (#2); max-age 1s, jitter envoy, percent 100"
                + " (#3)");
  }

  @Test
  void agesThatAreLongerAreNot() throws IOException {
    Analysis run = run(2, "none, \"max-age=1s\"");
    assertThat(run.newShares()).hasSize(18).anyMatch(r -> !within(r));
    checked(run);
  }

  /** Of a client that keeps its pod, whatever it opens, theory has none on others. */
  @Test
  void whereClientsKeepTheirPodNoneMoves() throws IOException {
    Analysis run = run(1, "none, \"session-affinity+max-age=1s\"");
    assertThat(run.newShares()).hasSize(18).allMatch(r -> r.mostPct() == 0);
  }
}
