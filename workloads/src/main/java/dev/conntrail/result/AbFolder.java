package dev.conntrail.result;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The paths of the folder of two sides that were measured in turns: {@code ab.json}, and a run's
 * folder for each side. While it goes on its name ends as a run's does.
 *
 * @param path the folder
 */
public record AbFolder(Path path) {
  /** As deep as the folders of runs lie. */
  private static final int DEPTH = 3;

  /** A new folder, under its partial name. */
  public static AbFolder create(Path results, String name) throws IOException {
    return new AbFolder(RunFolder.create(results, name).path());
  }

  /** Whether a folder is one. */
  public static boolean is(Path folder) {
    return Files.isRegularFile(new AbFolder(folder).manifest());
  }

  /** What was run, and how it ended. */
  public Path manifest() {
    return path.resolve("ab.json");
  }

  /** What was measured of a side; of sides that are jars, the folder of {@link #block}s. */
  public RunFolder side(Side side) {
    return new RunFolder(path.resolve(side.word()));
  }

  /**
   * A new folder of a side, under its partial name.
   *
   * @see RunFolder#finish
   */
  public RunFolder begin(Side side) throws IOException {
    return RunFolder.create(path, side.word());
  }

  /** A block of a side that is a jar: the folder of a run with one repetition. */
  public RunFolder block(Side side, int number) {
    return new RunFolder(side(side).path().resolve("block-%02d".formatted(number)));
  }

  /** Where the runs of a side that is a jar put their folders at first. */
  public Path running(Side side) {
    return side(side).path().resolve("running");
  }

  /** What load and echo wrote to standard error; made when it is asked for. */
  public Path logs() throws IOException {
    return new RunFolder(path).logs();
  }

  /** Deletes the logs in which nothing was written. */
  public void dropEmptyLogs() throws IOException {
    new RunFolder(path).dropEmptyLogs();
  }

  /** Renames the folder to its final name. */
  public AbFolder finish() throws IOException {
    return new AbFolder(new RunFolder(path).finish().path());
  }

  /** Whether anything was measured. */
  public boolean measured() throws IOException {
    try (Stream<Path> all = Files.walk(path, DEPTH)) {
      return all.anyMatch(p -> p.endsWith(Tables.SUMMARY.file()));
    }
  }

  /** Folders of runs in it that have not ended. */
  List<RunFolder> begun() throws IOException {
    try (Stream<Path> all = Files.walk(path, DEPTH)) {
      return all.filter(p -> !p.equals(path) && p.toString().endsWith(RunFolder.PARTIAL))
          .map(RunFolder::new)
          .toList();
    }
  }
}
