package dev.conntrail.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.load.client.Caller;
import dev.conntrail.load.client.Connections;
import dev.conntrail.load.client.ProtocolClient;
import dev.conntrail.load.client.Reply;
import dev.conntrail.record.LedgerEntry;
import dev.conntrail.record.Metric;
import dev.conntrail.spec.CellId;
import dev.conntrail.spec.KeepAlive;
import dev.conntrail.spec.LoadPlan;
import dev.conntrail.spec.Opening;
import dev.conntrail.spec.Pooling;
import dev.conntrail.spec.Protocol;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Pacing and recording, with a protocol that answers from memory. */
class LoadRunTest {
  private final ScheduledExecutorService answers = Executors.newSingleThreadScheduledExecutor();

  @AfterEach
  void end() {
    answers.shutdownNow();
  }

  /** Answers after a delay; {@code failEvery} makes each so-manieth request fail. */
  private final class Memory implements ProtocolClient {
    private final Connections connections;
    private final LongSupplier delayMs;
    private final int failEvery;
    private final AtomicInteger ports = new AtomicInteger(1000);
    private final AtomicInteger sent = new AtomicInteger();

    Memory(Connections connections, LongSupplier delayMs, int failEvery) {
      this.connections = connections;
      this.delayMs = delayMs;
      this.failEvery = failEvery;
    }

    @Override
    public Caller caller(InetSocketAddress target) {
      return new Caller() {
        private LedgerEntry entry;

        @Override
        public void connect() {
          entry =
              connections
                  .ledger()
                  .born(
                      new InetSocketAddress(
                          java.net.InetAddress.ofLiteral("127.0.0.1"), ports.incrementAndGet()),
                      target,
                      System.nanoTime(),
                      1000);
        }

        @Override
        public void send(Reply reply) {
          boolean fails = failEvery > 0 && sent.incrementAndGet() % failEvery == 0;
          Runnable answer =
              fails
                  ? () -> reply.failed(new IllegalStateException("planted"))
                  : () -> reply.arrived(entry, "pod-1 node-1 1 1");
          answers.schedule(answer, delayMs.getAsLong(), TimeUnit.MILLISECONDS);
        }

        @Override
        public void close() {
          // nothing is open
        }
      };
    }

    @Override
    public void close() {
      // nothing is open
    }
  }

  private static LoadPlan plan(int callers, int rate, long warmupMs, long measureMs) {
    return plan(callers, rate, warmupMs, 0, measureMs, Opening.AT_ONCE);
  }

  private static LoadPlan plan(
      int callers, int rate, long warmupMs, long idleMs, long measureMs, Opening opening) {
    return new LoadPlan(
        "ct0a1b2c",
        new CellId("00000001"),
        1,
        "client-1",
        "node-1",
        0,
        1,
        Protocol.HTTP1,
        Pooling.DEDICATED,
        opening,
        KeepAlive.NONE,
        1,
        0,
        callers,
        List.of("127.0.0.1:80"),
        rate,
        warmupMs,
        idleMs,
        measureMs,
        2000);
  }

  private LoadOutcome run(LoadPlan plan, LongSupplier delayMs, int failEvery, CountDownLatch stop)
      throws InterruptedException {
    return LoadRun.run(plan, c -> new Memory(c, delayMs, failEvery), stop, StartSignal.AT_ONCE);
  }

  private static Histogram sum(LoadOutcome outcome, Metric metric) {
    Histogram sum = new Histogram(3);
    outcome.intervals().forEach(i -> sum.add(i.histograms().get(metric)));
    return sum;
  }

  /**
   * The server stops answering for 100 ms once. At 1,000 requests a second on one connection, the
   * 100 requests that were due meanwhile waited from 100 ms down to nothing: their latencies must
   * be there, not only that of the one that was sent.
   */
  @Test
  void aStallOf100MsShowsInFull() throws InterruptedException {
    AtomicInteger count = new AtomicInteger();
    LoadOutcome outcome =
        run(
            plan(1, 1000, 0, 1000),
            () -> count.incrementAndGet() == 300 ? 100 : 0,
            0,
            new CountDownLatch(1));
    Histogram response = sum(outcome, Metric.RESPONSE);
    Histogram service = sum(outcome, Metric.SERVICE);
    assertThat(outcome.due()).isEqualTo(1000);
    assertThat(response.getTotalCount()).isEqualTo(1000);
    long waited50 = response.getCountBetweenValues(50_000_000, Long.MAX_VALUE / 2);
    assertThat(waited50).as("requests that waited 50 ms or longer").isBetween(45L, 400L);
    assertThat(response.getMaxValue()).isGreaterThanOrEqualTo(99_000_000);
    assertThat(service.getCountBetweenValues(50_000_000, Long.MAX_VALUE / 2))
        .as("only one was sent into the stall")
        .isBetween(1L, 20L);
  }

  @Test
  void anOpenLoopSendsWhatIsDueAndMeasuresOnlyTheMeasurePhase() throws InterruptedException {
    LoadOutcome outcome = run(plan(10, 500, 400, 1000), () -> 1, 0, new CountDownLatch(1));
    assertThat(outcome.due()).isEqualTo(500);
    assertThat(outcome.answered()).isEqualTo(500);
    assertThat(outcome.unfinished()).isZero();
    assertThat(outcome.ledger()).hasSize(10);
    assertThat(outcome.ledger().stream().mapToLong(LedgerEntry::requests).sum()).isEqualTo(700);
    assertThat(outcome.ledger().stream().mapToLong(LedgerEntry::measuredRequests).sum())
        .isEqualTo(500);
    assertThat(outcome.ledger()).allSatisfy(e -> assertThat(e.requests()).isEqualTo(70));
  }

  @Test
  void aClosedLoopKeepsOneRequestOutstandingForEachCaller() throws InterruptedException {
    LoadOutcome outcome = run(plan(4, 0, 0, 500), () -> 10, 0, new CountDownLatch(1));
    // 4 callers, at least 10 ms each: at most 200 in 500 ms
    assertThat(outcome.answered()).isBetween(4L, 204L);
    assertThat(outcome.unfinished()).isZero();
  }

  @Test
  void failuresAreCountedByKindAndDoNotStopTheLoop() throws InterruptedException {
    LoadOutcome open = run(plan(2, 200, 0, 500), () -> 0, 10, new CountDownLatch(1));
    assertThat(open.errors()).containsOnlyKeys("IllegalStateException: planted").containsValue(10L);
    assertThat(open.answered()).isEqualTo(90);
    LoadOutcome closed = run(plan(1, 0, 0, 300), () -> 1, 5, new CountDownLatch(1));
    assertThat(closed.errors().get("IllegalStateException: planted")).isPositive();
    assertThat(closed.answered()).isGreaterThan(5);
  }

  @Test
  void itDrainsEarlyWhenTold() throws InterruptedException {
    CountDownLatch stop = new CountDownLatch(1);
    answers.schedule(stop::countDown, 200, TimeUnit.MILLISECONDS);
    LoadOutcome outcome = run(plan(2, 100, 0, 60_000), () -> 0, 0, stop);
    assertThat(outcome.drainedEarly()).isTrue();
    assertThat(outcome.due()).isLessThan(6000);
    assertThat(outcome.unfinished()).isZero();
  }

  /** Nothing is sent in the idle phase, and no request is lost to it. */
  @Test
  void theIdlePhaseIsAGapInTheSchedule() throws InterruptedException {
    LoadOutcome outcome =
        run(plan(5, 100, 300, 1500, 500, Opening.AT_ONCE), () -> 0, 0, new CountDownLatch(1));
    assertThat(outcome.due()).isEqualTo(50);
    assertThat(outcome.answered()).isEqualTo(50);
    assertThat(outcome.ledger()).allSatisfy(e -> assertThat(e.requests()).isEqualTo(16));
    assertThat(sum(outcome, Metric.RESPONSE).getMaxValue()).isLessThan(1_490_000_000);
    assertThat(outcome.measureStartMs() - outcome.startMs()).isEqualTo(1800);
  }

  @Test
  void aClosedLoopRestsInTheIdlePhase() throws InterruptedException {
    LoadOutcome outcome =
        run(plan(3, 0, 100, 300, 200, Opening.AT_ONCE), () -> 20, 0, new CountDownLatch(1));
    // at 20 ms each at most 5 in the warm-up and 10 in the measure phase, and one that was due
    assertThat(outcome.ledger()).allSatisfy(e -> assertThat(e.requests()).isBetween(2L, 16L));
    assertThat(outcome.answered()).isBetween(3L, 33L);
    assertThat(outcome.unfinished()).isZero();
  }

  /**
   * Opening spread: caller i comes after i of n parts of the measure phase, and sends from then.
   */
  @Test
  void connectionsThatOpenOneAfterTheOtherSendFromTheirBirth() throws InterruptedException {
    LoadOutcome outcome =
        run(plan(10, 100, 200, 0, 1000, Opening.SPREAD), () -> 0, 0, new CountDownLatch(1));
    assertThat(outcome.ledger()).hasSize(10);
    for (int i = 0; i < 10; i++) {
      LedgerEntry e = outcome.ledger().get(i);
      assertThat((e.bornNs() - outcome.agreedNs()) / 1_000_000)
          .as("birth of " + i)
          .isGreaterThanOrEqualTo(200 + 100L * i);
      // caller i has a request each 100 ms, the k-th at 100k + 10i
      assertThat(e.measuredRequests()).as("requests of " + i).isEqualTo(10 - i);
    }
    assertThat(outcome.due()).isEqualTo(55);
    assertThat(outcome.answered()).isEqualTo(55);
    assertThat(outcome.unfinished()).isZero();
  }

  /** Ledgers of all clients, and changes, are told from the instant that was agreed on. */
  @Test
  void whoWakesLateKeepsTheAgreedInstant() throws InterruptedException {
    long agreedNs = System.nanoTime() - 5_000_000_000L;
    LoadOutcome outcome =
        LoadRun.run(
            plan(2, 100, 0, 200),
            c -> new Memory(c, () -> 0, 0),
            new CountDownLatch(1),
            () -> agreedNs);
    assertThat(outcome.agreedNs()).isEqualTo(agreedNs);
    assertThat(outcome.due()).isEqualTo(20);
    assertThat(outcome.answered()).isEqualTo(20);
  }

  @Test
  void howLongAFailureTookIsRecorded() throws InterruptedException {
    LoadOutcome outcome = run(plan(2, 100, 0, 500), () -> 30, 5, new CountDownLatch(1));
    Histogram failures = sum(outcome, Metric.FAILURE);
    assertThat(failures.getTotalCount()).isEqualTo(10);
    assertThat(failures.getMinNonZeroValue()).isGreaterThanOrEqualTo(29_900_000);
  }

  @Test
  void repliesFromAnotherPodAreStrays() {
    dev.conntrail.record.Ledger ledger = new dev.conntrail.record.Ledger();
    LedgerEntry entry =
        ledger.born(
            new InetSocketAddress(java.net.InetAddress.ofLiteral("127.0.0.1"), 1),
            new InetSocketAddress(java.net.InetAddress.ofLiteral("127.0.0.1"), 2),
            0,
            0);
    entry.replied(dev.conntrail.record.EchoLine.parse("pod-1 node-1 1 1"), true, 3, 5);
    entry.replied(dev.conntrail.record.EchoLine.parse("pod-2 node-1 1 2"), true, 6, 9);
    assertThat(entry.lastReplyNs()).isEqualTo(9);
    assertThat(entry.lastRequestNs()).isEqualTo(6);
    assertThat(entry.pod()).isEqualTo("pod-1");
    assertThat(entry.strays()).isEqualTo(1);
  }

  /** As seen on a cluster: the kernel gave one local port to connections to two pods. */
  @Test
  void aLocalPortMayServeSeveralRemotes() {
    dev.conntrail.record.Ledger ledger = new dev.conntrail.record.Ledger();
    java.net.InetSocketAddress local = new java.net.InetSocketAddress("10.244.1.7", 44556);
    java.net.InetSocketAddress one = new java.net.InetSocketAddress("10.244.2.5", 9090);
    java.net.InetSocketAddress two = new java.net.InetSocketAddress("10.244.1.3", 9090);
    LedgerEntry first = ledger.born(local, one, 1, 1);
    LedgerEntry second = ledger.born(local, two, 2, 1);
    assertThat(ledger.between(local, one)).isSameAs(first);
    assertThat(ledger.between(local, two)).isSameAs(second);
    assertThat(ledger.between(one, local)).isNull();
  }
}
