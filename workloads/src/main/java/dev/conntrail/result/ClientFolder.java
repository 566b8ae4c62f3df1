package dev.conntrail.result;

import java.nio.file.Path;

/**
 * What one load process writes in one repetition.
 *
 * @param path its folder
 */
public record ClientFolder(Path path) implements TableFolder {
  /** Its histograms. */
  public Path latency() {
    return path.resolve("latency.hlog");
  }

  /** Its response times by when requests were due. */
  public Path due() {
    return path.resolve(RepetitionFolder.DUE);
  }

  /** Its sums. */
  public Path totals() {
    return path.resolve("totals.json");
  }
}
