package dev.conntrail.report;

import dev.conntrail.result.RunFolder;
import java.io.IOException;
import java.nio.file.Path;

/** The report of a run. */
public final class Report {
  private Report() {}

  /** Writes all of it. */
  public static Path write(RunFolder folder) throws IOException {
    return folder.report().resolve("report.html");
  }
}
