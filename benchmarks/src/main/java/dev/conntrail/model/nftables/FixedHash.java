package dev.conntrail.model.nftables;

import dev.conntrail.model.hash.JenkinsHash;
import java.util.Arrays;

/**
 * {@code nft_hash_fast} ({@code net/netfilter/nft_set_hash.c}): a map of declared size with keys of
 * one word, which the kernel picks for the anonymous one that numgen asks for an endpoint ({@code
 * nft_select_set_ops}, seen on 6.18). Buckets are a third more than elements, rounded up to a power
 * of two, and are found by reciprocal scale.
 */
public final class FixedHash {
  private static final int NONE = -1;
  private static final int STRIDE = 16;
  private static final int KEY = 4;
  private static final int CODE = 8;
  private static final int CHAIN = 9;

  private final int seed;
  private final int[] buckets;
  private final int[] elements;
  private int size;

  /**
   * An empty map.
   *
   * @param capacity elements that it is declared for
   */
  public FixedHash(int capacity, int seed) {
    this.seed = seed;
    this.buckets = new int[ResizableHash.roundUpToPowerOfTwo(capacity * 4 / 3)];
    this.elements = new int[capacity * STRIDE];
    Arrays.fill(buckets, NONE);
  }

  /** How many buckets there are. */
  public int buckets() {
    return buckets.length;
  }

  /** Adds an element at the head of its chain: a verdict, or an address and a port. */
  public void put(int key, int code, int chain) {
    int base = size * STRIDE;
    int bucket = bucket(key);
    elements[base] = buckets[bucket];
    elements[base + KEY] = key;
    elements[base + CODE] = code;
    elements[base + CHAIN] = chain;
    buckets[bucket] = size++;
  }

  /** {@code nft_hash_lookup_fast}; {@link ResizableHash#NONE} if there is none. */
  public int find(int key) {
    int element = buckets[bucket(key)];
    while (element != NONE && elements[element * STRIDE + KEY] != key) {
      element = elements[element * STRIDE];
    }
    return element;
  }

  int bucket(int key) {
    return JenkinsHash.scale(JenkinsHash.one(key, seed), buckets.length);
  }

  /** The verdict of an element, or its address. */
  public int code(int element) {
    return elements[element * STRIDE + CODE];
  }

  /** The chain of an element's verdict, or its port. */
  public int chain(int element) {
    return elements[element * STRIDE + CHAIN];
  }
}
