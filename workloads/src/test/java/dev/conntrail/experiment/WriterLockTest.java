package dev.conntrail.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.ChildJar;
import dev.conntrail.testbed.Programs;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WriterLockTest {
  @TempDir private Path folder;

  /** Asks from a process of its own, for a lock is a process's. */
  public static void main(String[] arguments) {
    System.out.print(WriterLock.held(Path.of(arguments[0])));
  }

  private String seenByAnother() {
    return Programs.run(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            ChildJar.OWN,
            WriterLockTest.class.getName(),
            folder.toString()),
        "",
        Programs.SHORT);
  }

  @Test
  void anotherProcessSeesItForAsLongAsItIsHeldAndNoLonger() throws Exception {
    assertThat(seenByAnother()).as("nobody ever wrote").isEqualTo("false");
    WriterLock lock = WriterLock.take(folder);
    assertThat(seenByAnother()).isEqualTo("true");
    lock.release();
    assertThat(seenByAnother()).isEqualTo("false");
    assertThat(folder).isEmptyDirectory();
  }
}
