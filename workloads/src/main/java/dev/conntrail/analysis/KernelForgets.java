package dev.conntrail.analysis;

import dev.conntrail.result.row.ConnectionRow;
import java.util.Optional;

/**
 * Which connections the kernel's table may have forgotten when it was read. While one is open its
 * entry lasts for a day; from its end on the entry runs out.
 *
 * @param keepsMs how long an entry is kept after its connection was closed or reset, milliseconds
 * @param readMs when the table was read, on the clock of the ledger
 */
public record KernelForgets(double keepsMs, double readMs) {
  /** A table that forgets nothing. */
  public static final KernelForgets NOTHING =
      new KernelForgets(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);

  /** Whether it may have forgotten a connection by when that ended, as the ledger has it. */
  boolean closed(Optional<ConnectionRow> mine) {
    return mine.filter(m -> m.diedMs() < readMs - keepsMs).isPresent();
  }
}
