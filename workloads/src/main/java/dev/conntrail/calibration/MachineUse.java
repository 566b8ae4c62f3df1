package dev.conntrail.calibration;

import dev.conntrail.posix.CpuTicks;
import dev.conntrail.result.row.OtherWork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * CPU time since the machine began, in ticks.
 *
 * @param ticks of the machine
 * @param own of this process and all that it started, directly or not ({@code /proc/PID/stat},
 *     proc(5)); not a number where the system does not tell
 * @param mhz frequency of the CPUs now, mean over those that tell
 */
record MachineUse(CpuTicks ticks, double own, double mhz) {
  private static final Path PROC = Path.of("/proc");
  private static final Path CPUS = Path.of("/sys/devices/system/cpu");
  private static final double KHZ_PER_MHZ = 1e3;

  /** Fields of {@code /proc/PID/stat} after the name: parent, and four kinds of CPU time. */
  private static final int PARENT = 1;

  private static final int USER = 11;
  private static final int CHILDREN_SYSTEM = 14;

  /** A process with its CPU time, that of children that it waited for included. */
  record Running(long pid, long parent, double ticks) {
    /** From its {@code stat}; the name, in brackets, may hold anything. */
    static Running of(String stat) {
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      double ticks = 0;
      for (int i = USER; i <= CHILDREN_SYSTEM; i++) {
        ticks += Double.parseDouble(fields[i]);
      }
      return new Running(
          Long.parseLong(stat.substring(0, stat.indexOf(' '))),
          Long.parseLong(fields[PARENT]),
          ticks);
    }
  }

  /** As it is now. */
  static MachineUse now() {
    try {
      double own = own(running(), ProcessHandle.current().pid());
      return new MachineUse(CpuTicks.now(), own, frequency());
    } catch (IOException _) {
      return new MachineUse(CpuTicks.now(), Double.NaN, Double.NaN);
    }
  }

  /** CPU time of a process and of all that came from it. */
  static double own(List<Running> running, long root) {
    Map<Long, Running> byPid = new HashMap<>();
    running.forEach(r -> byPid.put(r.pid(), r));
    return running.stream()
        .filter(r -> comesFrom(byPid, r, root))
        .mapToDouble(Running::ticks)
        .sum();
  }

  private static boolean comesFrom(Map<Long, Running> byPid, Running process, long root) {
    Running at = process;
    for (int i = 0; i <= byPid.size() && at != null; i++) {
      if (at.pid() == root) {
        return true;
      }
      at = byPid.get(at.parent());
    }
    return false;
  }

  private static List<Running> running() throws IOException {
    try (Stream<Path> all = Files.list(PROC)) {
      return all.filter(p -> Character.isDigit(p.getFileName().toString().charAt(0)))
          .flatMap(p -> running(p).stream())
          .toList();
    }
  }

  /** Empty if it has ended meanwhile. */
  private static Optional<Running> running(Path process) {
    try {
      return Optional.of(Running.of(Files.readString(process.resolve("stat"))));
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  private static double frequency() {
    try (Stream<Path> cpus = Files.list(CPUS)) {
      return cpus.map(cpu -> cpu.resolve("cpufreq/scaling_cur_freq"))
          .filter(Files::isReadable)
          .mapToDouble(MachineUse::mhz)
          .average()
          .orElse(Double.NaN);
    } catch (IOException _) {
      return Double.NaN;
    }
  }

  private static double mhz(Path file) {
    try {
      return Double.parseDouble(Files.readString(file).strip()) / KHZ_PER_MHZ;
    } catch (IOException _) {
      return Double.NaN;
    }
  }

  /** What ran beside this process from then until now. */
  OtherWork since(MachineUse then) {
    CpuTicks used = ticks.since(then.ticks);
    double others = Math.max(0, used.busy() - (own - then.own));
    return OtherWork.of(used.percent(others), used.percent(used.stolen()), mhz);
  }
}
