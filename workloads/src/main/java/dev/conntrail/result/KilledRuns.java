package dev.conntrail.result;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** What runs left that were killed. */
public final class KilledRuns {
  private KilledRuns() {}

  /**
   * Deals with them: a folder without a finished repetition is removed, one with results is kept
   * under a name that says so.
   *
   * @param live tells whether the run of a partial folder is still going on
   * @return a line for each folder
   */
  public static List<String> clear(Path results, Predicate<Path> live) throws IOException {
    List<String> lines = new ArrayList<>();
    for (Path path : FileTrees.list(results)) {
      if (path.getFileName().toString().endsWith(RunFolder.PARTIAL)
          && Files.isDirectory(path)
          && !live.test(path)
          && new AbFolder(path).begun().stream().map(RunFolder::path).noneMatch(live)) {
        lines.add(AbFolder.is(path) ? clear(new AbFolder(path)) : clear(new RunFolder(path)));
      }
    }
    return lines;
  }

  /** Two sides that were measured in turns are kept, or not, as one. */
  private static String clear(AbFolder folder) throws IOException {
    for (RunFolder begun : folder.begun()) {
      clear(begun);
    }
    return clear(new RunFolder(folder.path()), folder.measured());
  }

  private static String clear(RunFolder folder) throws IOException {
    Adoption.adoptLeft(folder);
    return clear(folder, Files.exists(folder.of(Tables.SUMMARY)));
  }

  private static String clear(RunFolder folder, boolean measured) throws IOException {
    if (measured) {
      Path kept = folder.renamed(RunFolder.KILLED);
      Files.move(folder.path(), kept);
      return "kept what a killed run had measured as " + kept;
    }
    FileTrees.delete(folder.path());
    return "removed "
        + folder.path()
        + ", left by a run that was killed before its first repetition ended";
  }
}
