package dev.conntrail.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Folders that results are to go to. */
final class WritableFolder {
  private WritableFolder() {}

  /**
   * Refuses a folder that cannot be written, before anything is made that its results would be of.
   *
   * @param option that named it
   * @param folder need not be there yet
   */
  static void require(CommandSpec spec, String option, Path folder) {
    Path there = folder.toAbsolutePath().normalize();
    while (!Files.exists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    if (!Files.isDirectory(there)) {
      throw refusal(spec, option, folder, there + " is no folder");
    }
    try {
      // tried, for permissions alone do not tell: of file systems that are read-only, of root
      Files.delete(Files.createTempFile(there, ".conntrail", ""));
    } catch (IOException _) {
      throw refusal(
          spec, option, folder, there + " cannot be written by " + System.getProperty("user.name"));
    }
  }

  private static ParameterException refusal(
      CommandSpec spec, String option, Path folder, String why) {
    return new ParameterException(
        spec.commandLine(),
        option
            + ": found '"
            + folder
            + "', but "
            + why
            + "; allowed: a folder that can be written; mend: "
            + option
            + " with another, or its permissions");
  }
}
