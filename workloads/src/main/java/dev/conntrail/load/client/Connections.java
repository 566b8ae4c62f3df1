package dev.conntrail.load.client;

import dev.conntrail.record.Death;
import dev.conntrail.record.Ledger;
import dev.conntrail.record.LedgerEntry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

/**
 * Where protocol clients report connections and retries, and how they keep connections.
 *
 * @param targets what clients know of
 * @param ledger gets a row for each
 * @param took told how long each connect took, nanoseconds, as it is made
 * @param keepAlives what is sent on connections that are idle
 * @param localPorts which ports sockets bind
 * @param lifetimes how long each is used
 * @param wanted whether load goes on: then nobody closes a long-lived connection without need
 * @param retried told of each request that a library sends again, as it does
 * @param first how long the exchange may take that brings one up
 */
public record Connections(
    Targets targets,
    Ledger ledger,
    LongConsumer took,
    KeepAlives keepAlives,
    LocalPorts localPorts,
    Lifetimes lifetimes,
    BooleanSupplier wanted,
    Runnable retried,
    FirstExchange first) {
  /** The same, and another is told of connects as well. */
  Connections telling(LongConsumer too) {
    return new Connections(
        targets,
        ledger,
        took.andThen(too),
        keepAlives,
        localPorts,
        lifetimes,
        wanted,
        retried,
        first);
  }

  LedgerEntry opened(InetSocketAddress local, InetSocketAddress remote, long startNs) {
    LedgerEntry entry = untold(local, remote, startNs);
    took.accept(entry.connectNs());
    return entry;
  }

  /** One that was made, and closed before who asked for it was told. */
  LedgerEntry untold(InetSocketAddress local, InetSocketAddress remote, long startNs) {
    long now = System.nanoTime();
    return ledger.born(local, remote, now, now - startNs);
  }

  /** What it means that the client's side closes: with pings on, that they had no answer. */
  Death closing() {
    return keepAlives.pings() && wanted.getAsBoolean() ? Death.TIMED_OUT : Death.CLIENT;
  }

  /** What it means that a read or a write failed. */
  static Death failing(IOException why) {
    String message = String.valueOf(why.getMessage());
    if (message.contains("timed out")) {
      return Death.TIMED_OUT;
    }
    return message.contains("reset") || message.contains("Broken pipe") ? Death.RESET : Death.ERROR;
  }
}
