package dev.conntrail.compare;

import dev.conntrail.result.CellResults;
import dev.conntrail.result.RunResults;
import dev.conntrail.spec.Sha256;
import java.util.List;

/**
 * The cells of a run: what it asked, whatever its YAML looks like.
 *
 * @param keys sorted
 */
record CellSet(List<String> keys) {
  private static final int DIGITS = 12;

  static CellSet of(RunResults run) {
    return new CellSet(
        run.cells().stream().map(CellResults::cell).map(c -> c.key()).sorted().toList());
  }

  /** Short, for people. */
  String hash() {
    return Sha256.of(String.join("\n", keys)).substring(0, DIGITS);
  }
}
