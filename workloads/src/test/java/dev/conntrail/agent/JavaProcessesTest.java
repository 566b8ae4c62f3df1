package dev.conntrail.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JavaProcessesTest {
  @TempDir private Path folder;

  /** Java would go without for ever: it does not replace an archive of another jar. */
  @Test
  void anArchiveOfAnOlderJarIsRemoved() throws IOException {
    Path jar = Files.writeString(folder.resolve("workloads.jar"), "");
    Path archive = Files.writeString(folder.resolve("workloads.jsa"), "");
    Files.setLastModifiedTime(jar, FileTime.fromMillis(2000));
    Files.setLastModifiedTime(archive, FileTime.fromMillis(3000));
    assertThat(JavaProcesses.archive(jar, true))
        .contains("-XX:SharedArchiveFile=" + archive, "-XX:+AutoCreateSharedArchive");
    assertThat(archive).exists();
    assertThat(JavaProcesses.archive(jar, false))
        .contains("-XX:SharedArchiveFile=" + archive)
        .doesNotContain("-XX:+AutoCreateSharedArchive");
    Files.setLastModifiedTime(archive, FileTime.fromMillis(1000));
    assertThat(JavaProcesses.archive(jar, true)).contains("-XX:SharedArchiveFile=" + archive);
    assertThat(archive).doesNotExist();
    assertThat(JavaProcesses.archive(jar, false)).as("a guest can make none").isEmpty();
  }

  @Test
  void onlyTheJarHasOne() {
    assertThat(JavaProcesses.archive(folder.resolve("classes"), true)).isEmpty();
    assertThat(JavaProcesses.archive(folder.resolve("workloads.jar"), true)).isEmpty();
  }
}
