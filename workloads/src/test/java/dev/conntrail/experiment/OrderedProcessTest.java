package dev.conntrail.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.conntrail.testbed.TestbedException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrderedProcessTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final String READY = "read order; echo ready; ";

  @TempDir private Path folder;

  private OrderedProcess start(String script) throws IOException {
    return OrderedProcess.start(
        "it", new ProcessBuilder("sh", "-c", script).start(), folder.resolve("log"));
  }

  @Test
  void lastWordsAreNoAnswerAndOutliveTheProcess() throws Exception {
    try (OrderedProcess it = start(READY + "read order; echo ended abc=; echo ok")) {
      assertThatThrownBy(() -> it.awaitLastWords(Duration.ZERO))
          .isInstanceOf(TimeoutException.class);
      assertThat(it.ask("take", LIMIT)).isEmpty();
      it.awaitEnd();
      assertThatThrownBy(() -> it.ask("take", LIMIT)).isInstanceOf(TestbedException.class);
      assertThat(it.awaitLastWords(Duration.ZERO)).hasValue("abc=");
    }
  }

  @Test
  void whoIsKilledSaysNothing() throws Exception {
    try (OrderedProcess it = start(READY + "kill -s KILL $$")) {
      assertThat(it.awaitLastWords(LIMIT)).isEmpty();
    }
  }
}
