package dev.conntrail.load.client;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;

/**
 * The connections of one client object: a pool for each address that it goes to, so that those of a
 * pod which is gone can be closed.
 */
final class HttpPools {
  private final OkHttpClient base;
  private final Supplier<ConnectionPool> pools;
  private final Map<InetSocketAddress, OkHttpClient> clients = new HashMap<>();
  private final Set<OkHttpClient> gone = new HashSet<>();

  /**
   * None yet.
   *
   * @param pools makes that of an address
   */
  HttpPools(OkHttpClient base, Supplier<ConnectionPool> pools) {
    this.base = base;
    this.pools = pools;
  }

  /** The client that goes to an address. */
  synchronized OkHttpClient to(InetSocketAddress address) {
    return clients.computeIfAbsent(
        address, _ -> base.newBuilder().connectionPool(pools.get()).build());
  }

  /** A call has ended: one to an address that is not known any more leaves nothing behind. */
  synchronized void used(OkHttpClient client) {
    if (gone.contains(client)) {
      client.connectionPool().evictAll();
    }
  }

  /** Only these are known: connections to others are closed, those in use when they are idle. */
  synchronized void keepTo(List<InetSocketAddress> known) {
    Set<InetSocketAddress> others = new HashSet<>(clients.keySet());
    known.forEach(others::remove);
    for (InetSocketAddress other : others) {
      OkHttpClient client = clients.remove(other);
      gone.add(client);
      client.connectionPool().evictAll();
    }
  }

  /** Closes all that are idle. */
  synchronized void close() {
    clients.values().forEach(c -> c.connectionPool().evictAll());
    gone.forEach(c -> c.connectionPool().evictAll());
  }
}
