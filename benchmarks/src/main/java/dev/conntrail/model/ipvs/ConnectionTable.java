package dev.conntrail.model.ipvs;

import dev.conntrail.model.Packet;
import dev.conntrail.model.hash.JenkinsHash;
import dev.conntrail.model.hash.SipHash;
import java.util.Arrays;

/**
 * ipvs's own connections ({@code net/netfilter/ipvs/ip_vs_conn.c}), beside those of conntrack: each
 * packet of a Service asks both. An entry is 320 bytes ({@code struct ip_vs_conn}), of which a
 * lookup reads the first line.
 *
 * <p>Up to Linux 6.18 the table has a fixed number of buckets, 4096 unless the module was told
 * otherwise, so that a chain of a node with many connections is long; from Linux 7 on it grows.
 * What is left out: the second node that Linux 7 hangs in for the reply direction, reference
 * counts, and timers (an entry expires when a lookup or {@link #expire} meets it).
 */
public final class ConnectionTable {
  /** No such connection. */
  public static final int NONE = -1;

  /** {@code CONFIG_IP_VS_TAB_BITS}, the default. */
  public static final int DEFAULT_BITS = 12;

  private static final int FEWEST_BITS = 8;
  private static final int LOAD_SHIFT = 4;
  private static final int STRIDE = 80;
  private static final int HASH = 1;
  private static final int PORTS = 2;
  private static final int CLIENT = 3;
  private static final int VIRTUAL = 4;
  private static final int PROTOCOL = 5;
  private static final int EXPIRES = 6;
  private static final int SERVER = 7;
  private static final int SERVER_PORT = 8;

  private final boolean resizable;
  private final int mostBits;
  private final int random;
  private final long key0;
  private final long key1;
  private int[] buckets;
  private int[] slab = new int[64 * STRIDE];
  private RealServer[] servers = new RealServer[64];
  private int[] free = new int[64];
  private int freeCount;
  private int size;
  private int now;

  /**
   * An empty table.
   *
   * @param resizable as from Linux 7 on; else it has {@code bits} for good
   * @param bits logarithm of the buckets, or of the most buckets ({@code conn_tab_bits})
   */
  public ConnectionTable(boolean resizable, int bits, long seed) {
    java.util.SplittableRandom seeds = new java.util.SplittableRandom(seed);
    this.resizable = resizable;
    this.mostBits = bits;
    this.random = seeds.nextInt();
    this.key0 = seeds.nextLong();
    this.key1 = seeds.nextLong();
    this.buckets = new int[1 << (resizable ? FEWEST_BITS : bits)];
    Arrays.fill(buckets, NONE);
    handOut(0, free.length);
  }

  /** Connections and templates in it. */
  public int size() {
    return size;
  }

  /** How many buckets there are. */
  public int buckets() {
    return buckets.length;
  }

  /** Sets the clock, seconds. */
  public void now(int seconds) {
    now = seconds;
  }

  /** {@code ip_vs_conn_hashkey}: 6.18 by the client alone, 7 by both ends. */
  int hash(int client, int clientPort, int virtual, int virtualPort, int protocol) {
    int rawClient = Integer.reverseBytes(client);
    int rawPort = Short.toUnsignedInt(Short.reverseBytes((short) clientPort));
    if (!resizable) {
      return JenkinsHash.three(rawClient, rawPort, protocol, random);
    }
    long first = (long) rawClient << 32 | (long) protocol << 16 | rawPort;
    long second =
        (long) Integer.reverseBytes(virtual) << 32
            | Short.toUnsignedInt(Short.reverseBytes((short) virtualPort));
    return (int) SipHash.two(first, second, key0, key1);
  }

  /** {@code ip_vs_conn_in_get} for a packet from a client to a virtual server. */
  public int find(Packet packet) {
    return find(
        packet.source,
        packet.sourcePort,
        packet.destination,
        packet.destinationPort,
        packet.protocol);
  }

  /** {@code ip_vs_ct_in_get}: a template has client port 0. */
  public int find(int client, int clientPort, int virtual, int virtualPort, int protocol) {
    int hash = hash(client, clientPort, virtual, virtualPort, protocol);
    int ports = clientPort << 16 | virtualPort;
    for (int c = buckets[hash & (buckets.length - 1)]; c != NONE; c = slab[c * STRIDE]) {
      int at = c * STRIDE;
      if ((!resizable || slab[at + HASH] == hash)
          && slab[at + PORTS] == ports
          && slab[at + CLIENT] == client
          && slab[at + VIRTUAL] == virtual
          && slab[at + PROTOCOL] == protocol
          && slab[at + EXPIRES] - now > 0) {
        return c;
      }
    }
    return NONE;
  }

  /** The real server of a connection. */
  public RealServer server(int connection) {
    return servers[connection];
  }

  /** Tells the packet where its connection goes. */
  public void translate(int connection, Packet packet) {
    packet.endpoint = slab[connection * STRIDE + SERVER];
    packet.endpointPort = slab[connection * STRIDE + SERVER_PORT];
  }

  /** Adds a connection, or a template if the client port is 0. */
  public int add(
      int client,
      int clientPort,
      int virtual,
      int virtualPort,
      int protocol,
      RealServer server,
      int seconds) {
    if (freeCount == 0) {
      int held = servers.length;
      slab = Arrays.copyOf(slab, Math.multiplyExact(2, slab.length));
      servers = Arrays.copyOf(servers, 2 * held);
      handOut(held, held);
    }
    int connection = free[--freeCount];
    int at = connection * STRIDE;
    slab[at + HASH] = hash(client, clientPort, virtual, virtualPort, protocol);
    slab[at + PORTS] = clientPort << 16 | virtualPort;
    slab[at + CLIENT] = client;
    slab[at + VIRTUAL] = virtual;
    slab[at + PROTOCOL] = protocol;
    slab[at + EXPIRES] = now + seconds;
    slab[at + SERVER] = server.address;
    slab[at + SERVER_PORT] = server.port;
    servers[connection] = server;
    hang(connection);
    size++;
    if (resizable && size > buckets.length >> LOAD_SHIFT && buckets.length < 1 << mostBits) {
      int wanted =
          Math.clamp((long) Integer.highestOneBit(size - 1) << (LOAD_SHIFT + 1), 0, 1 << mostBits);
      rehash(wanted);
    }
    return connection;
  }

  /** A packet was seen: the connection lives on. */
  public void refresh(int connection, int seconds) {
    slab[connection * STRIDE + EXPIRES] = now + seconds;
  }

  /** {@code ip_vs_conn_expire}: removes a connection. */
  public void expire(int connection) {
    int at = connection * STRIDE;
    int bucket = slab[at + HASH] & (buckets.length - 1);
    if (buckets[bucket] == connection) {
      buckets[bucket] = slab[at];
    } else {
      int before = buckets[bucket];
      while (slab[before * STRIDE] != connection) {
        before = slab[before * STRIDE];
      }
      slab[before * STRIDE] = slab[at];
    }
    servers[connection] = null;
    slab[at + EXPIRES] = now;
    giveBack(connection);
    size--;
  }

  private void hang(int connection) {
    int at = connection * STRIDE;
    int bucket = slab[at + HASH] & (buckets.length - 1);
    slab[at] = buckets[bucket];
    buckets[bucket] = connection;
  }

  private void rehash(int count) {
    int[] old = buckets;
    buckets = new int[count];
    Arrays.fill(buckets, NONE);
    for (int head : old) {
      for (int c = head; c != NONE; ) {
        int next = slab[c * STRIDE];
        hang(c);
        c = next;
      }
    }
  }

  private void handOut(int first, int count) {
    for (int c = first + count - 1; c >= first; c--) {
      giveBack(c);
    }
  }

  private void giveBack(int connection) {
    if (freeCount == free.length) {
      free = Arrays.copyOf(free, 2 * free.length);
    }
    free[freeCount++] = connection;
  }
}
