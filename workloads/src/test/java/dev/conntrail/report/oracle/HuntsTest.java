package dev.conntrail.report.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.analysis.DerivedTables;
import dev.conntrail.record.Death;
import dev.conntrail.record.Metric;
import dev.conntrail.report.block.Finding;
import dev.conntrail.report.finding.FindingSource;
import dev.conntrail.report.render.Page;
import dev.conntrail.result.LikeRow;
import dev.conntrail.result.TestRepetition;
import dev.conntrail.result.TestRun;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.Fit;
import dev.conntrail.result.row.HuntRow;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Pools of a simulation, in which requests come by chance and take the first free connection, or
 * another: what is said of them, and whether all of it is what an oracle finds.
 */
class HuntsTest {
  private static final double WARMUP_MS = 3000;
  private static final double END_MS = 13_000;
  private static final int CONNECTIONS = 6;

  @TempDir private Path folder;

  /** How a pool takes one of its connections. */
  private enum Order {
    FIRST,
    ANY,
    IN_TURN
  }

  /**
   * A run of pools, each with connections enough for all its requests.
   *
   * @param tookMs of each request
   */
  private Analysis run(Order order, double perMs, double tookMs, double... diedMs)
      throws IOException {
    SplittableRandom random = new SplittableRandom(5);
    TestRun run =
        TestRun.of(
            folder,
            """
            experiment: hunts
            question: Which connection?
            repetitions: 3
            phases: {warmup: 3s, measure: 10s, drain: 500ms}
            matrix:
              - {data-plane: iptables, protocol: http1, pooling: shared, arrivals: poisson,
                 connections: 12, pods: 3, clients: 2, rate: %d}
            """
                .formatted(Math.round(2000 * perMs)));
    for (int i = 1; i <= 3; i++) {
      TestRepetition r = run.repetition(run.cells().getFirst()).times(Metric.SERVICE, tookMs, 100);
      long[][][] counts = {
        counts(random, order, perMs, tookMs, diedMs), counts(random, order, perMs, tookMs, diedMs)
      };
      r.connectionsOf(1, 2, 2, 2).connectionsOf(2, 2, 2, 2);
      int[] next = {0, 0};
      r.ledger(row -> {
        int client = row.client().equals("client-1") ? 0 : 1;
        int place = next[client]++;
        return shown(row, place, counts[client][place], diedMs);
      });
    }
    return Analysis.of(run.read());
  }

  private static ConnectionRow shown(ConnectionRow row, int place, long[] count, double... diedMs) {
    double bornMs = -100 - place;
    boolean died = place < diedMs.length;
    double endMs = died ? diedMs[place] : END_MS;
    return LikeRow.of(row)
        .born(bornMs)
        .died(died ? Death.CLIENT : Death.OPEN, died ? endMs - bornMs : Double.NaN)
        .last(endMs - 1, endMs - 2)
        .answered(count[0] + count[1], count[1])
        .row();
  }

  /** Requests in the warm-up and after it by connection, of a pool that never runs out of them. */
  private static long[][] counts(
      SplittableRandom random, Order order, double perMs, double tookMs, double... diedMs) {
    long[][] counts = new long[CONNECTIONS][2];
    double[] busyUntil = new double[CONNECTIONS];
    int turn = 0;
    for (double at = 0; at < END_MS; at -= Math.log(1 - random.nextDouble()) / perMs) {
      double now = at;
      int[] free =
          IntStream.range(0, CONNECTIONS)
              .filter(c -> busyUntil[c] <= now && (c >= diedMs.length || now < diedMs[c]))
              .toArray();
      if (free.length == 0) {
        continue;
      }
      int taken =
          switch (order) {
            case FIRST -> free[0];
            case ANY -> free[random.nextInt(free.length)];
            case IN_TURN -> free[turn++ % free.length];
          };
      busyUntil[taken] = at - tookMs * Math.log(1 - random.nextDouble());
      counts[taken][at < WARMUP_MS ? 0 : 1]++;
    }
    return counts;
  }

  private static List<Finding> hunts(Analysis run) {
    return FindingSource.findings(run).stream().filter(f -> f.id().startsWith("hunt-")).toList();
  }

  private HuntRow checked(Analysis run) throws IOException {
    DerivedTables.write(run);
    CsvText text = CsvText.read(folder);
    new OfHunts(new Facts(text)).areTheRows();
    Oracle oracle = new Oracle(text, Optional.empty());
    assertThat(hunts(run)).hasSize(1);
    hunts(run).forEach(oracle::check);
    PageText.of(Page.of(run)).stream()
        .filter(t -> !t.section().equals("lookups"))
        .forEach(oracle::check);
    assertThat(new OfHunts(new Facts(text)).hold(hunts(run).getFirst().text())).isTrue();
    Finding said = hunts(run).getFirst();
    Finding wrong = Oracle.saying(said, said.text().replace("(#1)) ", "(#1)) 9"));
    assertThat(catchThrowable(() -> oracle.check(wrong))).isNotNull();
    return run.hunts().getFirst();
  }

  @Test
  void aPoolThatTakesTheFirstAgreesWithErlang() throws IOException {
    HuntRow hunt = checked(run(Order.FIRST, 0.2, 4));
    assertThat(hunt.fit()).isEqualTo(Fit.AGREES);
    assertThat(hunt.underWayLowCount()).isBetween(0.7, 0.9);
    assertThat(hunt.first().pct()).isBetween(52.0, 60.0);
    assertThat(hunt.shares()).hasSize(3);
  }

  /** The next takes the place of one that ended. */
  @Test
  void aConnectionMovesUpWhenTheOneBeforeItEnds() throws IOException {
    HuntRow hunt = checked(run(Order.FIRST, 0.2, 4, 7000));
    assertThat(hunt.fit()).isEqualTo(Fit.AGREES);
    assertThat(hunt.first().pct()).isLessThan(hunt.second().pct());
  }

  @Test
  void drawsAreFound() throws IOException {
    assertThat(checked(run(Order.ANY, 0.2, 4)).fit()).isEqualTo(Fit.DIFFERS);
  }

  @Test
  void turnsAreFound() throws IOException {
    assertThat(checked(run(Order.IN_TURN, 0.2, 4)).fit()).isEqualTo(Fit.DIFFERS);
  }

  /** A few requests scatter so much that turns would not be told. */
  @Test
  void fewRequestsTellNothing() throws IOException {
    assertThat(checked(run(Order.FIRST, 0.002, 400)).fit()).isEqualTo(Fit.CANNOT_TELL);
  }

  @Test
  void regularArrivalsHaveNoSuchLaw() throws IOException {
    TestRun run =
        TestRun.ofCells(folder, "protocol: http1, pooling: shared, connections: 12, pods: 3");
    long[] all = new long[3];
    Arrays.fill(all, 2);
    run.repetition(1).connections(all);
    assertThat(Analysis.of(run.fill().read()).hunts()).isEmpty();
  }
}
