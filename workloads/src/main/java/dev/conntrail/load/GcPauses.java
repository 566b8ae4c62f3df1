package dev.conntrail.load;

import com.sun.management.GarbageCollectionNotificationInfo;
import com.sun.management.GcInfo;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;

/**
 * How long Java stood still to collect garbage, each time, as its collectors tell in notifications
 * ({@code GarbageCollectionNotificationInfo}): in whole milliseconds since it began. Collectors
 * that work beside the program (ZGC, Shenandoah) have a bean for their cycles and one for their
 * pauses.
 */
final class GcPauses {
  private static final String CYCLES = "Cycles";
  private static final GcPauses OF_THIS_JAVA = new GcPauses();

  private record Pause(long fromMs, long toMs) {}

  private final Queue<Pause> pauses = new ArrayDeque<>();

  private GcPauses() {
    for (GarbageCollectorMXBean bean : beans()) {
      if (bean instanceof NotificationEmitter emitter) {
        emitter.addNotificationListener((told, _) -> heard(told), null, null);
      }
    }
  }

  /** Those that stand for pauses. */
  static List<GarbageCollectorMXBean> beans() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .filter(b -> !b.getName().endsWith(CYCLES))
        .toList();
  }

  /** Those of this process, from now on at least. */
  static GcPauses ofThisJava() {
    return OF_THIS_JAVA;
  }

  private void heard(Notification told) {
    if (told.getType().equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION)) {
      GcInfo info =
          GarbageCollectionNotificationInfo.from((CompositeData) told.getUserData()).getGcInfo();
      paused(info.getStartTime(), info.getEndTime());
    }
  }

  private synchronized void paused(long fromMs, long toMs) {
    pauses.add(new Pause(fromMs, toMs));
  }

  /** What is over now is of no interest any more: those that ended before. */
  synchronized void forget(long beforeMs) {
    pauses.removeIf(p -> p.toMs() < beforeMs);
  }

  /**
   * The longest that was within a time, or in part; 0 if there was none.
   *
   * @return the whole milliseconds that it took at most: 1 is less than one
   */
  synchronized long longestMs(long fromMs, long toMs) {
    return pauses.stream()
        .filter(p -> p.toMs() >= fromMs && p.fromMs() <= toMs)
        .mapToLong(p -> p.toMs() - p.fromMs() + 1)
        .max()
        .orElse(0);
  }
}
