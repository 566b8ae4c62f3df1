package dev.conntrail.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GrowingFileTest {
  @TempDir private Path folder;

  @Test
  void aLineComesOnceItIsWhole() throws IOException {
    Path file = folder.resolve("stdout");
    try (GrowingFile growing = new GrowingFile(file)) {
      assertThat(growing.more()).isEmpty();
      Files.writeString(file, "one\ntw");
      assertThat(growing.more()).containsExactly("one");
      assertThat(growing.more()).isEmpty();
      Files.writeString(file, "o ü\n\nthr", StandardOpenOption.APPEND);
      assertThat(growing.more()).containsExactly("two ü", "");
      Files.writeString(file, "ee\n", StandardOpenOption.APPEND);
      assertThat(growing.more()).containsExactly("three");
    }
  }
}
