package dev.conntrail.model.iptables;

import dev.conntrail.model.hash.JenkinsHash;
import java.util.Arrays;

/**
 * The lists of {@code xt_recent} ({@code net/netfilter/xt_recent.c}), on which kube-proxy's
 * affinity rests in iptables mode. A list is found by comparing names one after the other, under
 * one lock for the whole machine, so affinity costs the more the more endpoints have it; a list
 * remembers 100 addresses and forgets the one seen longest ago for the next, so with more clients
 * than that their affinity breaks.
 *
 * <p>One time stamp an address is kept, not up to 32: kube-proxy asks only for the last.
 */
public final class RecentLists {
  /** {@code ip_list_tot}: addresses that a list remembers. */
  public static final int ADDRESSES = 100;

  /** {@code ip_list_hash_size}: next power of two above. */
  private static final int BUCKETS = 128;

  private static final int NONE = -1;

  private final int seed;
  private byte[][] names = new byte[0][];
  private List[] lists = new List[0];

  /** The present second; time does not pass by itself. */
  private int now;

  /**
   * No lists yet.
   *
   * @param seed {@code hash_rnd}
   */
  public RecentLists(int seed) {
    this.seed = seed;
  }

  /** Sets the clock, seconds. */
  public void now(int seconds) {
    now = seconds;
  }

  /** {@code recent_mt_check}: a rule that names a list makes it, behind those that are there. */
  public void declare(byte[] blob, int at) {
    if (find(blob, at) == null) {
      int end = at;
      while (blob[end] != 0) {
        end++;
      }
      names = Arrays.copyOf(names, names.length + 1);
      lists = Arrays.copyOf(lists, lists.length + 1);
      names[names.length - 1] = Arrays.copyOfRange(blob, at, end + 1);
      lists[lists.length - 1] = new List(seed);
    }
  }

  /**
   * {@code recent_mt}.
   *
   * @param at where the blob has the name, ended by a zero
   * @param address raw, of the sender
   * @param flags {@code check_set}
   */
  public boolean match(byte[] blob, int at, int address, int flags, int seconds) {
    List list = find(blob, at);
    int entry = list.find(address);
    if ((flags & Entry.RECENT_SET) != 0) {
      list.touch(entry == NONE ? list.take(address) : entry, now);
      return true;
    }
    if (entry == NONE) {
      return false;
    }
    boolean recent = seconds == 0 || now - list.stamps[entry] <= seconds;
    if ((flags & Entry.RECENT_REAP) != 0) {
      list.reap(now - seconds);
    }
    return recent;
  }

  /** {@code check_set} of a match. */
  public static int flags(Match.Recent match) {
    return (match.set() ? Entry.RECENT_SET : Entry.RECENT_CHECK)
        | (match.reap() ? Entry.RECENT_REAP : 0);
  }

  /** {@code recent_table_lookup}: {@code strcmp} along all lists. */
  private List find(byte[] blob, int at) {
    for (int i = 0; i < names.length; i++) {
      byte[] name = names[i];
      int k = 0;
      while (name[k] == blob[at + k] && name[k] != 0) {
        k++;
      }
      if (name[k] == blob[at + k]) {
        return lists[i];
      }
    }
    return null;
  }

  /** {@code recent_entry_hash4}. */
  static int bucket(int address, int seed) {
    return JenkinsHash.one(address, seed) & (BUCKETS - 1);
  }

  /** {@code struct recent_table}: chained buckets, and the entries in the order of their use. */
  private static final class List {
    private final int seed;
    private final int[] heads = new int[BUCKETS];
    private final int[] next = new int[ADDRESSES];
    private final int[] addresses = new int[ADDRESSES];
    private final int[] stamps = new int[ADDRESSES];
    private final int[] older = new int[ADDRESSES];
    private final int[] newer = new int[ADDRESSES];
    private final int[] free = new int[ADDRESSES];
    private int freeCount = ADDRESSES;
    private int oldest = NONE;
    private int newest = NONE;

    List(int seed) {
      this.seed = seed;
      Arrays.fill(heads, NONE);
      Arrays.setAll(free, i -> ADDRESSES - 1 - i);
    }

    int find(int address) {
      int entry = heads[bucket(address, seed)];
      while (entry != NONE && addresses[entry] != address) {
        entry = next[entry];
      }
      return entry;
    }

    int take(int address) {
      if (freeCount == 0) {
        forget(oldest);
      }
      int entry = free[--freeCount];
      addresses[entry] = address;
      int bucket = bucket(address, seed);
      next[entry] = heads[bucket];
      heads[bucket] = entry;
      append(entry);
      return entry;
    }

    void touch(int entry, int now) {
      stamps[entry] = now;
      unlink(entry);
      append(entry);
    }

    /** {@code recent_entry_reap}: at most one a packet, and only if it is older than asked for. */
    void reap(int before) {
      if (oldest != NONE && stamps[oldest] < before) {
        forget(oldest);
      }
    }

    private void forget(int entry) {
      int bucket = bucket(addresses[entry], seed);
      if (heads[bucket] == entry) {
        heads[bucket] = next[entry];
      } else {
        int before = heads[bucket];
        while (next[before] != entry) {
          before = next[before];
        }
        next[before] = next[entry];
      }
      unlink(entry);
      free[freeCount++] = entry;
    }

    private void append(int entry) {
      older[entry] = newest;
      newer[entry] = NONE;
      if (newest == NONE) {
        oldest = entry;
      } else {
        newer[newest] = entry;
      }
      newest = entry;
    }

    private void unlink(int entry) {
      if (older[entry] == NONE) {
        oldest = newer[entry];
      } else {
        newer[older[entry]] = newer[entry];
      }
      if (newer[entry] == NONE) {
        newest = older[entry];
      } else {
        older[newer[entry]] = older[entry];
      }
    }
  }
}
