package dev.conntrail.model.conntrack;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** {@code nf_conntrack_locks}: a fixed number of spinlocks, each for many buckets. */
final class BucketLocks {
  private static final VarHandle LOCK = MethodHandles.arrayElementVarHandle(int[].class);

  private final int[] locks = new int[ConntrackTable.LOCKS];

  /** {@code nf_conntrack_double_lock}: the lower first. */
  void lock(int bucket, int other) {
    int a = bucket % ConntrackTable.LOCKS;
    int b = other % ConntrackTable.LOCKS;
    acquire(Math.min(a, b));
    if (a != b) {
      acquire(Math.max(a, b));
    }
  }

  /** {@code nf_conntrack_double_unlock}. */
  void unlock(int bucket, int other) {
    int a = bucket % ConntrackTable.LOCKS;
    int b = other % ConntrackTable.LOCKS;
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
}
