package dev.conntrail.record;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** All connections of a client, in order of birth. */
public final class Ledger {
  /** A local port alone is not enough: the kernel uses one for connections to several remotes. */
  private record Ends(InetSocketAddress local, InetSocketAddress remote) {}

  private final ConcurrentLinkedQueue<LedgerEntry> entries = new ConcurrentLinkedQueue<>();
  private final Map<Ends, LedgerEntry> latest = new ConcurrentHashMap<>();
  private final AtomicInteger numbers = new AtomicInteger();

  /** Notes a birth. */
  public LedgerEntry born(
      InetSocketAddress local, InetSocketAddress remote, long bornNs, long connectNs) {
    LedgerEntry entry =
        new LedgerEntry(numbers.incrementAndGet(), local, remote, bornNs, connectNs);
    entries.add(entry);
    latest.put(new Ends(local, remote), entry);
    return entry;
  }

  /** The newest connection between two addresses; null if there was none. */
  public LedgerEntry between(InetSocketAddress local, InetSocketAddress remote) {
    return latest.get(new Ends(local, remote));
  }

  /** All of them, in order of birth. */
  public List<LedgerEntry> entries() {
    return List.copyOf(entries);
  }
}
