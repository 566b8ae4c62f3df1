package dev.conntrail.load.client;

import dev.conntrail.record.Ledger;
import dev.conntrail.record.LedgerEntry;
import dev.conntrail.record.Metric;
import dev.conntrail.record.Recording;
import java.net.InetSocketAddress;
import java.util.function.BooleanSupplier;

/**
 * Where protocol clients report connections.
 *
 * @param ledger gets a row for each
 * @param recording gets connect times
 * @param timed whether a connect time counts now: always for long-lived connections, which connect
 *     before the measure phase; in the measure phase only for short-lived ones
 */
public record Connections(Ledger ledger, Recording recording, BooleanSupplier timed) {
  LedgerEntry opened(InetSocketAddress local, InetSocketAddress remote, long startNs) {
    long now = System.nanoTime();
    if (timed.getAsBoolean()) {
      recording.record(Metric.CONNECT, now - startNs);
    }
    return ledger.born(local, remote, now, now - startNs);
  }
}
