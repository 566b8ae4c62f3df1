package dev.conntrail.model.conntrack;

import dev.conntrail.model.hash.JenkinsHash;
import dev.conntrail.model.hash.SipHash;
import java.util.SplittableRandom;

/**
 * {@code hash_conntrack_raw}: SipHash over the tuple's 39 bytes, with a key that each boot draws
 * anew; the zone and the namespace are mixed into the key.
 */
final class ConntrackHash {
  private static final long WORD = 0xffffffffL;

  private final int buckets;
  private final long key0;
  private final long key1;

  /**
   * A hash for a table.
   *
   * @param seed for {@code nf_conntrack_hash_rnd}
   */
  ConntrackHash(int buckets, long seed) {
    this.buckets = buckets;
    SplittableRandom random = new SplittableRandom(seed);
    this.key0 = random.nextLong();
    this.key1 = random.nextLong();
  }

  /** The hash of a tuple. */
  int of(
      int source,
      int sourcePort,
      int destination,
      int destinationPort,
      int protocol,
      int zone,
      int net) {
    return of(
        Tuple.first(source),
        Tuple.third(sourcePort, destination),
        Tuple.last(destinationPort, protocol),
        zone,
        net);
  }

  /** The hash of a tuple's words. */
  int of(long first, long third, long last, int zone, int net) {
    return (int)
        SipHash.thirtyNine(first, 0, third, 0, last, key0 ^ (zone & WORD), key1 ^ (net & WORD));
  }

  /** Which bucket a tuple goes to. */
  int bucket(
      int source,
      int sourcePort,
      int destination,
      int destinationPort,
      int protocol,
      int zone,
      int net) {
    return bucket(of(source, sourcePort, destination, destinationPort, protocol, zone, net));
  }

  /** Which bucket a hash goes to ({@code scale_hash}). */
  int bucket(int hash) {
    return JenkinsHash.scale(hash, buckets);
  }
}
