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
          && !live.test(path)) {
        lines.add(clear(new RunFolder(path)));
      }
    }
    return lines;
  }

  private static String clear(RunFolder folder) throws IOException {
    Adoption.adoptLeft(folder);
    if (Files.exists(folder.of(Tables.SUMMARY))) {
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
