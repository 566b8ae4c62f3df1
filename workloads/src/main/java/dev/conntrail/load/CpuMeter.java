package dev.conntrail.load;

import dev.conntrail.posix.CpuTicks;
import dev.conntrail.posix.ProcessUse;
import dev.conntrail.record.CpuUse;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.ToLongFunction;

/** CPU time of this process and of the whole machine, and what Java itself took of it. */
public final class CpuMeter {
  /**
   * A reading.
   *
   * @param processNs CPU time of this process, its CPU-time clock, nanoseconds ({@link
   *     ProcessUse}); {@code getProcessCpuTime} has it in ticks of 10 ms
   */
  public record Reading(
      long processNs, RunQueue.Waits waits, CpuTicks host, long gcCount, long gcMs, long upMs) {
    /** What was used from this reading to a later one; asked for a moment after that. */
    public CpuUse until(Reading later) {
      CpuTicks used = later.host.since(host);
      return new CpuUse(
          later.processNs - processNs,
          waits.until(later.waits),
          Runtime.getRuntime().availableProcessors(),
          used.percent(used.busy()),
          used.percent(used.stolen()),
          later.gcCount - gcCount,
          later.gcMs - gcMs,
          GcPauses.ofThisJava().longestMs(upMs, later.upMs));
    }
  }

  private CpuMeter() {}

  private static long collectors(ToLongFunction<GarbageCollectorMXBean> of) {
    return GcPauses.beans().stream().mapToLong(of).sum();
  }

  /**
   * Before a run: reads once, which takes longer the first time; pauses are heard from now on, and
   * those that are over are forgotten.
   */
  public static void begin() {
    Reading _ = read();
    GcPauses.ofThisJava().forget(ManagementFactory.getRuntimeMXBean().getUptime());
  }

  /** What they say now. */
  public static Reading read() {
    return new Reading(
        ProcessUse.ownCpuNs(),
        RunQueue.read(),
        CpuTicks.now(),
        collectors(GarbageCollectorMXBean::getCollectionCount),
        collectors(GarbageCollectorMXBean::getCollectionTime),
        ManagementFactory.getRuntimeMXBean().getUptime());
  }
}
