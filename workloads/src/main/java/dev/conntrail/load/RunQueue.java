package dev.conntrail.load;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * How long the threads of this process were ready to run and waited for a CPU: the second field of
 * {@code /proc/self/task/TID/schedstat} (Documentation/scheduler/sched-stats.rst). Some kernels do
 * not keep it: the file is missing, or all of it is 0 (fs/proc/base.c, proc_pid_schedstat). Others,
 * a User-mode Linux guest among them, have no finer clock for it than the timer's tick
 * (kernel/sched/clock.c, sched_clock): there a thread that a timer wakes is said to have waited a
 * whole tick, of 10 ms, however soon it ran, so that such times are no measure either.
 */
public final class RunQueue {
  private static final File TASKS = new File("/proc/self/task");
  private static final int FIELDS = 3;

  /** Ticks are whole milliseconds (100, 250 or 1000 a second); other clocks count nanoseconds. */
  private static final long TICK_NS = 1_000_000;

  /**
   * Times at an instant.
   *
   * @param byThread nanoseconds since the thread began; empty where the kernel does not say, or
   *     counts in ticks
   */
  public record Waits(Map<String, Long> byThread) {
    /**
     * How long threads waited from then until later, nanoseconds; not a number if that is not
     * known. Threads that began meanwhile are in it, threads that ended are not.
     */
    public double until(Waits later) {
      if (byThread.isEmpty() || later.byThread.isEmpty()) {
        return Double.NaN;
      }
      return later.byThread.entrySet().stream()
          .mapToLong(e -> e.getValue() - byThread.getOrDefault(e.getKey(), 0L))
          .filter(waited -> waited > 0)
          .sum();
    }
  }

  private RunQueue() {}

  static Waits read() {
    return read(TASKS);
  }

  /**
   * Reads a folder with one for each thread, of which there may be hundreds when the measure phase
   * begins: by plain streams, which take a quarter of the CPU of {@code Files.readString}.
   */
  static Waits read(File tasks) {
    String[] threads = tasks.list();
    if (threads == null) {
      return new Waits(Map.of());
    }
    Map<String, Long> waits = HashMap.newHashMap(threads.length);
    byte[] buffer = new byte[128];
    long timeslices = 0;
    for (String thread : threads) {
      String[] fields = fields(tasks + "/" + thread + "/schedstat", buffer);
      if (fields.length == FIELDS) {
        waits.put(thread, Long.parseLong(fields[1]));
        timeslices += Long.parseLong(fields[2]);
      }
    }
    boolean inTicks = waits.values().stream().allMatch(ns -> ns % TICK_NS == 0);
    return new Waits(timeslices == 0 || inTicks ? Map.of() : waits);
  }

  /** Nothing for a thread that has ended since it was listed. */
  private static String[] fields(String file, byte[] buffer) {
    try (FileInputStream in = new FileInputStream(file)) {
      int length = in.read(buffer);
      return new String(buffer, 0, Math.max(0, length), StandardCharsets.US_ASCII)
          .strip()
          .split(" ", -1);
    } catch (IOException _) {
      return new String[0];
    }
  }
}
