package dev.conntrail.record;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** All connections of client libraries, whose threads share it. */
public final class Ledger {
  /** A local port alone is not enough: the kernel uses one for connections to several remotes. */
  private record Ends(InetSocketAddress local, InetSocketAddress remote) {}

  private final ConcurrentLinkedQueue<LedgerEntry> entries = new ConcurrentLinkedQueue<>();
  private final Map<Ends, LedgerEntry> latest = new ConcurrentHashMap<>();

  /** Notes a birth. */
  public LedgerEntry born(
      InetSocketAddress local, InetSocketAddress remote, long bornNs, long connectNs) {
    LedgerEntry entry = new LedgerEntry(local, remote, bornNs, connectNs);
    entries.add(entry);
    latest.put(new Ends(local, remote), entry);
    return entry;
  }

  /** The newest connection between two addresses; null if there was none. */
  public LedgerEntry between(InetSocketAddress local, InetSocketAddress remote) {
    return latest.get(new Ends(local, remote));
  }

  /** All of them, as they come. */
  public List<LedgerEntry> entries() {
    return List.copyOf(entries);
  }

  /** All of them as they are now. */
  public List<LedgerRow> rows() {
    return LedgerRow.inOrder(entries.stream().map(LedgerEntry::row));
  }
}
