package dev.conntrail.result;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/** A folder's files on their way from one machine to another; the ZIP's checksums tell a loss. */
public final class FolderZip {
  private FolderZip() {}

  /** The files of a folder, without those of folders in it, as a ZIP. */
  public static byte[] of(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.filter(Files::isRegularFile).sorted().toList();
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Path file : files) {
        zip.putNextEntry(new ZipEntry(file.getFileName().toString()));
        Files.copy(file, zip);
        zip.closeEntry();
      }
    }
    return bytes.toByteArray();
  }

  /**
   * Writes the files of a ZIP into a folder.
   *
   * @throws IOException if it is damaged, or names a file outside the folder
   */
  public static void unpack(byte[] zip, Path folder) throws IOException {
    Files.createDirectories(folder);
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        Path file = folder.resolve(entry.getName());
        if (!folder.equals(file.getParent())) {
          throw new IOException("refused: an archive with the path " + entry.getName());
        }
        Files.write(file, in.readAllBytes());
      }
    }
  }
}
