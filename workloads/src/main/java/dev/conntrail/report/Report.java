package dev.conntrail.report;

import dev.conntrail.result.RunFolder;
import java.io.IOException;
import java.nio.file.Path;

/** temporary */
public final class Report {
  private Report() {}

  /** temporary */
  public static Path write(RunFolder folder) throws IOException {
    return folder.report();
  }
}
