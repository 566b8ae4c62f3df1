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
  /**
   * Of an end that nobody acknowledged, in state LAST_ACK ({@code nf_conntrack_proto_tcp.c}: 30 s),
   * which no testbed prolongs: that is left where a pod ended between the two ends' FIN. After all
   * else that is not answered an entry stays for longer.
   */
  private static final double UNACKNOWLEDGED_MS = 29_000;

  /** A table that forgets nothing. */
  public static final KernelForgets NOTHING =
      new KernelForgets(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);

  /** Whether it may have forgotten a connection by when that ended, as the ledger has it. */
  boolean closed(Optional<ConnectionRow> mine) {
    return mine.filter(m -> m.diedMs() < readMs - keepsMs).isPresent();
  }

  /**
   * Whether it may have forgotten one of a pod that ended while load ran: its last packet came with
   * its last reply, or later, and not before load ran.
   */
  boolean unfinished(Optional<ConnectionRow> mine) {
    double lastMs =
        mine.map(ConnectionRow::lastReplyMs).filter(ms -> !Double.isNaN(ms)).orElse(0.0);
    return lastMs < readMs - Math.min(keepsMs, UNACKNOWLEDGED_MS);
  }
}
