package dev.conntrail.model.conntrack;

import dev.conntrail.model.Packet;
import dev.conntrail.model.hash.JenkinsHash;
import dev.conntrail.model.hash.SipHash;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The table of connections ({@code net/netfilter/nf_conntrack_core.c}). A connection is an object
 * of 256 bytes ({@code struct nf_conn}: what {@code /proc/slabinfo} says on 6.18) that hangs in two
 * chains, once for each direction. A lookup hashes the tuple, takes its bucket and compares along
 * the chain; a chain ends in a marker with the number of its bucket, so that a reader whose entry
 * was freed and used again in another chain knows that it must begin anew ({@code hlist_nulls}).
 *
 * <p>Readers take no lock. Writers take two of {@value #LOCKS} locks, those of the two buckets.
 * What is left out: RCU's grace periods (an object is free at once, which {@code
 * SLAB_TYPESAFE_BY_RCU} allows too), the count of hits and misses, and IPv6 (the tuple has the
 * room, and the lookup compares it).
 */
public final class ConntrackTable {
  /** {@code CONNTRACK_LOCKS}. */
  public static final int LOCKS = 1024;

  /** {@code MIN_CHAINLEN}: a longer chain refuses an insertion, after a random allowance. */
  public static final int LONGEST_CHAIN = 50;

  /** {@code NF_CT_EVICTION_RANGE}: buckets that early drop looks into. */
  public static final int EVICTION_RANGE = 8;

  /** {@code IPS_SEEN_REPLY}. */
  public static final int SEEN_REPLY = 1 << 1;

  /** {@code IPS_ASSURED}: early drop leaves such a connection alone. */
  public static final int ASSURED = 1 << 2;

  /** {@code IPS_CONFIRMED}. */
  public static final int CONFIRMED = 1 << 3;

  /** {@code IPS_DST_NAT}. */
  public static final int DESTINATION_NAT = 1 << 5;

  /** No such connection. */
  public static final int NONE = -1;

  /** The table or the chain is full. */
  public static final int FULL = -2;

  /** A connection with one of these tuples is already there. */
  public static final int CLASH = -3;

  private static final int STRIDE = 32;
  private static final int TIMEOUT_AND_ZONE = 1;
  private static final int ORIGINAL = 2;
  private static final int NODE = 7;
  private static final int PREVIOUS = 1;
  private static final int TUPLE = 2;
  private static final int STATUS = 16;
  private static final int NET = 17;
  private static final long KEY_MASK = 0x00ff_ffff_ffff_ffffL;
  private static final int AF_INET = 2;

  private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);
  private static final VarHandle LOCK = MethodHandles.arrayElementVarHandle(int[].class);

  private final long[] slab;
  private final long[] buckets;
  private final int[] locks = new int[LOCKS];
  private final int[] free;
  private final AtomicInteger freeCount;
  private final int max;
  private final long key0;
  private final long key1;

  /** The clock, in seconds; it stands still unless told. */
  private volatile int now;

  /**
   * An empty table.
   *
   * @param buckets {@code nf_conntrack_htable_size}
   * @param max {@code nf_conntrack_max}
   * @param seed for {@code nf_conntrack_hash_rnd}
   */
  public ConntrackTable(int buckets, int max, long seed) {
    this.buckets = new long[buckets];
    for (int i = 0; i < buckets; i++) {
      this.buckets[i] = end(i);
    }
    this.max = max;
    this.slab = new long[Math.multiplyExact(max, STRIDE)];
    this.free = new int[max];
    for (int i = 0; i < max; i++) {
      free[i] = max - 1 - i;
    }
    this.freeCount = new AtomicInteger(max);
    java.util.SplittableRandom random = new java.util.SplittableRandom(seed);
    this.key0 = random.nextLong();
    this.key1 = random.nextLong();
  }

  /** Connections in the table. */
  public int size() {
    return max - freeCount.get();
  }

  /** How many buckets there are. */
  public int buckets() {
    return buckets.length;
  }

  /** Sets the clock, seconds. */
  public void now(int seconds) {
    now = seconds;
  }

  /**
   * {@code hash_conntrack_raw}: SipHash over the tuple's 39 bytes; the zone and the namespace are
   * mixed into the key.
   */
  public int hash(
      int source,
      int sourcePort,
      int destination,
      int destinationPort,
      int protocol,
      int zone,
      int net) {
    return (int)
        SipHash.thirtyNine(
            first(source),
            0,
            second(sourcePort, destination),
            0,
            third(destinationPort, protocol),
            key0 ^ (zone & 0xffffffffL),
            key1 ^ (net & 0xffffffffL));
  }

  /** Which bucket a hash goes to ({@code scale_hash}). */
  public int bucket(int hash) {
    return JenkinsHash.scale(hash, buckets.length);
  }

  /** Words of {@code struct nf_conntrack_tuple}, as a little-endian machine loads them. */
  private static long first(int source) {
    return Integer.reverseBytes(source) & 0xffffffffL;
  }

  private static long second(int sourcePort, int destination) {
    return (Short.reverseBytes((short) sourcePort) & 0xffffL)
        | (long) AF_INET << 16
        | (long) Integer.reverseBytes(destination) << 32;
  }

  private static long third(int destinationPort, int protocol) {
    return (Short.reverseBytes((short) destinationPort) & 0xffffL) << 32 | (long) protocol << 48;
  }

  /**
   * {@code __nf_conntrack_find_get}: the tuple of a packet, and one more reference to its
   * connection, which the caller gives back with {@link #put}.
   *
   * @return twice the number of the connection, plus 1 for its reply direction; {@link #NONE}
   */
  public int find(Packet packet, int zone, int net) {
    long a = first(packet.source);
    long b = second(packet.sourcePort, packet.destination);
    long c = third(packet.destinationPort, packet.protocol);
    int hash =
        (int)
            SipHash.thirtyNine(
                a, 0, b, 0, c, key0 ^ (zone & 0xffffffffL), key1 ^ (net & 0xffffffffL));
    int bucket = JenkinsHash.scale(hash, buckets.length);
    while (true) {
      long link = (long) WORD.getAcquire(buckets, bucket);
      while ((link & 1) == 0) {
        int node = node(link);
        if (expired(node >> 1)) {
          long next = (long) WORD.getAcquire(slab, at(node));
          delete(node >> 1);
          link = next;
          continue;
        }
        if (equal(node, a, b, c, zone, net)) {
          WORD.getAndAdd(slab, connection(node), 1L);
          if (equal(node, a, b, c, zone, net)) {
            return node;
          }
          put(node);
          break;
        }
        link = (long) WORD.getAcquire(slab, at(node));
      }
      if (link == end(bucket)) {
        return NONE;
      }
    }
  }

  /** {@code nf_ct_put}: gives back a reference. */
  public void put(int node) {
    WORD.getAndAdd(slab, connection(node), -1L);
  }

  /** {@code nf_ct_key_equal}: tuple, zone, confirmed, namespace, in this order. */
  private boolean equal(int node, long a, long b, long c, int zone, int net) {
    int tuple = at(node) + TUPLE;
    int connection = connection(node);
    return slab[tuple] == a
        && slab[tuple + 1] == 0
        && slab[tuple + 2] == b
        && slab[tuple + 3] == 0
        && (slab[tuple + 4] & KEY_MASK) == c
        && (int) slab[connection + TIMEOUT_AND_ZONE] == zone
        && (slab[connection + STATUS] & CONFIRMED) != 0
        && (int) slab[connection + NET] == net;
  }

  /** {@code nf_ct_is_expired}: a difference of 32 bits, so that the clock may wrap. */
  private boolean expired(int connection) {
    int timeout = (int) (slab[connection * STRIDE + TIMEOUT_AND_ZONE] >>> 32);
    return timeout - now <= 0;
  }

  /**
   * Makes a connection and hangs it into its two chains ({@code init_conntrack}, then {@code
   * __nf_conntrack_confirm} with the reply tuple that NAT has left). A full table first tries early
   * drop.
   *
   * @param packet the first packet, with {@link Packet#endpoint} if it was translated
   * @param seconds until it expires
   * @param status bits such as {@link #ASSURED}
   * @param allowance how much longer than {@link #LONGEST_CHAIN} a chain may be; the kernel draws 0
   *     to 29
   * @return number of the connection, {@link #FULL} or {@link #CLASH}
   */
  public int insert(Packet packet, int zone, int net, int seconds, int status, int allowance) {
    boolean translated = packet.endpointPort != 0;
    int server = translated ? packet.endpoint : packet.destination;
    int serverPort = translated ? packet.endpointPort : packet.destinationPort;
    int hash =
        hash(
            packet.source,
            packet.sourcePort,
            packet.destination,
            packet.destinationPort,
            packet.protocol,
            zone,
            net);
    int replyHash =
        hash(server, serverPort, packet.source, packet.sourcePort, packet.protocol, zone, net);
    int connection = take();
    if (connection == NONE) {
      if (!earlyDrop(hash, net)) {
        return FULL;
      }
      connection = take();
      if (connection == NONE) {
        return FULL;
      }
    }
    int base = connection * STRIDE;
    slab[base + TIMEOUT_AND_ZONE] = (long) (now + seconds) << 32 | (zone & 0xffffffffL);
    write(
        base + ORIGINAL,
        packet.source,
        packet.sourcePort,
        packet.destination,
        packet.destinationPort,
        packet.protocol,
        0);
    write(
        base + ORIGINAL + NODE,
        server,
        serverPort,
        packet.source,
        packet.sourcePort,
        packet.protocol,
        1);
    slab[base + NET] = net & 0xffffffffL;
    slab[base + STATUS] = status | CONFIRMED | (translated ? DESTINATION_NAT : 0);
    WORD.setVolatile(slab, base, 1L);
    int bucket = bucket(hash);
    int replyBucket = bucket(replyHash);
    lock(bucket, replyBucket);
    try {
      int most = LONGEST_CHAIN + allowance;
      int refused = refuses(bucket, base + ORIGINAL, zone, net, most);
      refused =
          refused == 0 ? refuses(replyBucket, base + ORIGINAL + NODE, zone, net, most) : refused;
      if (refused != 0) {
        release(connection);
        return refused;
      }
      link(2 * connection, bucket);
      link(2 * connection + 1, replyBucket);
    } finally {
      unlock(bucket, replyBucket);
    }
    return connection;
  }

  private void write(
      int node,
      int source,
      int sourcePort,
      int destination,
      int port,
      int protocol,
      int direction) {
    slab[node + TUPLE] = first(source);
    slab[node + TUPLE + 1] = 0;
    slab[node + TUPLE + 2] = second(sourcePort, destination);
    slab[node + TUPLE + 3] = 0;
    slab[node + TUPLE + 4] = third(port, protocol) | (long) direction << 56;
  }

  /** Scans a chain for the tuple at {@code node}, and counts; 0 if it may be inserted. */
  private int refuses(int bucket, int node, int zone, int net, int most) {
    int length = 0;
    for (long link = buckets[bucket]; (link & 1) == 0; link = slab[at(node(link))]) {
      if (equal(
          node(link),
          slab[node + TUPLE],
          slab[node + TUPLE + 2],
          slab[node + TUPLE + 4] & KEY_MASK,
          zone,
          net)) {
        return CLASH;
      }
      if (length++ > most) {
        return FULL;
      }
    }
    return 0;
  }

  /**
   * {@code early_drop}: from the packet's bucket on, eight buckets, the first that has a connection
   * that has expired or was never assured loses it.
   */
  private boolean earlyDrop(int hash, int net) {
    int bucket = bucket(hash);
    for (int i = 0; i < EVICTION_RANGE; i++) {
      boolean dropped = false;
      long link = (long) WORD.getAcquire(buckets, bucket);
      while ((link & 1) == 0) {
        int connection = node(link) >> 1;
        link = (long) WORD.getAcquire(slab, at(node(link)));
        int base = connection * STRIDE;
        if (expired(connection)
            || ((slab[base + STATUS] & ASSURED) == 0 && (int) slab[base + NET] == net)) {
          dropped |= delete(connection);
        }
      }
      if (dropped) {
        return true;
      }
      bucket = bucket + 1 == buckets.length ? 0 : bucket + 1;
    }
    return false;
  }

  /** {@code nf_ct_delete}: unhangs a connection; false if another was quicker. */
  public boolean delete(int connection) {
    int base = connection * STRIDE;
    int bucket = bucketOf(base + ORIGINAL, base);
    int replyBucket = bucketOf(base + ORIGINAL + NODE, base);
    lock(bucket, replyBucket);
    try {
      if ((slab[base + STATUS] & CONFIRMED) == 0) {
        return false;
      }
      slab[base + STATUS] = 0;
      unlink(2 * connection);
      unlink(2 * connection + 1);
    } finally {
      unlock(bucket, replyBucket);
    }
    release(connection);
    return true;
  }

  /** The bucket of a connection's direction, from its own tuple. */
  int bucketOf(int connection, boolean reply) {
    int base = connection * STRIDE;
    return bucketOf(base + ORIGINAL + (reply ? NODE : 0), base);
  }

  private int bucketOf(int node, int base) {
    return bucket(
        (int)
            SipHash.thirtyNine(
                slab[node + TUPLE],
                0,
                slab[node + TUPLE + 2],
                0,
                slab[node + TUPLE + 4] & KEY_MASK,
                key0 ^ (slab[base + TIMEOUT_AND_ZONE] & 0xffffffffL),
                key1 ^ (slab[base + NET] & 0xffffffffL)));
  }

  /** {@code gc_worker}: deletes what has expired in some buckets; how many connections. */
  public int collect(int fromBucket, int count) {
    int deleted = 0;
    for (int i = 0; i < count; i++) {
      long link = (long) WORD.getAcquire(buckets, (fromBucket + i) % buckets.length);
      while ((link & 1) == 0) {
        int connection = node(link) >> 1;
        link = (long) WORD.getAcquire(slab, at(node(link)));
        if (expired(connection) && delete(connection)) {
          deleted++;
        }
      }
    }
    return deleted;
  }

  /** A packet was seen: the connection lives on ({@code __nf_ct_refresh_acct}). */
  public void refresh(int connection, int seconds) {
    int at = connection * STRIDE + TIMEOUT_AND_ZONE;
    slab[at] = (long) (now + seconds) << 32 | (slab[at] & 0xffffffffL);
  }

  /** Address of the server in the reply tuple: where NAT sends the original direction. */
  public int serverAddress(int connection) {
    return Integer.reverseBytes((int) slab[connection * STRIDE + ORIGINAL + NODE + TUPLE]);
  }

  /** Port of the server in the reply tuple. */
  public int serverPort(int connection) {
    return Short.toUnsignedInt(
        Short.reverseBytes((short) slab[connection * STRIDE + ORIGINAL + NODE + TUPLE + 2]));
  }

  /** References to a connection, its own among them. */
  int references(int connection) {
    return (int) slab[connection * STRIDE];
  }

  /** Status bits. */
  public int status(int connection) {
    return (int) slab[connection * STRIDE + STATUS];
  }

  /** Entries in a bucket; a connection counts in each of its two. */
  public int chainLength(int bucket) {
    int length = 0;
    for (long link = buckets[bucket]; (link & 1) == 0; link = slab[at(node(link))]) {
      length++;
    }
    return length;
  }

  private void link(int node, int bucket) {
    long head = buckets[bucket];
    slab[at(node)] = head;
    slab[at(node) + PREVIOUS] = end(bucket);
    if ((head & 1) == 0) {
      slab[at(node(head)) + PREVIOUS] = (long) node << 1;
    }
    WORD.setRelease(buckets, bucket, (long) node << 1);
  }

  private void unlink(int node) {
    long next = slab[at(node)];
    long previous = slab[at(node) + PREVIOUS];
    if ((previous & 1) == 0) {
      WORD.setRelease(slab, at(node(previous)), next);
    } else {
      WORD.setRelease(buckets, (int) (previous >>> 1), next);
    }
    if ((next & 1) == 0) {
      slab[at(node(next)) + PREVIOUS] = previous;
    }
  }

  /** {@code nf_conntrack_double_lock}: the lower first. */
  private void lock(int bucket, int other) {
    int a = bucket % LOCKS;
    int b = other % LOCKS;
    acquire(Math.min(a, b));
    if (a != b) {
      acquire(Math.max(a, b));
    }
  }

  private void unlock(int bucket, int other) {
    int a = bucket % LOCKS;
    int b = other % LOCKS;
    LOCK.setRelease(locks, a, 0);
    if (a != b) {
      LOCK.setRelease(locks, b, 0);
    }
  }

  private void acquire(int lock) {
    while (!LOCK.compareAndSet(locks, lock, 0, 1)) {
      Thread.onSpinWait();
    }
  }

  /** The slab hands out what was freed last. */
  private int take() {
    synchronized (free) {
      int count = freeCount.get();
      if (count == 0) {
        return NONE;
      }
      freeCount.set(count - 1);
      return free[count - 1];
    }
  }

  private void release(int connection) {
    slab[connection * STRIDE + STATUS] = 0;
    synchronized (free) {
      int count = freeCount.get();
      free[count] = connection;
      freeCount.set(count + 1);
    }
  }

  private static long end(int bucket) {
    return (long) bucket << 1 | 1;
  }

  private static int node(long link) {
    return (int) (link >>> 1);
  }

  private static int connection(int node) {
    return (node >> 1) * STRIDE;
  }

  private static int at(int node) {
    return (node >> 1) * STRIDE + ORIGINAL + (node & 1) * NODE;
  }
}
