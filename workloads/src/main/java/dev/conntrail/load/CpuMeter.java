package dev.conntrail.load;

import com.sun.management.OperatingSystemMXBean;
import dev.conntrail.record.CpuUse;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** CPU time of this process and of the whole machine ({@code /proc/stat}; proc(5)). */
final class CpuMeter {
  private static final Path PROC_STAT = Path.of("/proc/stat");
  private static final int IDLE = 3;
  private static final int IOWAIT = 4;
  private static final int STEAL = 7;
  private static final int FIELDS = 8;

  /** A reading; host times in ticks, -1 where the machine has no /proc/stat. */
  record Reading(
      long processNs, RunQueue.Waits waits, long hostTotal, long hostIdle, long hostSteal) {
    /** What was used from this reading to a later one. */
    CpuUse until(Reading later) {
      long busy = (later.hostTotal - hostTotal) - (later.hostIdle - hostIdle);
      return new CpuUse(
          later.processNs - processNs,
          waits.until(later.waits),
          Runtime.getRuntime().availableProcessors(),
          percent(later, busy),
          percent(later, later.hostSteal - hostSteal));
    }

    private double percent(Reading later, long part) {
      long total = later.hostTotal - hostTotal;
      return hostTotal < 0 || total <= 0 ? Double.NaN : 100.0 * part / total;
    }
  }

  private CpuMeter() {}

  static Reading read() {
    long process =
        ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean os
            ? os.getProcessCpuTime()
            : -1;
    RunQueue.Waits waits = RunQueue.read();
    try {
      String[] fields = Files.readAllLines(PROC_STAT).getFirst().split(" +", -1);
      long[] ticks =
          Arrays.stream(fields).skip(1).limit(FIELDS).mapToLong(Long::parseLong).toArray();
      return new Reading(
          process, waits, Arrays.stream(ticks).sum(), ticks[IDLE] + ticks[IOWAIT], ticks[STEAL]);
    } catch (IOException | RuntimeException _) {
      return new Reading(process, waits, -1, -1, -1);
    }
  }
}
