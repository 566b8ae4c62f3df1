package dev.conntrail.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProcessUseTest {
  /** Work is CPU time, to finer steps than ticks of 10 ms; sleep is none. */
  @Test
  void countsWhatThisProcessWorks() throws InterruptedException {
    long before = ProcessUse.own().orElseThrow().cpuNs();
    Thread busy =
        Thread.ofPlatform()
            .start(() -> {
              long until = Thread.currentThread().threadId();
              for (int i = 0; i < 50_000_000; i++) {
                until = until * 31 + i;
              }
              assertThat(until).isNotZero();
            });
    assertThat(busy.join(Duration.ofMinutes(1))).isTrue();
    ProcessUse after = ProcessUse.own().orElseThrow();
    assertThat(after.cpuNs()).as("a thread that has ended counts").isGreaterThan(before);
    assertThat(after.residentBytes()).isPositive().isLessThanOrEqualTo(after.peakBytes());
  }

  @Test
  void countsWhatAnotherProcessWorks() throws IOException, InterruptedException {
    Process other = new ProcessBuilder("sh", "-c", "while :; do :; done").start();
    try {
      long first = ProcessUse.of(other.pid()).orElseThrow().cpuNs();
      long then = first;
      for (int i = 0; i < 600 && then == first; i++) {
        Thread.sleep(50);
        then = ProcessUse.of(other.pid()).orElseThrow().cpuNs();
      }
      assertThat(then).isGreaterThan(first);
    } finally {
      other.destroyForcibly().waitFor();
    }
    assertThat(ProcessUse.of(other.pid())).as("it has ended").isEmpty();
  }
}
