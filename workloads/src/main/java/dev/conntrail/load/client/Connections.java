package dev.conntrail.load.client;

import dev.conntrail.record.Ledger;
import dev.conntrail.record.LedgerEntry;
import dev.conntrail.record.Metric;
import dev.conntrail.record.Recording;
import java.net.InetSocketAddress;
import java.util.function.BooleanSupplier;

/**
 * Where protocol clients report connections, and how they keep them.
 *
 * @param ledger gets a row for each
 * @param recording gets connect times
 * @param timed whether a connect time counts now: always for long-lived connections, which connect
 *     before the measure phase; in the measure phase only for short-lived ones
 * @param keepAlives what is sent on connections that are idle
 * @param localPorts which ports sockets bind
 */
public record Connections(
    Ledger ledger,
    Recording recording,
    BooleanSupplier timed,
    KeepAlives keepAlives,
    LocalPorts localPorts) {
  LedgerEntry opened(InetSocketAddress local, InetSocketAddress remote, long startNs) {
    long now = System.nanoTime();
    if (timed.getAsBoolean()) {
      recording.record(Metric.CONNECT, now - startNs);
    }
    return ledger.born(local, remote, now, now - startNs);
  }
}
