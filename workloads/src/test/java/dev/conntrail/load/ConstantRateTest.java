package dev.conntrail.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.conntrail.load.schedule.ConstantRate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ConstantRateTest {
  @Test
  void requestIIsDueAtIOverRate() {
    ConstantRate rate = new ConstantRate(3, 2);
    assertThat(LongStream.range(0, 7).map(rate::dueNs))
        .containsExactly(
            0L,
            333_333_333L,
            666_666_666L,
            1_000_000_000L,
            1_333_333_333L,
            1_666_666_666L,
            2_000_000_000L);
  }

  @Test
  void callersTakeTurns() {
    ConstantRate rate = new ConstantRate(10, 4);
    for (long i = 0; i < 100; i++) {
      assertThat(rate.dueNs(rate.callerOf(i), i / 4)).isEqualTo(rate.dueNs(i));
    }
  }

  @Test
  void aYearDoesNotOverflow() {
    ConstantRate rate = new ConstantRate(1_000_000, 1);
    long year = 365L * 86_400;
    assertThat(rate.dueNs(year * 1_000_000)).isEqualTo(year * 1_000_000_000L);
  }

  @Test
  void refusesNothing() {
    assertThatThrownBy(() -> new ConstantRate(0, 1)).isInstanceOf(IllegalArgumentException.class);
  }
}
