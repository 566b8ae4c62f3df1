package dev.conntrail.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PollingTest {
  private static final Duration OFTEN = Duration.ofMillis(1);
  private static final Duration LONG = Duration.ofMinutes(5);

  @Test
  void itLooksUntilSomethingIsFound() {
    AtomicInteger looks = new AtomicInteger();
    assertThat(
            Polling.find(
                "a third look",
                LONG,
                OFTEN,
                () -> Optional.of(looks.incrementAndGet()).filter(n -> n == 3)))
        .contains(3);
    assertThat(looks).hasValue(3);
  }

  @Test
  void whenTimeHasRunOutItHasLookedOnce() {
    AtomicInteger looks = new AtomicInteger();
    assertThat(
            Polling.until(
                "nothing",
                Duration.ZERO,
                OFTEN,
                () -> {
                  looks.incrementAndGet();
                  return false;
                }))
        .isFalse();
    assertThat(looks).hasValue(1);
  }

  @Test
  void anInterruptEndsItAndStays() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> Polling.until("rules", LONG, LONG, () -> false))
        .isInstanceOf(TestbedException.class)
        .hasMessage("interrupted while waiting for rules");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void whatMendsAFaultIsAPartOfItsOwn() {
    TestbedException e = new TestbedException("no nft", "apt-get install nftables");
    assertThat(e).hasMessage("no nft; mend: apt-get install nftables");
    assertThat(
            Check.tried(
                "rules",
                () -> {
                  throw e;
                }))
        .isEqualTo(new Check("rules", false, false, "no nft", "apt-get install nftables"));
    assertThat(new TestbedException("broken").mend()).isEmpty();
  }
}
