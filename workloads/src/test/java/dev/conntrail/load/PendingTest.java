package dev.conntrail.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Who sends, and who counts. */
class PendingTest {
  @Test
  void whoAddsTheOnlyOneSendsItAndWhoCountsItsEndSendsTheNext() {
    Pending pending = new Pending();
    assertThat(pending.add()).isTrue();
    assertThat(pending.add()).isFalse();
    assertThat(pending.count()).isEqualTo(2);
    assertThat(pending.ended()).isTrue();
    assertThat(pending.count()).as("its end is not counted yet").isEqualTo(2);
    assertThat(pending.add()).as("the one that has ended is not counted yet").isFalse();
    assertThat(pending.counted()).isTrue();
    assertThat(pending.ended()).isTrue();
    assertThat(pending.counted()).isTrue();
    assertThat(pending.ended()).isTrue();
    assertThat(pending.counted()).as("none waits").isFalse();
    assertThat(pending.count()).isZero();
  }

  @Test
  void inAClosedLoopThereIsOne() {
    Pending pending = new Pending();
    assertThat(pending.begin()).isTrue();
    assertThat(pending.begin()).as("it is being sent").isFalse();
    pending.again();
    assertThat(pending.begin()).as("it is outstanding").isFalse();
    assertThat(pending.count()).isEqualTo(1);
    assertThat(pending.ended()).isTrue();
    pending.again();
    assertThat(pending.ended()).isTrue();
    assertThat(pending.counted()).isFalse();
    assertThat(pending.count()).isZero();
    assertThat(pending.begin()).isTrue();
  }

  @Test
  void whatIsGivenUpIsNeitherSentNorCountedAgain() {
    Pending pending = new Pending();
    pending.add();
    pending.add();
    pending.add();
    assertThat(pending.giveUp()).isEqualTo(3);
    assertThat(pending.ended()).as("a late reply").isFalse();
    assertThat(pending.add()).isFalse();
    assertThat(pending.begin()).isFalse();
    assertThat(pending.count()).isZero();
    assertThat(pending.giveUp()).isZero();
  }

  @Test
  void whoGivesUpWaitsForACountThatHasBegun() {
    Pending pending = new Pending();
    pending.add();
    pending.add();
    pending.ended();
    CompletableFuture<Integer> givenUp = CompletableFuture.supplyAsync(pending::giveUp);
    assertThat(givenUp).isNotDone();
    pending.counted();
    assertThat(givenUp.join()).as("the one that was counted is not among them").isEqualTo(1);
  }

  /** Replies race with the end of the drain: every request is counted by one of the two. */
  @Test
  void everyRequestEndsOnce() {
    for (int round = 0; round < 200; round++) {
      Pending pending = new Pending();
      AtomicInteger answered = new AtomicInteger();
      for (int i = 0; i < 1000; i++) {
        pending.add();
      }
      CompletableFuture<Void> replies =
          CompletableFuture.runAsync(() -> {
            while (pending.ended()) {
              answered.incrementAndGet();
              if (!pending.counted()) {
                return;
              }
            }
          });
      int givenUp = pending.giveUp();
      replies.join();
      assertThat(answered.get() + givenUp).isEqualTo(1000);
    }
  }
}
