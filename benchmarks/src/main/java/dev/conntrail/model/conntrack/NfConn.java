package dev.conntrail.model.conntrack;

/**
 * {@code struct nf_conn} ({@code include/net/netfilter/nf_conntrack.h}): 256 bytes, the fields that
 * are modelled as words of a slab. A connection hangs in a chain once for each direction ({@code
 * struct nf_conntrack_tuple_hash}); node {@code 2 * connection + direction} is that end of it. A
 * link is twice the number of a node, or odd where a chain ends ({@code
 * include/linux/list_nulls.h}).
 */
final class NfConn {
  /** Words of a connection; word 0 counts its references. */
  static final int WORDS = 32;

  static final int TIMEOUT_AND_ZONE = 1;
  static final int STATUS = 16;
  static final int NET = 17;

  /** Words of a node: the next link, the previous one, then the tuple. */
  static final int PREVIOUS = 1;

  static final int TUPLE = 2;

  private static final int ORIGINAL = 2;
  private static final int NODE = 7;
  private static final long KEY_MASK = 0x00ff_ffff_ffff_ffffL;

  private NfConn() {}

  /** Where the connection of a node begins. */
  static int connection(int node) {
    return (node >> 1) * WORDS;
  }

  /** Where a node begins. */
  static int at(int node) {
    return (node >> 1) * WORDS + ORIGINAL + (node & 1) * NODE;
  }

  /** The link to a node. */
  static long link(int node) {
    return (long) node << 1;
  }

  /** The node that a link leads to. */
  static int node(long link) {
    return (int) (link >>> 1);
  }

  /** The marker at the end of a bucket's chain, from which a reader knows where it has come to. */
  static long end(int bucket) {
    return (long) bucket << 1 | 1;
  }

  /** Whether a link is such a marker ({@code is_a_nulls}). */
  static boolean isEnd(long link) {
    return (link & 1) != 0;
  }

  /** The bucket of a marker. */
  static int bucket(long end) {
    return (int) (end >>> 1);
  }

  /** Writes the tuple of one direction. */
  static void write(
      long[] slab, int node, int source, int sourcePort, int destination, int port, int protocol) {
    int tuple = at(node) + TUPLE;
    slab[tuple] = Tuple.first(source);
    slab[tuple + 1] = 0;
    slab[tuple + 2] = Tuple.third(sourcePort, destination);
    slab[tuple + 3] = 0;
    slab[tuple + 4] = Tuple.last(port, protocol) | (long) (node & 1) << 56;
  }

  /** A word of a node's tuple, without the direction. */
  static long word(long[] slab, int node, int word) {
    long value = slab[at(node) + TUPLE + word];
    return word == 4 ? value & KEY_MASK : value;
  }

  /** {@code nf_ct_key_equal}: tuple, zone, confirmed, namespace, in this order. */
  static boolean equal(long[] slab, int node, long a, long b, long c, int zone, int net) {
    int tuple = at(node) + TUPLE;
    int connection = connection(node);
    return slab[tuple] == a
        && slab[tuple + 1] == 0
        && slab[tuple + 2] == b
        && slab[tuple + 3] == 0
        && (slab[tuple + 4] & KEY_MASK) == c
        && (int) slab[connection + TIMEOUT_AND_ZONE] == zone
        && (slab[connection + STATUS] & ConntrackTable.CONFIRMED) != 0
        && (int) slab[connection + NET] == net;
  }

  /** {@code nf_ct_is_expired}: a difference of 32 bits, so that the clock may wrap. */
  static boolean expired(long[] slab, int connection, int now) {
    int timeout = (int) (slab[connection * WORDS + TIMEOUT_AND_ZONE] >>> 32);
    return timeout - now <= 0;
  }

  /** What stands at {@link #TIMEOUT_AND_ZONE}. */
  static long timeoutAndZone(int timeout, int zone) {
    return (long) timeout << 32 | (zone & 0xffffffffL);
  }

  /** The zone of a connection. */
  static int zone(long[] slab, int connection) {
    return (int) slab[connection * WORDS + TIMEOUT_AND_ZONE];
  }
}
