package dev.conntrail.result;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * A file of a result folder, on its own or packed with others.
 *
 * @param path the file, or the archive that it is in
 * @param packed its name in the archive
 */
record RawFile(Path path, Optional<String> packed) {
  /** One on its own. */
  static RawFile of(Path path) {
    return new RawFile(path, Optional.empty());
  }

  /** One of an archive. */
  static RawFile in(Path archive, String name) {
    return new RawFile(archive, Optional.of(name));
  }

  /** Its name, without where it is. */
  String name() {
    String whole = packed.orElseGet(() -> path.getFileName().toString());
    return whole.substring(whole.lastIndexOf('/') + 1);
  }

  /**
   * Whether it is there.
   *
   * @throws IOException if its archive is damaged
   */
  boolean exists() throws IOException {
    if (packed.isEmpty()) {
      return Files.exists(path);
    }
    try (ZipFile zip = open(path)) {
      return zip.getEntry(packed.get()) != null;
    }
  }

  /**
   * What is in it.
   *
   * @throws IOException if it is not there, or damaged, with its name
   */
  byte[] bytes() throws IOException {
    if (packed.isEmpty()) {
      if (Files.isDirectory(path)) {
        throw new IOException(path + ": found a folder; allowed: a file");
      }
      return Files.readAllBytes(path);
    }
    try (ZipFile zip = open(path)) {
      ZipEntry entry = zip.getEntry(packed.get());
      if (entry == null) {
        throw new IOException(this + ": no such file");
      }
      return checked(zip, entry);
    }
  }

  private byte[] checked(ZipFile zip, ZipEntry entry) throws IOException {
    try (InputStream in = zip.getInputStream(entry)) {
      byte[] bytes = in.readAllBytes();
      CRC32 sum = new CRC32();
      sum.update(bytes);
      if (sum.getValue() == entry.getCrc()) {
        return bytes;
      }
    } catch (ZipException | EOFException e) {
      throw damaged(this, e);
    }
    throw damaged(this, null);
  }

  /**
   * An archive, to be closed.
   *
   * @throws IOException if it is none, with its name
   */
  static ZipFile open(Path archive) throws IOException {
    try {
      return new ZipFile(archive.toFile());
    } catch (ZipException e) {
      throw damaged(archive, e);
    }
  }

  private static IOException damaged(Object what, Exception e) {
    return new IOException(what + ": found a damaged archive; allowed: what `pack` writes", e);
  }

  @Override
  public String toString() {
    return path + packed.map(name -> "!/" + name).orElse("");
  }
}
