package dev.conntrail.result;

import dev.conntrail.spec.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** A whole result folder, but for what reports make of it: as one file, and in digests. */
public final class RunArchive {
  private static final String CELLS = "cells";
  private static final String PACKED = "cells.zip";
  private static final String REPORT = "report";

  private RunArchive() {}

  /**
   * Writes a folder as a ZIP; the same files give the same bytes.
   *
   * @param instead files to take in place of those of the same name, or besides
   * @param name of the folder within
   * @throws IOException if something in it is no plain file
   */
  public static void write(RunFolder folder, Path instead, String name, Path zip)
      throws IOException {
    SortedMap<String, Path> files = new TreeMap<>();
    for (Path root : List.of(folder.path(), instead)) {
      PackedCells.files(root).forEach((file, path) -> files.put(name + "/" + file, path));
    }
    files.keySet().removeIf(file -> file.startsWith(name + "/" + REPORT + "/"));
    PackedCells.write(files, zip);
  }

  /**
   * The SHA-256 of everything that was measured, by name: of each file, and of each folder with all
   * in it. Raw files have the same digest whether they are packed or not.
   *
   * @throws IOException if something in it is no plain file
   */
  public static SortedMap<String, String> digests(RunFolder folder) throws IOException {
    List<String> derived = Tables.DERIVED.stream().map(Table::file).toList();
    Map<String, SortedMap<String, RawFile>> all = new LinkedHashMap<>();
    PackedCells.files(folder.path())
        .forEach((file, path) -> {
          String top = file.contains("/") ? file.substring(0, file.indexOf('/')) : file;
          if (!top.equals(REPORT) && !derived.contains(top) && !file.endsWith("/")) {
            all.computeIfAbsent(top, _ -> new TreeMap<>()).put(file, RawFile.of(path));
          }
        });
    if (all.containsKey(PACKED)) {
      unpacked(folder)
          .ifPresent(cells -> {
            all.remove(PACKED);
            all.put(CELLS, cells);
          });
    }
    SortedMap<String, String> digests = new TreeMap<>();
    for (Map.Entry<String, SortedMap<String, RawFile>> top : all.entrySet()) {
      digests.put(top.getKey(), digest(top.getValue()));
    }
    return digests;
  }

  /** What an archive of raw files holds; nothing if it is damaged. */
  private static Optional<SortedMap<String, RawFile>> unpacked(RunFolder folder) {
    try (ZipFile zip = RawFile.open(folder.packedCells())) {
      Enumeration<? extends ZipEntry> entries = zip.entries();
      return Optional.of(
          Collections.list(entries).stream()
              .map(ZipEntry::getName)
              .filter(file -> !file.endsWith("/"))
              .collect(
                  Collectors.toMap(
                      file -> CELLS + "/" + file,
                      file -> RawFile.in(folder.packedCells(), file),
                      (a, _) -> a,
                      TreeMap::new)));
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  private static String digest(SortedMap<String, RawFile> files) throws IOException {
    MessageDigest digest = Sha256.begun();
    for (Map.Entry<String, RawFile> file : files.entrySet()) {
      digest.update(file.getKey().getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
      digest.update(bytes(file.getValue()));
      digest.update((byte) 0);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** What cannot be read has the bytes of its archive. */
  private static byte[] bytes(RawFile file) throws IOException {
    try {
      return file.bytes();
    } catch (IOException e) {
      if (file.packed().isEmpty()) {
        throw e;
      }
      return Files.readAllBytes(file.path());
    }
  }
}
