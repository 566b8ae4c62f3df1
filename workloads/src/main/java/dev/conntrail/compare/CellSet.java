package dev.conntrail.compare;

import dev.conntrail.result.CellResults;
import dev.conntrail.result.RunResults;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * The cells of a run: what it asked, whatever its YAML looks like.
 *
 * @param keys sorted
 */
record CellSet(List<String> keys) {
  private static final int BYTES = 6;

  static CellSet of(RunResults run) {
    return new CellSet(
        run.cells().stream().map(CellResults::cell).map(c -> c.key()).sorted().toList());
  }

  /** Short, for people. */
  String hash() {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(String.join("\n", keys).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
