package dev.conntrail.model.conntrack;

import java.util.function.IntPredicate;

/** How connections leave that nobody ended: early drop, and the collector of what has expired. */
final class Eviction {
  private final long[] buckets;
  private final long[] slab;
  private final IntPredicate delete;

  /**
   * Of one table.
   *
   * @param delete deletes a connection; false if another was quicker
   */
  Eviction(long[] buckets, long[] slab, IntPredicate delete) {
    this.buckets = buckets;
    this.slab = slab;
    this.delete = delete;
  }

  /**
   * {@code early_drop}: from the packet's bucket on, eight buckets, the first that has a connection
   * that has expired or was never assured loses it.
   */
  boolean earlyDrop(int from, int net, int now) {
    int bucket = from;
    for (int i = 0; i < ConntrackTable.EVICTION_RANGE; i++) {
      boolean dropped = false;
      long link = Chains.first(buckets, bucket);
      while (!NfConn.isEnd(link)) {
        int node = NfConn.node(link);
        link = Chains.next(slab, node);
        if (NfConn.expired(slab, node >> 1, now) || mayDrop(NfConn.connection(node), net)) {
          dropped |= delete.test(node >> 1);
        }
      }
      if (dropped) {
        return true;
      }
      bucket = bucket + 1 == buckets.length ? 0 : bucket + 1;
    }
    return false;
  }

  private boolean mayDrop(int base, int net) {
    return (slab[base + NfConn.STATUS] & ConntrackTable.ASSURED) == 0
        && (int) slab[base + NfConn.NET] == net;
  }

  /** {@code gc_worker}: deletes what has expired in some buckets; how many connections. */
  int collect(int fromBucket, int count, int now) {
    int deleted = 0;
    for (int i = 0; i < count; i++) {
      long link = Chains.first(buckets, (fromBucket + i) % buckets.length);
      while (!NfConn.isEnd(link)) {
        int node = NfConn.node(link);
        link = Chains.next(slab, node);
        if (NfConn.expired(slab, node >> 1, now) && delete.test(node >> 1)) {
          deleted++;
        }
      }
    }
    return deleted;
  }
}
