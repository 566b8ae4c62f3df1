package dev.conntrail.load.loop;

import dev.conntrail.spec.LoadPlan;
import dev.conntrail.spec.Opening;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.stream.Stream;

/**
 * How much of Java's heap connections hold, with all that is kept of each: its caller, its
 * protocol's state, its row of the ledger. Read while all are open and nothing is sent, before the
 * first phase, where a collection delays nothing.
 */
final class HeldHeap {
  /** Of fewer, what else changes on the heap meanwhile would drown it. */
  private static final int LEAST = 1000;

  /**
   * Serial's collector leaves some dead objects where they lie, which count as used, but for every
   * fourth time (MarkSweepAlwaysCompactCount).
   */
  private static final int COLLECTIONS = 4;

  private final boolean read;
  private final long before;

  private HeldHeap(boolean read) {
    this.read = read;
    this.before = read ? used() : 0;
  }

  /** Before the first connection is made, once there is what threads have whatever they hold. */
  static HeldHeap before(LoadPlan plan) {
    LoadPlan.Callers callers = plan.callers();
    return new HeldHeap(
        callers.count() >= LEAST
            && callers.protocol().longLived()
            && callers.opening() == Opening.AT_ONCE);
  }

  /** Since then, bytes; not a number for few connections, or where not all are open at once. */
  double bytes() {
    return read ? used() - before : Double.NaN;
  }

  private static long used() {
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
    }
    // not what is used now: what threads have set aside since to allocate in (TLAB) is in that
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .flatMap(pool -> Stream.ofNullable(pool.getCollectionUsage()))
        .mapToLong(MemoryUsage::getUsed)
        .sum();
  }
}
