package dev.conntrail.result;

import dev.conntrail.result.row.IndexRow;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** {@code index.csv} beside result folders. */
public final class RunIndex {
  private RunIndex() {}

  /**
   * Adds a row for a run that has ended.
   *
   * @param finished its folder, within {@code results}
   */
  public static void add(Path results, RunFolder finished) throws IOException {
    Manifest manifest = Json.read(finished.manifest(), Manifest.class);
    new RunFolder(results)
        .append(
            Tables.INDEX,
            List.of(
                new IndexRow(
                    results.relativize(finished.path()).toString(),
                    manifest.run(),
                    Instant.parse(manifest.startedUtc()),
                    manifest.experiment(),
                    manifest.testbeds(),
                    manifest.status(),
                    finished.rows(Tables.CELLS).size(),
                    finished.rows(Tables.SUMMARY).size(),
                    manifest.durationS(),
                    Json.read(finished.environment(), Environment.class).git())));
  }
}
