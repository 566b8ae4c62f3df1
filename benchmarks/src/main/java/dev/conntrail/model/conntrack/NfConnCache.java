package dev.conntrail.model.conntrack;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * {@code nf_conntrack_cachep}: hands out the connections of a slab, that which was freed last
 * first. An object is free at once, which {@code SLAB_TYPESAFE_BY_RCU} allows.
 */
final class NfConnCache {
  private final int[] free;
  private final AtomicInteger freeCount;

  NfConnCache(int connections) {
    free = new int[connections];
    for (int i = 0; i < connections; i++) {
      free[i] = connections - 1 - i;
    }
    freeCount = new AtomicInteger(connections);
  }

  /** Connections that are handed out. */
  int used() {
    return free.length - freeCount.get();
  }

  /** The number of a connection; {@link ConntrackTable#NONE}. */
  int take() {
    synchronized (free) {
      int count = freeCount.get();
      if (count == 0) {
        return ConntrackTable.NONE;
      }
      freeCount.set(count - 1);
      return free[count - 1];
    }
  }

  void giveBack(int connection) {
    synchronized (free) {
      int count = freeCount.get();
      free[count] = connection;
      freeCount.set(count + 1);
    }
  }
}
