package dev.conntrail.jmh;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/**
 * Writes down what ran beside a fork: a secondary metric of each iteration, over all that the fork
 * has run so far, warm-up included, so that the last iteration tells of the whole fork. CPU time
 * comes in ticks of 10 ms ({@code /proc/stat}, proc(5)): one iteration alone is too short for them.
 * Where the machine does not tell, nothing is written.
 */
public final class OtherWork implements InternalProfiler {
  /** CPU time of other processes, per cent of all CPUs. */
  public static final String OTHER_CPU = "beside.other-cpu";

  /** CPU time that the hypervisor took, per cent of all CPUs. */
  public static final String STEAL = "beside.steal";

  /** Frequency of the CPUs, MHz, where the system tells. */
  public static final String FREQUENCY = "beside.frequency";

  private static final Path STAT = Path.of("/proc/stat");
  private static final Path CPUS = Path.of("/sys/devices/system/cpu");
  private static final double NS_PER_TICK = 1e7;
  private static final double KHZ_PER_MHZ = 1e3;
  private static final int IDLE = 3;
  private static final int IOWAIT = 4;
  private static final int STOLEN = 7;
  private static final int FIELDS = 8;

  /**
   * CPU time since the machine and this process began, ticks.
   *
   * @param all of all CPUs, whoever had it
   * @param busy in use on the machine
   * @param stolen taken by the hypervisor
   * @param own of this process
   */
  record Ticks(double all, double busy, double stolen, double own) {
    /**
     * From the lines of {@code /proc/stat}.
     *
     * @param ownNs CPU time of this process, nanoseconds
     */
    static Ticks of(List<String> stat, double ownNs) {
      double[] fields =
          Stream.of(stat.getFirst().split(" +", -1))
              .skip(1)
              .limit(FIELDS)
              .mapToDouble(Double::parseDouble)
              .toArray();
      double all = 0;
      for (double field : fields) {
        all += field;
      }
      return new Ticks(
          all,
          all - fields[IDLE] - fields[IOWAIT] - fields[STOLEN],
          fields[STOLEN],
          ownNs / NS_PER_TICK);
    }

    /** CPU time of others until then, per cent of all. */
    double otherPct(Ticks later) {
      return pct(later, Math.max(0, (later.busy - busy) - (later.own - own)));
    }

    /** CPU time taken by the hypervisor until then, per cent of all. */
    double stealPct(Ticks later) {
      return pct(later, later.stolen - stolen);
    }

    private double pct(Ticks later, double part) {
      return later.all > all ? 100 * part / (later.all - all) : 0;
    }
  }

  private Ticks start;

  /** JMH makes it in each fork. */
  public OtherWork() {}

  @Override
  public String getDescription() {
    return "CPU time of other processes, and taken by the hypervisor, while a fork ran";
  }

  @Override
  public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
    if (start == null) {
      start = now();
    }
  }

  @Override
  public Collection<? extends Result<?>> afterIteration(
      BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
    Ticks now = now();
    List<ScalarResult> results = new ArrayList<>();
    if (start != null && now != null) {
      results.add(pct(OTHER_CPU, start.otherPct(now)));
      results.add(pct(STEAL, start.stealPct(now)));
    }
    frequency()
        .ifPresent(
            mhz -> results.add(new ScalarResult(FREQUENCY, mhz, "MHz", AggregationPolicy.AVG)));
    return results;
  }

  private static ScalarResult pct(String label, double value) {
    return new ScalarResult(label, value, "%", AggregationPolicy.MAX);
  }

  private static Ticks now() {
    try {
      return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean os
          ? Ticks.of(Files.readAllLines(STAT), (double) os.getProcessCpuTime())
          : null;
    } catch (IOException _) {
      return null;
    }
  }

  /** Mean over CPUs, as the governor has it; virtual machines do not tell. */
  private static OptionalDouble frequency() {
    try (Stream<Path> cpus = Files.list(CPUS)) {
      return cpus.map(cpu -> cpu.resolve("cpufreq/scaling_cur_freq"))
          .filter(Files::isReadable)
          .mapToDouble(OtherWork::mhz)
          .average();
    } catch (IOException _) {
      return OptionalDouble.empty();
    }
  }

  private static double mhz(Path file) {
    try {
      return Double.parseDouble(Files.readString(file).strip()) / KHZ_PER_MHZ;
    } catch (IOException _) {
      return Double.NaN;
    }
  }
}
