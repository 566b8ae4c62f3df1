package dev.conntrail.record;

/**
 * Whether a load process had too little of the CPU, so that its times are partly its own. Three
 * signs, each of which a pod that stalls or is slow does not show:
 *
 * <ul>
 *   <li>Requests that found their caller free left late. A request that waits behind its caller's
 *       last one says nothing of the client: it waits for the pod.
 *   <li>The threads waited for a CPU far longer than they ran. That is a share and no time, for the
 *       longer a client runs the more often it waits; and the only sign in a closed loop, where
 *       nothing is due before it is sent.
 *   <li>It used up the CPUs that it may use. Then all its callers may be busy, so that hardly a
 *       request is left to be late, and its threads wait for each other no longer than they run.
 * </ul>
 *
 * <p>The limits are from runs on two CPUs (HTTP/1.1, gRPC, WebSocket, 20 to 20,000 requests a
 * second, open and closed). With CPU to spare the lag's 99th percentile was 0.3 ms and the share
 * 0.4; with the pods stopped for 300 ms three times, 0.1 ms and 0.4; beside builds that took 1.5
 * CPUs, up to 10 ms and 0.75. With two or three busy loops on the client's CPU it was 5 to 60 ms
 * and 0.76 to 0.93, with a lower priority besides 0.95 and no request that was not late; a client
 * that had one CPU and more to send than it could used 0.98 of it, with a share of 0.44.
 */
public final class CpuShortage {
  /** Above this 99th percentile the client is late by itself, nanoseconds. */
  static final double PACING_LAG_P99_NS = 10e6;

  /** Above this share of their time, waiting or running, threads wait too long. */
  static final double WAITING_SHARE = 0.75;

  /** Above this share of its CPUs it has no more to use. */
  static final double USED_SHARE = 0.9;

  private CpuShortage() {}

  /**
   * Whether it was short. What is not known is no sign.
   *
   * @param pacingLagP99Ns 99th percentile of {@link Metric#PACING_LAG}; not a number if no request
   *     found its caller free, or in a closed loop
   * @param cpu of the load process in the measure phase
   * @param measuredNs length of the measure phase
   */
  public static boolean is(double pacingLagP99Ns, CpuUse cpu, long measuredNs) {
    double waiting = cpu.runQueueNs() / (cpu.runQueueNs() + cpu.processNs());
    double used = cpu.processNs() / ((double) measuredNs * cpu.cpus());
    return pacingLagP99Ns > PACING_LAG_P99_NS || waiting > WAITING_SHARE || used > USED_SHARE;
  }
}
