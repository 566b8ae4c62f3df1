package dev.conntrail.load;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * How long the threads of this process were ready to run and waited for a CPU: the second field of
 * {@code /proc/self/task/TID/schedstat} (Documentation/scheduler/sched-stats.rst). Some kernels do
 * not keep it: the file is missing, or all of it is 0 (fs/proc/base.c, proc_pid_schedstat).
 */
final class RunQueue {
  private static final Path TASKS = Path.of("/proc/self/task");
  private static final String FILE = "schedstat";

  /**
   * Times at an instant.
   *
   * @param byThread nanoseconds since the thread began; empty where the kernel does not say
   */
  record Waits(Map<String, Long> byThread) {
    /**
     * How long threads waited from then until later, nanoseconds; not a number if that is not
     * known. Threads that began meanwhile are in it, threads that ended are not.
     */
    double until(Waits later) {
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

  /** Reads a folder with one for each thread. */
  static Waits read(Path tasks) {
    Map<String, Long> waits = new HashMap<>();
    long timeslices = 0;
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(tasks)) {
      for (Path thread : threads) {
        String[] fields = fields(thread.resolve(FILE));
        if (fields.length == 3) {
          waits.put(thread.getFileName().toString(), Long.parseLong(fields[1]));
          timeslices += Long.parseLong(fields[2]);
        }
      }
    } catch (IOException | RuntimeException _) {
      return new Waits(Map.of());
    }
    return new Waits(timeslices == 0 ? Map.of() : waits);
  }

  /** Nothing for a thread that has ended since it was listed. */
  private static String[] fields(Path file) {
    try {
      return Files.readString(file).strip().split(" ", -1);
    } catch (IOException _) {
      return new String[0];
    }
  }
}
