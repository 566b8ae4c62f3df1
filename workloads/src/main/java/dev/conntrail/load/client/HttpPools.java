package dev.conntrail.load.client;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import okhttp3.OkHttpClient;

/**
 * The connections of one client object: by the address that they go to, so that those of a pod
 * which is gone can be closed.
 */
final class HttpPools {
  private final Supplier<Rotation<OkHttpClient>> each;
  private final Map<InetSocketAddress, Rotation<OkHttpClient>> pools = new HashMap<>();
  private final Set<Rotation<OkHttpClient>> gone = new HashSet<>();

  /**
   * None yet.
   *
   * @param each makes those to an address
   */
  HttpPools(Supplier<Rotation<OkHttpClient>> each) {
    this.each = each;
  }

  /** A client, with a pool of its own, that goes to an address. */
  synchronized Rotation<OkHttpClient>.Lease to(InetSocketAddress address) {
    return pools.computeIfAbsent(address, _ -> each.get()).take();
  }

  /** Only these are known: connections to others are closed, those in use when they are idle. */
  synchronized void keepTo(List<InetSocketAddress> known) {
    Set<InetSocketAddress> others = new HashSet<>(pools.keySet());
    known.forEach(others::remove);
    for (InetSocketAddress other : others) {
      Rotation<OkHttpClient> left = pools.remove(other);
      gone.add(left);
      left.abandon();
    }
  }

  /** Closes all that are idle. */
  synchronized void close() {
    pools.values().forEach(r -> r.close(HttpPools::evict));
    gone.forEach(r -> r.close(HttpPools::evict));
  }

  /** Closes what is idle of a client's connections. */
  static void evict(OkHttpClient client) {
    client.connectionPool().evictAll();
  }
}
