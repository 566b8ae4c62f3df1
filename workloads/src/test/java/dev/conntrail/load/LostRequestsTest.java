package dev.conntrail.load;

import static dev.conntrail.load.MemoryRuns.drainedFor;
import static dev.conntrail.load.MemoryRuns.plan;
import static dev.conntrail.load.MemoryRuns.sum;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.load.client.Caller;
import dev.conntrail.load.client.Pick;
import dev.conntrail.load.client.ProtocolClient;
import dev.conntrail.load.client.Reply;
import dev.conntrail.record.CensoredTimes;
import dev.conntrail.record.LedgerRow;
import dev.conntrail.record.Metric;
import dev.conntrail.record.Recording;
import dev.conntrail.spec.LoadPlan;
import dev.conntrail.spec.Opening;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests that are not answered, or wait for each other. */
class LostRequestsTest {
  private final MemoryRuns runs = new MemoryRuns();

  @AfterEach
  void end() {
    runs.close();
  }

  /** No connection can be made, and nothing is answered. */
  private static final class Unreachable implements ProtocolClient {
    @Override
    public Caller caller(Pick pick) {
      return new Caller() {
        @Override
        public void connect(IntConsumer statuses) throws IOException {
          throw new IOException("no route");
        }

        @Override
        public void send(Reply reply) {
          // it hangs
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

  private static CensoredTimes times(LoadOutcome outcome) {
    return CensoredTimes.of(Recording.sum(outcome.intervals()));
  }

  /**
   * From its 101st request on the server is silent: what was sent, and what waits behind it, is due
   * all the same, and its times are only known to be longer than until the end of the drain.
   */
  @Test
  void requestsThatNeverComeBackCount() throws InterruptedException {
    AtomicInteger count = new AtomicInteger();
    LoadOutcome outcome =
        runs.run(
            drainedFor(plan(10, 400, 0, 1000), 300),
            () -> count.incrementAndGet() > 100 ? -1 : 0,
            0);
    CensoredTimes times = times(outcome);
    assertThat(outcome.requests().due()).isEqualTo(400);
    assertThat(outcome.requests().answered()).isEqualTo(100);
    assertThat(outcome.requests().unfinished()).isEqualTo(300);
    assertThat(outcome.requests().errors()).isEmpty();
    assertThat(times.count()).isEqualTo(400);
    assertThat(times.answeredCount()).isEqualTo(100);
    assertThat(times.percentile(99).atLeast()).isTrue();
    // the last request was due 2.5 ms before the end of the measure phase
    assertThat(sum(outcome, Metric.CENSORED).getMinNonZeroValue())
        .isGreaterThanOrEqualTo(300_000_000);
    assertThat(times.percentile(99).ns()).isGreaterThan(1_000_000_000);
    assertThat(times.percentile(20).atLeast()).isFalse();
  }

  /** Failed ones too, and those of a closed loop; what was due in the warm-up does not count. */
  @Test
  void everyRequestThatWasDueIsAnsweredOrCensored() throws InterruptedException {
    AtomicInteger count = new AtomicInteger();
    LongSupplier sometimes = () -> count.incrementAndGet() % 50 == 0 ? -1 : 1;
    for (int rate : new int[] {400, 0}) {
      LoadOutcome outcome = runs.run(drainedFor(plan(20, rate, rate / 4, 500), 50), sometimes, 7);
      CensoredTimes times = times(outcome);
      assertThat(times.count()).isEqualTo(outcome.requests().due());
      assertThat(times.answeredCount()).isEqualTo(outcome.requests().answered());
      assertThat(outcome.requests().unfinished()).isPositive();
      assertThat(outcome.requests().errors()).isNotEmpty();
      assertThat(outcome.ledger().stream().mapToLong(LedgerRow::measuredRequests).sum())
          .isEqualTo(outcome.requests().answered());
    }
  }

  @Test
  void aConnectionThatCannotBeMadeIsNoRequest() throws InterruptedException {
    LoadPlan plan = drainedFor(plan(2, 100, 0, 0, 200, Opening.SPREAD), 50);
    LoadOutcome outcome =
        new LibraryEngine(c -> new Unreachable())
            .run(plan, new RunSignals(new CountDownLatch(1), StartSignal.AT_ONCE));
    assertThat(outcome.requests().errors()).isEqualTo(Map.of("no route", 2L));
    assertThat(outcome.requests().connectsFailed()).isEqualTo(2);
    assertThat(sum(outcome, Metric.FAILURE).getTotalCount()).isEqualTo(2);
    assertThat(sum(outcome, Metric.CENSORED).getTotalCount())
        .as("those that were due, and had no reply")
        .isEqualTo(outcome.requests().due())
        .isEqualTo(outcome.requests().unfinished());
  }

  @Test
  void whatTheWarmUpLeavesUnsentIsCounted() throws InterruptedException {
    LoadOutcome silent = runs.run(drainedFor(plan(1, 100, 500, 100), 50), () -> -1, 0);
    assertThat(silent.requests().carried()).isPositive().isLessThan(silent.requests().unfinished());
    LoadOutcome cold = runs.run(drainedFor(plan(1, 100, 0, 100), 50), () -> -1, 0);
    assertThat(cold.requests().carried()).as("nothing was due before").isZero();
  }

  /** Behind a stall requests wait for each other, and none of them for the client. */
  @Test
  void pacingLagIsThatOfRequestsThatFoundTheirCallerFree() throws InterruptedException {
    AtomicInteger count = new AtomicInteger();
    LoadOutcome outcome =
        runs.run(plan(1, 1000, 0, 500), () -> count.incrementAndGet() == 100 ? 300 : 0, 0);
    long all = sum(outcome, Metric.SEND_LAG).getTotalCount();
    long free = sum(outcome, Metric.PACING_LAG).getTotalCount();
    assertThat(all).isEqualTo(500);
    assertThat(free).as("the 300 of the stall waited for their caller").isBetween(1L, 201L);
    assertThat(sum(runs.run(plan(1, 0, 0, 100), () -> 1, 0), Metric.PACING_LAG))
        .as("in a closed loop nothing is due before it is sent")
        .extracting(Histogram::getTotalCount)
        .isEqualTo(0L);
  }
}
