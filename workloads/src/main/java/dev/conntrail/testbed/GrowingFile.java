package dev.conntrail.testbed;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A file that someone else writes to: its lines as they become whole. */
final class GrowingFile implements AutoCloseable {
  private final Path file;
  private final ByteArrayOutputStream begun = new ByteArrayOutputStream();
  private InputStream in;

  GrowingFile(Path file) {
    this.file = file;
  }

  /** The lines that have ended since the last call; none while there is no such file. */
  List<String> more() throws IOException {
    if (in == null) {
      if (!Files.exists(file)) {
        return List.of();
      }
      in = Files.newInputStream(file);
    }
    List<String> lines = new ArrayList<>();
    for (byte b : in.readAllBytes()) {
      if (b == '\n') {
        lines.add(begun.toString(StandardCharsets.UTF_8));
        begun.reset();
      } else {
        begun.write(b);
      }
    }
    return lines;
  }

  @Override
  public void close() throws IOException {
    if (in != null) {
      in.close();
    }
  }
}
