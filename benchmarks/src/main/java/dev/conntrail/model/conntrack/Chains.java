package dev.conntrail.model.conntrack;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * {@code hlist_nulls} ({@code include/linux/rculist_nulls.h}) over the nodes of a slab: readers
 * follow the links with no lock, writers hold those of the bucket.
 */
final class Chains {
  private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);

  private final long[] buckets;
  private final long[] slab;

  /**
   * Empty chains.
   *
   * @param buckets where each begins
   * @param slab whose nodes hang in them
   */
  Chains(long[] buckets, long[] slab) {
    this.buckets = buckets;
    this.slab = slab;
    for (int i = 0; i < buckets.length; i++) {
      buckets[i] = NfConn.end(i);
    }
  }

  /** The first link of a bucket. */
  static long first(long[] buckets, int bucket) {
    return (long) WORD.getAcquire(buckets, bucket);
  }

  /** The link behind a node. */
  static long next(long[] slab, int node) {
    return (long) WORD.getAcquire(slab, NfConn.at(node));
  }

  /** {@code hlist_nulls_add_head_rcu}. */
  void add(int node, int bucket) {
    int at = NfConn.at(node);
    long head = buckets[bucket];
    slab[at] = head;
    slab[at + NfConn.PREVIOUS] = NfConn.end(bucket);
    if (!NfConn.isEnd(head)) {
      slab[NfConn.at(NfConn.node(head)) + NfConn.PREVIOUS] = NfConn.link(node);
    }
    WORD.setRelease(buckets, bucket, NfConn.link(node));
  }

  /** {@code hlist_nulls_del_rcu}. */
  void remove(int node) {
    int at = NfConn.at(node);
    long next = slab[at];
    long previous = slab[at + NfConn.PREVIOUS];
    if (NfConn.isEnd(previous)) {
      WORD.setRelease(buckets, NfConn.bucket(previous), next);
    } else {
      WORD.setRelease(slab, NfConn.at(NfConn.node(previous)), next);
    }
    if (!NfConn.isEnd(next)) {
      slab[NfConn.at(NfConn.node(next)) + NfConn.PREVIOUS] = previous;
    }
  }
}
