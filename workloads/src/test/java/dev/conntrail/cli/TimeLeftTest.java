package dev.conntrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TimeLeftTest {
  private final AtomicLong now = new AtomicLong();
  private final TimeLeft left = new TimeLeft(now::get);

  @Test
  void whatCameBeforeTheFirstStepDoesNotCount() {
    at(120);
    assertThat(left.after(0, 5)).isEmpty();
    assertThat(left.after(1, 5)).isEmpty();
    at(130);
    assertThat(left.after(2, 5)).hasValue(Duration.ofSeconds(30));
    at(150);
    assertThat(left.after(3, 5)).hasValue(Duration.ofSeconds(30));
    assertThat(left.after(5, 5)).hasValue(Duration.ZERO);
  }

  private void at(long seconds) {
    now.set(Duration.ofSeconds(seconds).toNanos());
  }
}
