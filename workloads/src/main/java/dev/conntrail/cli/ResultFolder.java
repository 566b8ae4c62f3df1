package dev.conntrail.cli;

import dev.conntrail.result.RunFolder;
import java.nio.file.Path;

/** A result folder that a command line names. */
final class ResultFolder {
  private ResultFolder() {}

  /**
   * The run's folder at a path.
   *
   * @throws IllegalArgumentException if it is none, with the mend
   */
  static RunFolder require(Path folder) {
    RunFolder run = new RunFolder(folder);
    if (!run.exists()) {
      throw new IllegalArgumentException(
          folder + ": found no manifest.json; allowed: a result folder, as `run` writes it");
    }
    return run;
  }
}
