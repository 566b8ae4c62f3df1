package dev.conntrail.load;

import com.sun.management.OperatingSystemMXBean;
import dev.conntrail.posix.CpuTicks;
import dev.conntrail.record.CpuUse;
import java.lang.management.ManagementFactory;

/** CPU time of this process and of the whole machine. */
public final class CpuMeter {
  /** A reading. */
  public record Reading(long processNs, RunQueue.Waits waits, CpuTicks host) {
    /** What was used from this reading to a later one. */
    public CpuUse until(Reading later) {
      CpuTicks used = later.host.since(host);
      return new CpuUse(
          later.processNs - processNs,
          waits.until(later.waits),
          Runtime.getRuntime().availableProcessors(),
          used.percent(used.busy()),
          used.percent(used.stolen()));
    }
  }

  private CpuMeter() {}

  /** What they say now. */
  public static Reading read() {
    long process =
        ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean os
            ? os.getProcessCpuTime()
            : -1;
    return new Reading(process, RunQueue.read(), CpuTicks.now());
  }
}
