package dev.conntrail.result.row;

import java.util.ArrayList;
import java.util.List;

/**
 * What else ran on the machine during a measurement; not a number where the machine does not tell.
 *
 * @param otherCpuPct CPU time of other processes; 100 is all CPUs
 * @param stealPct CPU time that the hypervisor took; 100 is all CPUs
 * @param cpuMhz frequency of the CPUs, where the system tells: virtual machines seldom do
 * @param disturbances what of this is more than a measurement bears
 */
public record OtherWork(
    double otherCpuPct, double stealPct, double cpuMhz, List<Disturbance> disturbances) {
  /**
   * CPU time of others that a measurement bears, per cent of all CPUs: a tenth of a CPU where there
   * are two. A process that uses one CPU of two slows what runs on the other by up to 1.6 times,
   * where both are threads of one core.
   */
  public static final double MOST_OTHER_CPU_PCT = 5;

  /** CPU time taken by the hypervisor that it bears, per cent of all CPUs. */
  public static final double MOST_STEAL_PCT = 2;

  /** Nothing is known of it. */
  public static final OtherWork UNKNOWN = of(Double.NaN, Double.NaN, Double.NaN);

  /** With what is too much of it. */
  public static OtherWork of(double otherCpuPct, double stealPct, double cpuMhz) {
    List<Disturbance> disturbances = new ArrayList<>();
    if (otherCpuPct > MOST_OTHER_CPU_PCT) {
      disturbances.add(Disturbance.OTHER_CPU);
    }
    if (stealPct > MOST_STEAL_PCT) {
      disturbances.add(Disturbance.STEAL);
    }
    return new OtherWork(otherCpuPct, stealPct, cpuMhz, List.copyOf(disturbances));
  }

  /** Whether something is more than a measurement bears. */
  public boolean disturbed() {
    return !disturbances.isEmpty();
  }
}
