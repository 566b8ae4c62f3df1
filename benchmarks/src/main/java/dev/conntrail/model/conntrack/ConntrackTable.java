package dev.conntrail.model.conntrack;

import dev.conntrail.model.Packet;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

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

  private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);

  private final long[] slab;
  private final long[] buckets;
  private final Chains chains;
  private final BucketLocks locks = new BucketLocks();
  private final NfConnCache cache;
  private final ConntrackHash hash;
  private final Eviction eviction;

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
    this.slab = new long[Math.multiplyExact(max, NfConn.WORDS)];
    this.chains = new Chains(this.buckets, slab);
    this.cache = new NfConnCache(max);
    this.hash = new ConntrackHash(buckets, seed);
    this.eviction = new Eviction(this.buckets, slab, this::delete);
  }

  /** Connections in the table. */
  public int size() {
    return cache.used();
  }

  /** How tuples find their buckets. */
  ConntrackHash hash() {
    return hash;
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
   * {@code __nf_conntrack_find_get}: the tuple of a packet, and one more reference to its
   * connection, which the caller gives back with {@link #put}.
   *
   * @return twice the number of the connection, plus 1 for its reply direction; {@link #NONE}
   */
  public int find(Packet packet, int zone, int net) {
    long a = Tuple.first(packet.source);
    long b = Tuple.third(packet.sourcePort, packet.destination);
    long c = Tuple.last(packet.destinationPort, packet.protocol);
    int bucket = hash.bucket(hash.of(a, b, c, zone, net));
    while (true) {
      long link = Chains.first(buckets, bucket);
      while (!NfConn.isEnd(link)) {
        int node = NfConn.node(link);
        if (NfConn.expired(slab, node >> 1, now)) {
          long next = Chains.next(slab, node);
          delete(node >> 1);
          link = next;
          continue;
        }
        if (NfConn.equal(slab, node, a, b, c, zone, net)) {
          WORD.getAndAdd(slab, NfConn.connection(node), 1L);
          if (NfConn.equal(slab, node, a, b, c, zone, net)) {
            return node;
          }
          put(node);
          break;
        }
        link = Chains.next(slab, node);
      }
      if (link == NfConn.end(bucket)) {
        return NONE;
      }
    }
  }

  /** {@code nf_ct_put}: gives back a reference. */
  public void put(int node) {
    WORD.getAndAdd(slab, NfConn.connection(node), -1L);
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
    int source = packet.source;
    int sourcePort = packet.sourcePort;
    int protocol = packet.protocol;
    boolean translated = packet.endpointPort != 0;
    int server = translated ? packet.endpoint : packet.destination;
    int serverPort = translated ? packet.endpointPort : packet.destinationPort;
    int bucket =
        hash.bucket(
            source, sourcePort, packet.destination, packet.destinationPort, protocol, zone, net);
    int replyBucket = hash.bucket(server, serverPort, source, sourcePort, protocol, zone, net);
    int connection = allocate(bucket, net);
    if (connection == NONE) {
      return FULL;
    }
    int node = 2 * connection;
    int base = NfConn.connection(node);
    slab[base + NfConn.TIMEOUT_AND_ZONE] = NfConn.timeoutAndZone(now + seconds, zone);
    NfConn.write(
        slab, node, source, sourcePort, packet.destination, packet.destinationPort, protocol);
    NfConn.write(slab, node + 1, server, serverPort, source, sourcePort, protocol);
    slab[base + NfConn.NET] = net & 0xffffffffL;
    slab[base + NfConn.STATUS] = status | CONFIRMED | (translated ? DESTINATION_NAT : 0);
    WORD.setVolatile(slab, base, 1L);
    return confirm(connection, bucket, replyBucket, LONGEST_CHAIN + allowance);
  }

  /** {@code __nf_conntrack_alloc}: a full table first tries early drop. */
  private int allocate(int bucket, int net) {
    int connection = cache.take();
    return connection == NONE && eviction.earlyDrop(bucket, net, now) ? cache.take() : connection;
  }

  /** {@code __nf_conntrack_confirm}: into both chains, or into none. */
  private int confirm(int connection, int bucket, int replyBucket, int most) {
    int node = 2 * connection;
    locks.lock(bucket, replyBucket);
    try {
      int refused = refuses(bucket, node, most);
      refused = refused == 0 ? refuses(replyBucket, node + 1, most) : refused;
      if (refused != 0) {
        release(connection);
        return refused;
      }
      chains.add(node, bucket);
      chains.add(node + 1, replyBucket);
    } finally {
      locks.unlock(bucket, replyBucket);
    }
    return connection;
  }

  /** Scans a chain for the tuple of a node, and counts; 0 if it may be inserted. */
  private int refuses(int bucket, int node, int most) {
    int zone = NfConn.zone(slab, node >> 1);
    int net = (int) slab[NfConn.connection(node) + NfConn.NET];
    long a = NfConn.word(slab, node, 0);
    long b = NfConn.word(slab, node, 2);
    long c = NfConn.word(slab, node, 4);
    int length = 0;
    long link = buckets[bucket];
    while (!NfConn.isEnd(link)) {
      int other = NfConn.node(link);
      if (NfConn.equal(slab, other, a, b, c, zone, net)) {
        return CLASH;
      }
      if (length++ > most) {
        return FULL;
      }
      link = slab[NfConn.at(other)];
    }
    return 0;
  }

  /** {@code nf_ct_delete}: unhangs a connection; false if another was quicker. */
  public boolean delete(int connection) {
    int status = connection * NfConn.WORDS + NfConn.STATUS;
    int bucket = bucketOf(connection, false);
    int replyBucket = bucketOf(connection, true);
    locks.lock(bucket, replyBucket);
    try {
      if ((slab[status] & CONFIRMED) == 0) {
        return false;
      }
      slab[status] = 0;
      chains.remove(2 * connection);
      chains.remove(2 * connection + 1);
    } finally {
      locks.unlock(bucket, replyBucket);
    }
    release(connection);
    return true;
  }

  private void release(int connection) {
    slab[connection * NfConn.WORDS + NfConn.STATUS] = 0;
    cache.giveBack(connection);
  }

  /** The bucket of a connection's direction, from its own tuple. */
  int bucketOf(int connection, boolean reply) {
    int node = 2 * connection + (reply ? 1 : 0);
    return hash.bucket(
        hash.of(
            NfConn.word(slab, node, 0),
            NfConn.word(slab, node, 2),
            NfConn.word(slab, node, 4),
            NfConn.zone(slab, connection),
            (int) slab[NfConn.connection(node) + NfConn.NET]));
  }

  /** Deletes what has expired in some buckets ({@code gc_worker}); how many connections. */
  public int collect(int fromBucket, int count) {
    return eviction.collect(fromBucket, count, now);
  }

  /** A packet was seen: the connection lives on ({@code __nf_ct_refresh_acct}). */
  public void refresh(int connection, int seconds) {
    slab[connection * NfConn.WORDS + NfConn.TIMEOUT_AND_ZONE] =
        NfConn.timeoutAndZone(now + seconds, NfConn.zone(slab, connection));
  }

  /** Address of the server in the reply tuple: where NAT sends the original direction. */
  public int serverAddress(int connection) {
    return Integer.reverseBytes((int) NfConn.word(slab, 2 * connection + 1, 0));
  }

  /** Port of the server in the reply tuple. */
  public int serverPort(int connection) {
    return Short.toUnsignedInt(
        Short.reverseBytes((short) NfConn.word(slab, 2 * connection + 1, 2)));
  }

  /** Status bits. */
  public int status(int connection) {
    return (int) slab[connection * NfConn.WORDS + NfConn.STATUS];
  }
}
