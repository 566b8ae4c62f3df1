package dev.conntrail.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderZipTest {
  @TempDir private Path folder;

  @Test
  void whatIsPackedArrivesWhole() throws IOException {
    Path from = Files.createDirectories(folder.resolve("from"));
    byte[] bytes = new byte[100_000];
    new Random(1).nextBytes(bytes);
    Files.write(from.resolve("latency.hlog"), bytes);
    Files.writeString(from.resolve("empty.csv"), "");
    FolderZip.unpack(FolderZip.of(from), folder.resolve("to"));
    assertThat(folder.resolve("to/latency.hlog")).hasBinaryContent(bytes);
    assertThat(folder.resolve("to/empty.csv")).isEmptyFile();
  }

  @Test
  void aDamagedArchiveIsRefused() throws IOException {
    Path from = Files.createDirectories(folder.resolve("from"));
    Files.writeString(from.resolve("a.csv"), "x".repeat(10_000));
    byte[] zip = FolderZip.of(from);
    zip[60] ^= 1;
    assertThatThrownBy(() -> FolderZip.unpack(zip, folder.resolve("to")))
        .isInstanceOf(IOException.class);
  }

  @Test
  void noFileIsWrittenOutsideTheFolder() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("../evil"));
      zip.closeEntry();
    }
    assertThatThrownBy(() -> FolderZip.unpack(bytes.toByteArray(), folder.resolve("to")))
        .hasMessageContaining("../evil");
  }
}
