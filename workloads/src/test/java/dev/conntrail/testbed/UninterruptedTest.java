package dev.conntrail.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class UninterruptedTest {
  @Test
  void whoIsInterruptedClearsUpAllTheSame() {
    AtomicReference<String> said = new AtomicReference<>("");
    Thread.currentThread().interrupt();
    Uninterrupted.run(
        () -> said.set(Programs.run(List.of("echo", "cleared"), "", Programs.SHORT).strip()));
    assertThat(Thread.interrupted()).as("still interrupted").isTrue();
    assertThat(said).hasValue("cleared");
  }

  @Test
  void aFaultIsTheCallers() {
    assertThatThrownBy(() ->
            Uninterrupted.run(() -> {
              throw new TestbedException("no");
            }))
        .isInstanceOf(TestbedException.class)
        .hasMessage("no");
  }
}
