package dev.conntrail.model.nftables;

import dev.conntrail.model.hash.JenkinsHash;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * {@code nft_rhash} ({@code net/netfilter/nft_set_hash.c}) on {@code lib/rhashtable.c}: chained
 * buckets, jhash with a seed that each table draws anew. It doubles above a load of 75 %, shrinks
 * below 30 %, and starts with four buckets. The kernel picks it for sets that declare no size, as
 * kube-proxy's named ones ({@code nft_select_set_ops}, seen on 6.18). An element is 64 bytes: the
 * link, its generation and expiry, four words of key, its data.
 *
 * <p>Left out: the worker that moves elements while readers look into both tables. Here the table
 * is moved before the insertion returns.
 */
public final class ResizableHash {
  /** No such element. */
  public static final int NONE = -1;

  private static final int STRIDE = 16;
  private static final int ACTIVE = 1;
  private static final int EXPIRES = 2;
  private static final int KEY = 4;
  private static final int CODE = 8;
  private static final int CHAIN = 9;
  private static final int FEWEST_BUCKETS = 4;

  private final int keyWords;
  private final SplittableRandom random;
  private int seed;
  private int[] buckets = new int[FEWEST_BUCKETS];
  private int[] elements = new int[FEWEST_BUCKETS * STRIDE];
  private int[] free = new int[FEWEST_BUCKETS];
  private int freeCount;
  private int size;

  /**
   * An empty set.
   *
   * @param keyWords length of a key in words of 32 bits, 1 to 4
   */
  public ResizableHash(int keyWords, long seed) {
    if (keyWords < 1 || keyWords > CODE - KEY) {
      throw new IllegalArgumentException("a key of " + keyWords + " words; allowed: 1 to 4");
    }
    this.keyWords = keyWords;
    this.random = new SplittableRandom(seed);
    this.seed = random.nextInt();
    Arrays.fill(buckets, NONE);
    handOut(0, FEWEST_BUCKETS);
  }

  /** How many elements there are. */
  public int size() {
    return size;
  }

  /** How many buckets there are. */
  public int buckets() {
    return buckets.length;
  }

  /**
   * {@code nft_rhash_lookup}: an element that has not expired.
   *
   * @param words where the key is
   * @param at its first word
   * @param now seconds
   * @return a number for {@link #code}, {@link #chain}; {@link #NONE}
   */
  public int find(int[] words, int at, int now) {
    for (int e = buckets[bucket(words, at, seed)]; e != NONE; e = elements[e * STRIDE]) {
      int base = e * STRIDE;
      if (same(base, words, at)
          && (elements[base + EXPIRES] == 0 || elements[base + EXPIRES] - now > 0)
          && elements[base + ACTIVE] != 0) {
        return e;
      }
    }
    return NONE;
  }

  private boolean same(int base, int[] words, int at) {
    for (int i = 0; i < keyWords; i++) {
      if (elements[base + KEY + i] != words[at + i]) {
        return false;
      }
    }
    return true;
  }

  int bucket(int[] words, int at) {
    return bucket(words, at, seed);
  }

  private int bucket(int[] words, int at, int seed) {
    int hash =
        switch (keyWords) {
          case 1 -> JenkinsHash.one(words[at], seed);
          case 2 -> JenkinsHash.two(words[at], words[at + 1], seed);
          case 3 -> JenkinsHash.three(words[at], words[at + 1], words[at + 2], seed);
          default -> JenkinsHash.four(words[at], words[at + 1], words[at + 2], words[at + 3], seed);
        };
    return hash & (buckets.length - 1);
  }

  /** The verdict of an element. */
  public int code(int element) {
    return elements[element * STRIDE + CODE];
  }

  /** The chain of an element's verdict. */
  public int chain(int element) {
    return elements[element * STRIDE + CHAIN];
  }

  /**
   * Adds an element, or gives one that is there new data and a new expiry.
   *
   * @param expires second at which it expires; 0 for never
   */
  public void put(int[] words, int at, int code, int chain, int expires) {
    int bucket = bucket(words, at, seed);
    int element = buckets[bucket];
    while (element != NONE && !same(element * STRIDE, words, at)) {
      element = elements[element * STRIDE];
    }
    boolean fresh = element == NONE;
    if (fresh) {
      if (freeCount == 0) {
        int held = elements.length / STRIDE;
        elements = Arrays.copyOf(elements, 2 * elements.length);
        handOut(held, held);
      }
      element = free[--freeCount];
      System.arraycopy(words, at, elements, element * STRIDE + KEY, keyWords);
      elements[element * STRIDE] = buckets[bucket];
      buckets[bucket] = element;
      size++;
    }
    int base = element * STRIDE;
    elements[base + ACTIVE] = 1;
    elements[base + EXPIRES] = expires;
    elements[base + CODE] = code;
    elements[base + CHAIN] = chain;
    if (fresh && size > buckets.length / 4 * 3) {
      rehash(2 * buckets.length);
    }
  }

  /** Removes an element; whether it was there. */
  public boolean remove(int[] words, int at) {
    int bucket = bucket(words, at, seed);
    int before = NONE;
    int element = buckets[bucket];
    while (element != NONE && !same(element * STRIDE, words, at)) {
      before = element;
      element = elements[element * STRIDE];
    }
    if (element == NONE) {
      return false;
    }
    if (before == NONE) {
      buckets[bucket] = elements[element * STRIDE];
    } else {
      elements[before * STRIDE] = elements[element * STRIDE];
    }
    elements[element * STRIDE + ACTIVE] = 0;
    giveBack(element);
    size--;
    if (size < buckets.length * 3 / 10) {
      int fewer =
          Math.max(FEWEST_BUCKETS, size == 0 ? 0 : roundUpToPowerOfTwo(Math.max(1, size * 3 / 2)));
      if (fewer < buckets.length) {
        rehash(fewer);
      }
    }
    return true;
  }

  /** {@code rhashtable_rehash_table}: of each chain the last first, to the head of its new one. */
  private void rehash(int count) {
    int[] old = buckets;
    buckets = new int[count];
    Arrays.fill(buckets, NONE);
    seed = random.nextInt();
    for (int head : old) {
      int reversed = NONE;
      for (int e = head; e != NONE; ) {
        int next = elements[e * STRIDE];
        elements[e * STRIDE] = reversed;
        reversed = e;
        e = next;
      }
      for (int e = reversed; e != NONE; ) {
        int next = elements[e * STRIDE];
        int bucket = bucket(elements, e * STRIDE + KEY, seed);
        elements[e * STRIDE] = buckets[bucket];
        buckets[bucket] = e;
        e = next;
      }
    }
  }

  private void handOut(int first, int count) {
    for (int e = first + count - 1; e >= first; e--) {
      giveBack(e);
    }
  }

  private void giveBack(int element) {
    if (freeCount == free.length) {
      free = Arrays.copyOf(free, 2 * free.length);
    }
    free[freeCount++] = element;
  }

  static int roundUpToPowerOfTwo(int n) {
    return n <= 1 ? 1 : Integer.highestOneBit(n - 1) << 1;
  }
}
