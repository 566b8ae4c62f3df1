package dev.conntrail.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.conntrail.record.Death;
import dev.conntrail.record.Metric;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.RunResults;
import dev.conntrail.result.Side;
import dev.conntrail.result.TestRun;
import dev.conntrail.result.row.Mark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonTest {
  private static final String CELL =
      "data-plane: nftables, connections: 40, pods: 4, repetitions: 10";
  private static final String DIRECT =
      "data-plane: direct, connections: 40, pods: 4, repetitions: 10";

  @TempDir private Path folder;
  private int runs;

  /** A run of one cell and its control, whose times are given by repetition, milliseconds. */
  private RunResults run(IntToDoubleFunction cell, IntToDoubleFunction direct) throws IOException {
    return run(folder.resolve("run" + ++runs), cell, direct);
  }

  private static RunResults run(Path path, IntToDoubleFunction cell, IntToDoubleFunction direct)
      throws IOException {
    TestRun run = TestRun.ofCells(path, CELL, DIRECT);
    for (int i = 0; i < 10; i++) {
      run.repetition(1)
          .times(Metric.RESPONSE, cell.applyAsDouble(i), 1000)
          .times(Metric.CONNECT, cell.applyAsDouble(i) / 10, 1000);
      run.repetition(2)
          .times(Metric.RESPONSE, direct.applyAsDouble(i), 1000)
          .times(Metric.CONNECT, direct.applyAsDouble(i) / 10, 1000);
    }
    return run.read();
  }

  /** What repetitions of one run differ by. */
  private static double wobble(int i) {
    return 1 + 0.02 * (i * 7 % 5 - 2);
  }

  /** Identical runs whose level moves by a few per cent. */
  private AaStore aa(RunResults like, double move) throws IOException {
    Path store = folder.resolve("aa" + move);
    for (int r = 0; r < 8; r++) {
      double level = 1 + move * (r * 3 % 8 - 3.5) / 3.5;
      run(store.resolve("r" + r), i -> level * wobble(i), ComparisonTest::wobble);
    }
    return AaStore.read(store, like);
  }

  private static TimeComparison of(Comparison c, int pair, Timed timed) {
    return c.times().stream()
        .filter(t -> t.pair().equals(c.cells().pairs().get(pair - 1)) && t.timed() == timed)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whatMovesOnlyWithItsControlHasNotChanged() throws IOException {
    RunResults a = run(i -> 2 * wobble(i), ComparisonTest::wobble);
    RunResults b = run(i -> 4 * wobble(i), i -> 2 * wobble(i));
    Comparison c = Comparison.of(a, b, aa(b, 0.01), 1.25);
    TimeComparison cell = of(c, 1, Timed.RESPONSE_P50);
    assertThat(cell.controlled()).isTrue();
    assertThat(cell.ratio()).isCloseTo(1, within(0.002));
    assertThat(cell.change()).isEqualTo(Change.NO_CHANGE);
    TimeComparison control = of(c, 2, Timed.RESPONSE_P50);
    assertThat(control.controlled()).isFalse();
    assertThat(control.ratio()).isCloseTo(2, within(0.01));
    assertThat(control.change()).isEqualTo(Change.SLOWER);
  }

  @Test
  void aDifferenceIsFoundAndSaysWhetherItIsBeyondTheMargin() throws IOException {
    RunResults a = run(ComparisonTest::wobble, ComparisonTest::wobble);
    RunResults b = run(i -> 1.5 * wobble(i + 1), ComparisonTest::wobble);
    Comparison c = Comparison.of(a, b, aa(b, 0.01), 1.25);
    TimeComparison t = of(c, 1, Timed.CONNECT_P50);
    assertThat(t.change()).isEqualTo(Change.SLOWER);
    assertThat(t.interval().low()).isBetween(1.25, 1.5);
    assertThat(t.interval().high()).isBetween(1.5, 1.7);
    assertThat(c.slowerBeyond()).contains(t);
    assertThat(t.adjustedP()).isBetween(t.p(), 0.05);
    Comparison back = Comparison.of(b, a, aa(b, 0.01), 1.25);
    assertThat(of(back, 1, Timed.CONNECT_P50).change()).isEqualTo(Change.FASTER);
    assertThat(back.slowerBeyond()).isEmpty();
  }

  @Test
  void whatIdenticalRunsDifferByIsNoDifference() throws IOException {
    RunResults a = run(ComparisonTest::wobble, ComparisonTest::wobble);
    RunResults b = run(i -> 1.5 * wobble(i), ComparisonTest::wobble);
    TimeComparison t = of(Comparison.of(a, b, aa(b, 0.4), 1.25), 1, Timed.RESPONSE_P50);
    assertThat(t.change()).isEqualTo(Change.CANNOT_TELL);
    assertThat(t.interval().low()).isLessThan(1);
    assertThat(t.detectable()).isGreaterThan(1.5);
    assertThat(t.needed()).as("no number of repetitions removes it").isEmpty();
  }

  @Test
  void withoutIdenticalRunsThereIsNoVerdictOnTimes() throws IOException {
    RunResults a = run(ComparisonTest::wobble, ComparisonTest::wobble);
    RunResults b = run(i -> 3 * wobble(i), ComparisonTest::wobble);
    Comparison c = Comparison.of(a, b, AaStore.empty(), 1.25);
    assertThat(c.times(Change.NOISE_UNKNOWN)).hasSize(4);
    assertThat(c.slowerBeyond()).isEmpty();
    assertThat(of(c, 1, Timed.RESPONSE_P50).ratio()).isCloseTo(3, within(0.1));
  }

  @Test
  void markedRepetitionsAndTheirControlsAreSetAside() throws IOException {
    TestRun marked = TestRun.ofCells(folder.resolve("marked"), CELL, DIRECT);
    for (int i = 0; i < 10; i++) {
      Mark[] steal = i < 3 ? new Mark[] {Mark.STEAL} : new Mark[0];
      marked.repetition(1).times(Metric.RESPONSE, i < 3 ? 50 : wobble(i), 100).marks(steal);
      marked.repetition(2).times(Metric.RESPONSE, wobble(i), 100);
    }
    RunResults a = run(ComparisonTest::wobble, ComparisonTest::wobble);
    Comparison c = Comparison.of(a, marked.read(), AaStore.empty(), 1.25);
    assertThat(c.setAside())
        .hasSize(3)
        .allSatisfy(s -> {
          assertThat(s.side()).isEqualTo(Side.B);
          assertThat(s.marks()).containsExactly(Mark.STEAL);
        });
    assertThat(of(c, 1, Timed.RESPONSE_P50).b().repetitions()).isEqualTo(7);
    assertThat(of(c, 1, Timed.RESPONSE_P50).ratio()).isCloseTo(1, within(0.05));
    assertThat(c.counts())
        .as("steal does not touch counts")
        .allSatisfy(n -> assertThat(n.repetitionsB()).isEqualTo(10));
  }

  private RunResults counted(String name, long[]... byPod) throws IOException {
    TestRun run = TestRun.ofCells(folder.resolve(name), CELL.replace("10", "1"));
    for (long[] pods : byPod) {
      run.repetition(1).connections(pods);
    }
    return run.read();
  }

  private static CountComparison of(Comparison c, Counted counted) {
    return c.counts().stream().filter(n -> n.counted() == counted).findFirst().orElseThrow();
  }

  @Test
  void aPodThatGetsMoreIsFoundInOneRepetition() throws IOException {
    RunResults fair = counted("fair", new long[] {102, 97, 105, 96});
    RunResults wrong = counted("wrong", new long[] {200, 66, 70, 64});
    Comparison c = Comparison.of(fair, wrong, AaStore.empty(), 1.25);
    assertThat(of(c, Counted.POD_SHARES).change()).isEqualTo(CountChange.DIFFERS);
    assertThat(of(c, Counted.BROKEN).change()).isEqualTo(CountChange.ALIKE);
    Comparison same =
        Comparison.of(fair, counted("again", new long[] {95, 103, 99, 103}), AaStore.empty(), 1.25);
    CountComparison shares = of(same, Counted.POD_SHARES);
    assertThat(shares.change()).isEqualTo(CountChange.NO_DIFFERENCE);
    assertThat(shares.found()).isBetween(0.3, 0.45);
    Comparison few =
        Comparison.of(
            counted("few", new long[] {3, 2, 4, 1}),
            counted("few2", new long[] {1, 4, 2, 3}),
            AaStore.empty(),
            1.25);
    assertThat(of(few, Counted.POD_SHARES).change()).isEqualTo(CountChange.TOO_FEW);
  }

  @Test
  void brokenConnectionsAreCountedNotTheRequestsThatTheyTookAlong() throws IOException {
    TestRun a = TestRun.ofCells(folder.resolve("whole"), CELL.replace("10", "1"));
    a.repetition(1).connections(50, 50, 50, 50);
    TestRun b = TestRun.ofCells(folder.resolve("broken"), CELL.replace("10", "1"));
    b.repetition(1)
        .connections(50, 50, 50, 50)
        .failed(300)
        .ledger(row -> row.connection() == 1 ? broken(row) : row);
    Comparison c = Comparison.of(a.read(), b.read(), AaStore.empty(), 1.25);
    CountComparison broken = of(c, Counted.BROKEN);
    assertThat(broken.b().getFirst()).isEqualTo(1);
    assertThat(broken.change()).isEqualTo(CountChange.NO_DIFFERENCE);
    assertThat(of(c, Counted.ERRORS).change())
        .as("300 failures of one connection are one, of which nothing can be told")
        .isEqualTo(CountChange.TOO_FEW);
  }

  private static dev.conntrail.result.row.ConnectionRow broken(
      dev.conntrail.result.row.ConnectionRow r) {
    return new dev.conntrail.result.row.ConnectionRow(
        r.at(),
        r.client(),
        r.clientNode(),
        r.connection(),
        r.localAddress(),
        r.localPort(),
        r.remoteAddress(),
        r.remotePort(),
        r.podIndex(),
        r.pod(),
        r.node(),
        r.podBy(),
        r.bornMs(),
        r.connectNs(),
        r.livedMs(),
        r.lastReplyMs(),
        r.lastRequestMs(),
        Death.RESET,
        r.requestsCount(),
        r.measuredRequestsCount(),
        r.straysCount(),
        r.servedCount());
  }

  @Test
  void anotherRateIsAnotherCellAndSaid() throws IOException {
    RunResults a = TestRun.ofCells(folder.resolve("r1"), "pods: 2, rate: 100").fill().read();
    RunResults b = TestRun.ofCells(folder.resolve("r2"), "pods: 2, rate: 200").fill().read();
    Comparison c = Comparison.of(a, b, AaStore.empty(), 1.25);
    assertThat(c.comparable()).isFalse();
    assertThat(c.comparability().obstacles())
        .anySatisfy(o -> assertThat(o.text()).contains("rates: A has rate 100, B has rate 200"));
    assertThat(c.cells().pairs()).isEmpty();
    assertThat(c.cells().onlyA()).hasSize(1);
  }

  @Test
  void aDelayOfEchoIsSaidAndForbidsNothing() throws IOException {
    RunResults a = TestRun.ofCells(folder.resolve("r1"), "pods: 2").fill().read();
    RunFolder slower = TestRun.ofCells(folder.resolve("r2"), "pods: 2").fill().write();
    Files.writeString(
        slower.manifest(),
        Files.readString(slower.manifest())
            .replace("\"echoDelayMs\" : null", "\"echoDelayMs\" : 50"));
    Comparison c = Comparison.of(a, RunResults.read(slower), AaStore.empty(), 1.25);
    assertThat(c.comparable()).isTrue();
    assertThat(c.comparability().notes())
        .extracting(Obstacle::text)
        .contains("echo delay: A has none, B has 50 ms");
  }

  @Test
  void cellsOfOneRunAreComparedByAnAxis() throws IOException {
    TestRun run =
        TestRun.ofCells(
            folder.resolve("by"),
            "data-plane: [iptables, nftables, direct], connections: [10, 20], pods: 2");
    RunResults results = run.fill().read();
    CellPairs planes = CellPairs.of(results, By.parse("data-plane"));
    assertThat(planes.pairs())
        .extracting(CellPair::title)
        .containsExactly(
            "http1, 10 connections: nftables against iptables-nft",
            "http1, 20 connections: nftables against iptables-nft");
    assertThat(planes.pairs()).allSatisfy(p -> assertThat(p.controls()).isPresent());
    assertThat(CellPairs.of(results, By.parse("connections=20,10")).pairs())
        .hasSize(3)
        .first()
        .extracting(CellPair::title)
        .isEqualTo("iptables-nft, http1, 20 connections: connections: 10 against 20");
    assertThatThrownBy(() -> CellPairs.of(results, By.parse("pods")))
        .hasMessageContaining("--by pods")
        .hasMessageContaining("its values there: 2");
    assertThatThrownBy(() -> CellPairs.of(results, By.parse("pod")))
        .hasMessageContaining("axes are data-plane");
    assertThatThrownBy(() -> By.parse("pods=1")).hasMessageContaining("AXIS=A,B");
    assertThat(By.parse("rate").a()).isEqualTo(Optional.empty());
  }

  /** What is usual stands in no key, and is a value nevertheless; values may have commas. */
  @Test
  void whatIsUsualIsComparedWithWhatIsNot() throws IOException {
    RunResults results =
        TestRun.ofCells(
                folder.resolve("usual"),
                "protocol: grpc, cure: [none, round-robin, \"max-age=600ms,jitter=grpc\"], pods: 2")
            .fill()
            .read();
    assertThat(CellPairs.of(results, By.parse("cure")).pairs())
        .extracting(CellPair::title)
        .satisfiesExactly(
            t -> assertThat(t).endsWith("cure: round-robin against none"),
            t -> assertThat(t).endsWith("cure: max-age=600ms,jitter=grpc against none"));
    By aged = By.parse("cure=max-age=600ms,jitter=grpc,round-robin");
    assertThat(aged.a()).contains("max-age=600ms,jitter=grpc");
    assertThat(CellPairs.of(results, aged).pairs()).hasSize(1);
    assertThatThrownBy(() -> By.parse("cure=a,b,c")).hasMessageContaining("AXIS=A,B");
    assertThatThrownBy(() -> CellPairs.of(results, By.parse("curse")))
        .hasMessageContaining("there is no such axis");
  }
}
