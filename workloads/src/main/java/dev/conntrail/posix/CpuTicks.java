package dev.conntrail.posix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * CPU time of the whole machine, in ticks of all CPUs together: the first line of {@code
 * /proc/stat} (proc(5)). Not a number where the system does not tell.
 *
 * @param all whoever had it, idle time included
 * @param busy in use on this machine: neither idle, nor waiting for a disk, nor taken by the
 *     hypervisor
 * @param stolen taken by the hypervisor
 */
public record CpuTicks(double all, double busy, double stolen) {
  private static final Path STAT = Path.of("/proc/stat");
  private static final CpuTicks UNKNOWN = new CpuTicks(Double.NaN, Double.NaN, Double.NaN);
  private static final int IDLE = 3;
  private static final int IOWAIT = 4;
  private static final int STOLEN = 7;

  /** Those after are of guests, and in the first two already. */
  private static final int FIELDS = 8;

  /** Since the machine began. */
  public static CpuTicks now() {
    try (Stream<String> lines = Files.lines(STAT)) {
      return of(lines.findFirst().orElse(""));
    } catch (IOException _) {
      return UNKNOWN;
    }
  }

  /** From that line. */
  public static CpuTicks of(String line) {
    double[] fields =
        Stream.of(line.split(" +", -1))
            .skip(1)
            .limit(FIELDS)
            .mapToDouble(Double::parseDouble)
            .toArray();
    if (fields.length < FIELDS) {
      return UNKNOWN;
    }
    double all = 0;
    for (double field : fields) {
      all += field;
    }
    return new CpuTicks(all, all - fields[IDLE] - fields[IOWAIT] - fields[STOLEN], fields[STOLEN]);
  }

  /** From then until now. */
  public CpuTicks since(CpuTicks then) {
    return new CpuTicks(all - then.all, busy - then.busy, stolen - then.stolen);
  }

  /** A part of all of it in percent; not a number of nothing. */
  public double percent(double part) {
    return all > 0 ? 100 * part / all : Double.NaN;
  }
}
