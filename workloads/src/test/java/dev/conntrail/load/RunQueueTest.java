package dev.conntrail.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunQueueTest {
  @TempDir private Path tasks;

  private void thread(String tid, String schedstat) throws IOException {
    Files.writeString(Files.createDirectories(tasks.resolve(tid)).resolve("schedstat"), schedstat);
  }

  @Test
  void theSecondFieldIsTheWaitOfEachThread() throws IOException {
    thread("10", "500 70 3\n");
    thread("11", "0 40 1\n");
    Files.createDirectory(tasks.resolve("12")); // a thread that has just ended
    assertThat(RunQueue.read(tasks.toFile()).byThread()).isEqualTo(Map.of("10", 70L, "11", 40L));
  }

  @Test
  void waitsAreSummedOverThreadsThatBeganMeanwhileAndNotOverThoseThatEnded() {
    assertThat(
            new RunQueue.Waits(Map.of("10", 70L, "11", 40L))
                .until(new RunQueue.Waits(Map.of("10", 100L, "13", 5L))))
        .isEqualTo(35);
  }

  @Test
  void whereTheKernelDoesNotSayItIsNotKnown() throws IOException {
    thread("10", "0 0 0\n");
    assertThat(RunQueue.read(tasks.toFile()).byThread()).isEmpty();
    assertThat(RunQueue.read(tasks.resolve("missing").toFile()).byThread()).isEmpty();
    thread("10", "40000000 0 3\n");
    thread("11", "10000000 20000000 3\n");
    assertThat(RunQueue.read(tasks.toFile()).byThread()).as("in ticks of 10 ms").isEmpty();
    thread("12", "10000000 1 3\n");
    assertThat(RunQueue.read(tasks.toFile()).byThread()).as("in nanoseconds").hasSize(3);
    assertThat(new RunQueue.Waits(Map.of()).until(new RunQueue.Waits(Map.of("1", 1L)))).isNaN();
  }
}
