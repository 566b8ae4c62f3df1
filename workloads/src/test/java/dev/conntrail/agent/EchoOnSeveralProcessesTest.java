package dev.conntrail.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.conntrail.spec.Protocol;
import dev.conntrail.testbed.LoopbackTestbed;
import dev.conntrail.testbed.TestbedSize;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pods that have more connections than one process may open files. */
class EchoOnSeveralProcessesTest {
  private static final int PODS = 5;

  @TempDir private Path folder;

  @Test
  void podsAreInOrderWhicheverProcessServesThem() throws IOException {
    try (LoopbackTestbed testbed = new LoopbackTestbed(new TestbedSize(PODS, 1, 1));
        Echo echo = Echo.on(testbed, 2, Duration.ZERO, folder)) {
      assertThat(echo.pods()).isEqualTo(testbed.pods());
      assertThat(echo.addresses(Protocol.HTTP1)).hasSize(PODS).doesNotHaveDuplicates();
      assertThat(echo.use())
          .extracting(ProcessReading::process, ProcessReading::pods)
          .containsExactly(tuple("pods-1", 3), tuple("pods-2", 2));
      assertThat(echo.open(testbed.pods()))
          .hasSize(PODS)
          .allSatisfy((_, open) -> assertThat(open).isZero());
      assertThat(echo.take().connections()).isEmpty();
    }
  }
}
