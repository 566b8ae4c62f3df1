package dev.conntrail.load;

import static dev.conntrail.load.MemoryRuns.plan;
import static dev.conntrail.load.MemoryRuns.sum;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.load.schedule.FireTimes;
import dev.conntrail.record.LedgerRow;
import dev.conntrail.record.Metric;
import dev.conntrail.record.Replies;
import dev.conntrail.spec.Arrivals;
import dev.conntrail.spec.Axes;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.Course;
import dev.conntrail.spec.LoadModel;
import dev.conntrail.spec.LoadPlan;
import dev.conntrail.spec.Named;
import dev.conntrail.spec.Opening;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pacing and recording, with a protocol that answers from memory. */
class LibraryEngineTest {
  private final MemoryRuns runs = new MemoryRuns();

  @AfterEach
  void end() {
    runs.close();
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
        runs.run(plan(1, 1000, 0, 1000), () -> count.incrementAndGet() == 300 ? 100 : 0, 0);
    Histogram response = sum(outcome, Metric.RESPONSE);
    Histogram service = sum(outcome, Metric.SERVICE);
    assertThat(outcome.requests().due()).isEqualTo(1000);
    assertThat(response.getTotalCount()).isEqualTo(1000);
    long waited50 = response.getCountBetweenValues(50_000_000, Long.MAX_VALUE / 2);
    assertThat(waited50).as("requests that waited 50 ms or longer").isBetween(45L, 400L);
    assertThat(response.getMaxValue()).isGreaterThanOrEqualTo(99_000_000);
    assertThat(service.getCountBetweenValues(50_000_000, Long.MAX_VALUE / 2))
        .as("only one was sent into the stall")
        .isBetween(1L, 20L);
  }

  @Test
  void repliesAreCountedByPodAndBin() throws InterruptedException {
    LoadOutcome outcome = runs.run(plan(5, 100, 200, 300, 400, Opening.AT_ONCE), () -> 0, 10);
    Replies.Pod pod = outcome.replies().pods().getFirst();
    assertThat(outcome.replies().pods()).hasSize(1);
    assertThat(pod.name()).isEqualTo("pod-1");
    long failed = outcome.replies().failed().values().stream().mapToLong(n -> n).sum();
    assertThat(failed).isEqualTo(6);
    assertThat(pod.answered().values().stream().mapToLong(n -> n).sum()).isEqualTo(54);
    assertThat(pod.response().getTotalCount()).isEqualTo(outcome.requests().answered());
    assertThat(pod.answered().firstKey()).isZero();
    assertThat(pod.answered().lastKey()).isGreaterThanOrEqualTo(800);
  }

  @Test
  void anOpenLoopSendsWhatIsDueAndMeasuresOnlyTheMeasurePhase() throws InterruptedException {
    LoadOutcome outcome = runs.run(plan(10, 500, 400, 1000), () -> 1, 0);
    assertThat(outcome.requests().due()).isEqualTo(500);
    assertThat(outcome.requests().answered()).isEqualTo(500);
    assertThat(outcome.requests().unfinished()).isZero();
    assertThat(outcome.ledger()).hasSize(10);
    assertThat(outcome.ledger().stream().mapToLong(LedgerRow::requests).sum()).isEqualTo(700);
    assertThat(outcome.ledger().stream().mapToLong(LedgerRow::measuredRequests).sum())
        .isEqualTo(500);
    assertThat(outcome.ledger()).allSatisfy(e -> assertThat(e.requests()).isEqualTo(70));
  }

  /** Three clients with a slice of one schedule each. */
  @ParameterizedTest
  @CsvSource({"100, regular", "50..300, poisson", "100/400, regular"})
  void allClientsTogetherSendTheWholeSchedule(String rate, String arrivals)
      throws InterruptedException {
    Cell cell =
        Cell.of(new Course(plan(1, 1, 100, 50, 500, Opening.AT_ONCE).phases(), List.of(), 1))
            .with(Axes.RATE, LoadModel.parse(rate))
            .with(Axes.ARRIVALS, Named.find(Arrivals.class, arrivals).orElseThrow())
            .with(Axes.CONNECTIONS, 7)
            .with(Axes.CLIENTS, 3);
    long due = 0;
    long answered = 0;
    long counted = 0;
    for (int client = 0; client < 3; client++) {
      LoadOutcome outcome =
          runs.run(
              LoadPlan.of("ct0a1b2c", cell, 2, "c", "n", client, List.of("127.0.0.1:80")),
              () -> 0,
              0);
      due += outcome.requests().due();
      answered += outcome.requests().answered();
      counted += outcome.ledger().stream().mapToLong(LedgerRow::requests).sum();
    }
    FireTimes whole =
        Schedules.whole((LoadModel.Open) cell.load(), cell.arrivals(), cell.course().phases(), 2);
    long warmup = before(whole, 100);
    long all = before(whole, 600);
    assertThat(due).isEqualTo(all - warmup).isPositive();
    assertThat(answered).isEqualTo(due);
    assertThat(counted).isEqualTo(all);
  }

  private static long before(FireTimes times, long ms) {
    return LongStream.iterate(0, i -> times.dueNs(i) < ms * 1_000_000, i -> i + 1).count();
  }

  @Test
  void aClosedLoopKeepsOneRequestOutstandingForEachCaller() throws InterruptedException {
    LoadOutcome outcome = runs.run(plan(4, 0, 0, 500), () -> 10, 0);
    // 4 callers, at least 10 ms each: at most 200 in 500 ms
    assertThat(outcome.requests().answered()).isBetween(4L, 204L);
    assertThat(outcome.requests().unfinished()).isZero();
  }

  @Test
  void failuresAreCountedByKindAndDoNotStopTheLoop() throws InterruptedException {
    LoadOutcome open = runs.run(plan(2, 200, 0, 500), () -> 0, 10);
    assertThat(open.requests().errors())
        .containsOnlyKeys("IllegalStateException: planted")
        .containsValue(10L);
    assertThat(open.requests().answered()).isEqualTo(90);
    LoadOutcome closed = runs.run(plan(1, 0, 0, 300), () -> 1, 5);
    assertThat(closed.requests().errors().get("IllegalStateException: planted")).isPositive();
    assertThat(closed.requests().answered()).isGreaterThan(5);
  }

  @Test
  void itDrainsEarlyWhenTold() throws InterruptedException {
    CountDownLatch stop = new CountDownLatch(1);
    runs.later(stop::countDown, 200);
    LoadOutcome outcome = runs.run(plan(2, 100, 0, 60_000), () -> 0, 0, stop);
    assertThat(outcome.drainedEarly()).isTrue();
    assertThat(outcome.requests().due()).isLessThan(6000);
    assertThat(outcome.requests().unfinished()).isZero();
  }

  /** Nothing is sent in the idle phase, and no request is lost to it. */
  @Test
  void theIdlePhaseIsAGapInTheSchedule() throws InterruptedException {
    LoadOutcome outcome = runs.run(plan(5, 100, 300, 1500, 500, Opening.AT_ONCE), () -> 0, 0);
    assertThat(outcome.requests().due()).isEqualTo(50);
    assertThat(outcome.requests().answered()).isEqualTo(50);
    assertThat(outcome.ledger()).allSatisfy(e -> assertThat(e.requests()).isEqualTo(16));
    assertThat(sum(outcome, Metric.RESPONSE).getMaxValue()).isLessThan(1_490_000_000);
    assertThat(outcome.times().measureStartMs() - outcome.times().startMs()).isEqualTo(1800);
  }

  @Test
  void aClosedLoopRestsInTheIdlePhase() throws InterruptedException {
    LoadOutcome outcome = runs.run(plan(3, 0, 100, 300, 200, Opening.AT_ONCE), () -> 20, 0);
    // at 20 ms each at most 5 in the warm-up and 10 in the measure phase, and one that was due
    assertThat(outcome.ledger()).allSatisfy(e -> assertThat(e.requests()).isBetween(2L, 16L));
    assertThat(outcome.requests().answered()).isBetween(3L, 33L);
    assertThat(outcome.requests().unfinished()).isZero();
  }

  /**
   * Opening spread: caller i comes after i of n parts of the measure phase, and sends from then.
   */
  @Test
  void connectionsThatOpenOneAfterTheOtherSendFromTheirBirth() throws InterruptedException {
    LoadOutcome outcome = runs.run(plan(10, 100, 200, 0, 1000, Opening.SPREAD), () -> 0, 0);
    assertThat(outcome.ledger()).hasSize(10);
    for (int i = 0; i < 10; i++) {
      LedgerRow e = outcome.ledger().get(i);
      assertThat((e.bornNs() - outcome.times().agreedNs()) / 1_000_000)
          .as("birth of " + i)
          .isGreaterThanOrEqualTo(200 + 100L * i);
      // caller i has a request each 100 ms, the k-th at 100k + 10i
      assertThat(e.measuredRequests()).as("requests of " + i).isEqualTo(10 - i);
    }
    assertThat(outcome.requests().due()).isEqualTo(55);
    assertThat(outcome.requests().answered()).isEqualTo(55);
    assertThat(outcome.requests().unfinished()).isZero();
  }

  /** Ledgers of all clients, and changes, are told from the instant that was agreed on. */
  @Test
  void whoWakesLateKeepsTheAgreedInstant() throws InterruptedException {
    long agreedNs = System.nanoTime() - 5_000_000_000L;
    LoadPlan plan = plan(2, 100, 0, 200);
    LoadOutcome outcome =
        new LibraryEngine(runs.client(() -> 0, 0))
            .run(plan, new RunSignals(new CountDownLatch(1), () -> agreedNs));
    assertThat(outcome.times().agreedNs()).isEqualTo(agreedNs);
    assertThat(outcome.requests().due()).isEqualTo(20);
    assertThat(outcome.requests().answered()).isEqualTo(20);
  }

  @Test
  void howLongAFailureTookIsRecorded() throws InterruptedException {
    LoadOutcome outcome = runs.run(plan(2, 100, 0, 500), () -> 30, 5);
    Histogram failures = sum(outcome, Metric.FAILURE);
    assertThat(failures.getTotalCount()).isEqualTo(10);
    assertThat(failures.getMinNonZeroValue()).isGreaterThanOrEqualTo(29_900_000);
  }
}
