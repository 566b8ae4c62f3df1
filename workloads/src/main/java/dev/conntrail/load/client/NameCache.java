package dev.conntrail.load.client;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * What a process knows of a name. It looks it up when somebody asks, and not while what it heard
 * last is young, as {@code java.net.InetAddress} does for {@code networkaddress.cache.ttl}: that
 * one's own cache is off where cells follow each other in one process.
 */
final class NameCache {
  /** Asks for a name. */
  interface Lookup {
    InetAddress[] addresses(String name) throws UnknownHostException;
  }

  private final String name;
  private final int port;
  private final long keepNs;
  private final Lookup lookup;
  private final LongSupplier clockNs;
  private List<InetSocketAddress> known = List.of();
  private long askedNs;

  /**
   * One that asks the machine's own resolver.
   *
   * @param target {@code name:port}
   * @param keep for how long an answer is not asked for again
   */
  NameCache(String target, Duration keep) {
    this(target, keep, InetAddress::getAllByName, System::nanoTime);
  }

  NameCache(String target, Duration keep, Lookup lookup, LongSupplier clockNs) {
    InetSocketAddress asked = Targets.unresolved(target);
    this.name = asked.getHostString();
    this.port = asked.getPort();
    this.keepNs = keep.toNanos();
    this.lookup = lookup;
    this.clockNs = clockNs;
  }

  /** What is known now; what was known before, where nobody answers. */
  synchronized List<InetSocketAddress> addresses() {
    long nowNs = clockNs.getAsLong();
    if (known.isEmpty() || nowNs - askedNs >= keepNs) {
      try {
        known =
            Arrays.stream(lookup.addresses(name)).map(a -> new InetSocketAddress(a, port)).toList();
        askedNs = nowNs;
      } catch (UnknownHostException _) {
        // asked again at once: Java keeps what failed for 10 s, in which a client could do nothing
      }
    }
    return known;
  }
}
