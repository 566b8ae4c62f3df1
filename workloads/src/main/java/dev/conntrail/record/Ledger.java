package dev.conntrail.record;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** All connections of a client, in order of birth. */
public final class Ledger {
  private final ConcurrentLinkedQueue<LedgerEntry> entries = new ConcurrentLinkedQueue<>();
  private final Map<InetSocketAddress, LedgerEntry> latest = new ConcurrentHashMap<>();
  private final AtomicInteger numbers = new AtomicInteger();

  /** Notes a birth. */
  public LedgerEntry born(
      InetSocketAddress local, InetSocketAddress remote, long bornNs, long connectNs) {
    LedgerEntry entry =
        new LedgerEntry(numbers.incrementAndGet(), local, remote, bornNs, connectNs);
    entries.add(entry);
    latest.put(local, entry);
    return entry;
  }

  /** The newest connection from a local address; null if there was none. */
  public LedgerEntry at(InetSocketAddress local) {
    return latest.get(local);
  }

  /** All of them, in order of birth. */
  public List<LedgerEntry> entries() {
    return List.copyOf(entries);
  }
}
