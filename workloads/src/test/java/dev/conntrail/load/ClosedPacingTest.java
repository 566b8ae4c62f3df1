package dev.conntrail.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.load.client.Caller;
import dev.conntrail.load.client.Reply;
import dev.conntrail.record.Replies;
import dev.conntrail.spec.LoadPlan;
import dev.conntrail.spec.Opening;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a caller of a closed loop does is a matter of the phase that the run is in. */
class ClosedPacingTest {
  private final LoadPlan plan = MemoryRuns.plan(1, 0, 100, 100, 100, Opening.AT_ONCE);
  private final PhaseClock clock = new PhaseClock(plan);
  private final Tally tally = new Tally(false);
  private final CountDownLatch told = new CountDownLatch(0);
  private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
  private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.CONNECT);
  private final ClosedPacing pacing = new ClosedPacing(clock, phase::get, tally, told, timer);
  private final Queue<Reply> sent = new ArrayDeque<>();

  @BeforeEach
  void begin() {
    clock.begin();
    tally.begin(new Replies(System.nanoTime(), clock.endsByNs()), 0);
    pacing.enlist(
        new Caller() {
          @Override
          public void connect(IntConsumer statuses) {
            // it needs none
          }

          @Override
          public void send(Reply reply) {
            sent.add(reply);
          }

          @Override
          public void close() {
            // nothing is open
          }
        });
  }

  @AfterEach
  void end() {
    timer.shutdownNow();
  }

  /** Who is told to stop does not wait for the end of it. */
  private void enter(Phase next) throws InterruptedException {
    phase.set(next);
    assertThat(pacing.pace(next)).as("told to stop").isTrue();
  }

  private void fail() {
    sent.remove().failed(new IOException("planted"));
  }

  @Test
  void aCallerSendsInPhasesThatSendAndRestsInOthers() throws InterruptedException {
    enter(Phase.WARMUP);
    assertThat(sent).as("the first").hasSize(1);
    enter(Phase.IDLE);
    assertThat(sent).as("still outstanding").hasSize(1);
    fail();
    assertThat(timer.getQueue()).as("tried again").isEmpty();
    assertThat(sent).isEmpty();
    enter(Phase.IDLE);
    assertThat(sent).isEmpty();
    enter(Phase.MEASURE);
    assertThat(sent).as("begun again").hasSize(1);
    fail();
    assertThat(timer.getQueue()).as("tried again, after a while").hasSize(1);
    phase.set(Phase.DRAIN);
    pacing.workers().getFirst().fire();
    assertThat(sent).as("in the drain").isEmpty();
  }
}
