package dev.conntrail.posix;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a process has had of the machine since it began.
 *
 * @param cpuNs CPU time of all its threads, those that have ended too: its CPU-time clock
 *     (clock_getcpuclockid(3)), which the scheduler keeps; nanoseconds where {@code /proc/PID/stat}
 *     has ticks of 10 ms; where the kernel's scheduler has no finer clock than these, as in a
 *     User-mode Linux guest (kernel/sched/clock.c), it has whole ticks too
 * @param residentBytes memory that it has now ({@code VmRSS}, proc(5))
 * @param peakBytes the most that it has had ({@code VmHWM})
 */
public record ProcessUse(long cpuNs, long residentBytes, long peakBytes) {
  private static final MethodHandle CLOCK =
      NativeCalls.of("clock_gettime", NativeCalls.INT, NativeCalls.POINTER);

  /** {@code struct timespec}: seconds and nanoseconds, eight bytes each. */
  private static final int TIMESPEC_BYTES = 16;

  private static final long NS_PER_S = 1_000_000_000;
  private static final long KIB = 1024;

  /** Bits of a clock's number below those of its process (include/linux/posix-timers_types.h). */
  private static final int CLOCK_BITS = 3;

  /** {@code CPUCLOCK_SCHED}: what the scheduler says. */
  private static final int SCHEDULED = 2;

  /** What a process has had until now; empty if there is none of that number. */
  public static Optional<ProcessUse> of(long pid) {
    try {
      List<String> status = Files.readAllLines(Path.of("/proc/" + pid + "/status"));
      return cpuNs(pid)
          .map(ns -> new ProcessUse(ns, bytes(status, "VmRSS:"), bytes(status, "VmHWM:")));
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  /** What this process has had. */
  public static Optional<ProcessUse> own() {
    return of(ProcessHandle.current().pid());
  }

  /**
   * CPU time that this process has had, nanoseconds.
   *
   * @throws IllegalStateException if the system does not tell, which Linux always does
   */
  public static long ownCpuNs() {
    return cpuNs(ProcessHandle.current().pid()).orElseThrow(IllegalStateException::new);
  }

  private static Optional<Long> cpuNs(long pid) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment time = arena.allocate(TIMESPEC_BYTES, ValueLayout.JAVA_LONG.byteAlignment());
      int clock = (int) (~pid << CLOCK_BITS | SCHEDULED);
      int result = (int) CLOCK.invokeExact(arena.allocate(NativeCalls.CAPTURE), clock, time);
      return result == 0
          ? Optional.of(
              time.get(ValueLayout.JAVA_LONG, 0) * NS_PER_S
                  + time.get(ValueLayout.JAVA_LONG, TIMESPEC_BYTES / 2))
          : Optional.empty();
    } catch (Throwable e) {
      throw NativeCalls.unexpected(e);
    }
  }

  /** 0 where the system does not tell, as of a process that has ended and was not waited for. */
  private static long bytes(List<String> status, String name) {
    return status.stream()
        .filter(l -> l.startsWith(name))
        .findFirst()
        .map(l -> Long.parseLong(l.replaceAll("\\D", "")) * KIB)
        .orElse(0L);
  }
}
