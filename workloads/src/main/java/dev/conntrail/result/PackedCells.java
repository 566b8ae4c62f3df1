package dev.conntrail.result;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * The raw files of a run's repetitions as one file, {@code cells.zip}, in place of the folder
 * {@code cells}. The same files give the same bytes. At every moment one of both is whole: what is
 * new is written under another name, read back, and renamed before what is old goes.
 */
public final class PackedCells {
  /**
   * Times of files are of no use, and would differ from time to time. The first month that ZIP has
   * is also what it has for earlier times, to which {@link ZipEntry} adds the time zone.
   */
  private static final LocalDateTime TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

  /**
   * What was packed, or unpacked.
   *
   * @param files how many
   * @param bytes their length
   * @param packedBytes length of the archive
   */
  public record Size(int files, long bytes, long packedBytes) {}

  private final Path cells;
  private final Path archive;

  private PackedCells(RunFolder folder) {
    this.cells = folder.cells();
    this.archive = folder.packedCells();
  }

  /**
   * Packs a folder.
   *
   * @throws IOException if there is nothing to pack, or what there is cannot be packed: one line
   */
  public static Size pack(RunFolder folder) throws IOException {
    return new PackedCells(folder).pack();
  }

  /**
   * Unpacks a folder.
   *
   * @throws IOException if there is nothing to unpack, or the archive is damaged: one line
   */
  public static Size unpack(RunFolder folder) throws IOException {
    return new PackedCells(folder).unpack();
  }

  private Size pack() throws IOException {
    if (!Files.isDirectory(cells)) {
      throw new IOException(
          cells
              + ": no such folder"
              + (Files.exists(archive) ? "; " + archive + " has its files already" : ""));
    }
    SortedMap<String, Path> files = files(cells);
    if (!Files.exists(archive)) {
      Path partial = beside(archive);
      write(files, partial);
      compare(files, partial, true);
      Files.move(partial, archive, StandardCopyOption.ATOMIC_MOVE);
    } else {
      // an earlier one was interrupted when it had packed all
      compare(files, archive, false);
    }
    FileTrees.delete(cells);
    return size();
  }

  private Size unpack() throws IOException {
    if (!Files.isRegularFile(archive)) {
      throw new IOException(
          archive
              + ": no such file"
              + (Files.isDirectory(cells) ? "; " + cells + " is not packed" : ""));
    }
    if (Files.isDirectory(cells)) {
      compare(files(cells), archive, false);
    }
    Path partial = beside(cells);
    if (Files.exists(partial)) {
      FileTrees.delete(partial);
    }
    extract(partial);
    compare(files(partial), archive, true);
    Size size = size();
    if (Files.isDirectory(cells)) {
      FileTrees.delete(cells);
    }
    Files.move(partial, cells, StandardCopyOption.ATOMIC_MOVE);
    Files.delete(archive);
    return size;
  }

  private static Path beside(Path path) {
    return path.resolveSibling(path.getFileName() + RunFolder.PARTIAL);
  }

  /** Files by name in the archive; a folder in which nothing is by its name and a slash. */
  static SortedMap<String, Path> files(Path root) throws IOException {
    SortedMap<String, Path> files = new TreeMap<>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (!attributes.isRegularFile()) {
              throw new IOException(file + ": found no plain file; allowed: files and folders");
            }
            files.put(root.relativize(file).toString(), file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            if (FileTrees.list(folder).isEmpty() && !folder.equals(root)) {
              files.put(root.relativize(folder) + "/", folder);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return files;
  }

  /** Writes an archive: the same files give the same bytes. */
  static void write(SortedMap<String, Path> files, Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.setLevel(Deflater.BEST_COMPRESSION);
      for (var each : files.entrySet()) {
        ZipEntry entry = new ZipEntry(each.getKey());
        entry.setTimeLocal(TIME);
        zip.putNextEntry(entry);
        if (!entry.isDirectory()) {
          Files.copy(each.getValue(), zip);
        }
        zip.closeEntry();
      }
    }
    try (FileChannel written = FileChannel.open(file, StandardOpenOption.WRITE)) {
      written.force(true);
    }
  }

  /**
   * Reads an archive back.
   *
   * @param all whether the files must be all that it has
   */
  private static void compare(SortedMap<String, Path> files, Path archive, boolean all)
      throws IOException {
    try (ZipFile zip = RawFile.open(archive)) {
      if (all && zip.size() != files.size()) {
        throw new IOException(
            "%s: found %d files; allowed: %d".formatted(archive, zip.size(), files.size()));
      }
    }
    for (var each : files.entrySet()) {
      RawFile packed = RawFile.in(archive, each.getKey());
      boolean same =
          each.getKey().endsWith("/")
              ? packed.exists()
              : packed.exists()
                  && Arrays.equals(packed.bytes(), Files.readAllBytes(each.getValue()));
      if (!same) {
        throw new IOException(
            "%s: found other bytes than in %s; allowed: the same; mend: remove one of both"
                .formatted(packed, each.getValue()));
      }
    }
  }

  private void extract(Path to) throws IOException {
    try (ZipFile zip = RawFile.open(archive)) {
      for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
        ZipEntry entry = all.nextElement();
        Path file = to.resolve(entry.getName()).normalize();
        if (!file.startsWith(to)) {
          throw new IOException(
              archive + ": found a file outside the folder, " + TextFiles.shown(entry.getName()));
        }
        if (entry.isDirectory()) {
          Files.createDirectories(file);
        } else {
          Files.createDirectories(file.getParent());
          Files.write(file, RawFile.in(archive, entry.getName()).bytes());
        }
      }
    }
  }

  private Size size() throws IOException {
    int files = 0;
    long bytes = 0;
    try (ZipFile zip = RawFile.open(archive)) {
      for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
        ZipEntry entry = all.nextElement();
        files += entry.isDirectory() ? 0 : 1;
        bytes += entry.getSize();
      }
    }
    return new Size(files, bytes, Files.size(archive));
  }
}
