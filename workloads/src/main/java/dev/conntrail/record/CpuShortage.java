package dev.conntrail.record;

/**
 * Whether a load process had too little of the CPU, so that its times are partly its own. Three
 * signs, each of which a pod that stalls or is slow does not show:
 *
 * <ul>
 *   <li>Requests that found their caller free left late. A request that waits behind its caller's
 *       last one says nothing of the client: it waits for the pod.
 *   <li>The threads waited for a CPU far longer than they ran. That is a share and no time, for the
 *       longer a client runs the more often it waits. In a closed loop, where nothing is due before
 *       it is sent, it tells of others that take the CPU. A client that hardly runs waits longer
 *       than it runs whenever anything else does; where its requests leave in time for all that, it
 *       is no sign.
 *   <li>More threads than it has CPUs were running or waiting, on average: it has more to do than
 *       it can. Then all its callers may be busy, so that hardly a request is left to be late, and
 *       its threads wait for each other no longer than they run.
 * </ul>
 *
 * <p>The limits are from runs on two CPUs (HTTP/1.1, gRPC, WebSocket, 20 to 20,000 requests a
 * second, open and closed). With CPU to spare the lag's 99th percentile was 0.3 ms, the share
 * waiting 0.4 and the threads 0.4 a CPU; with the pods stopped for 300 ms three times, 0.1 ms, 0.4
 * and 0.1. Beside builds that took all other CPU they came up to the limits: 10 ms, 0.75 and 1.0.
 * With two or three busy loops on the client's CPU the lag was 5 to 60 ms and the share 0.76 to
 * 0.93; with a lower priority besides, 0.95, and no request was sent in time. With more to send
 * than one CPU or two could, no request found its caller free, the share was 0.44 to 0.59, and the
 * threads 1.5 to 1.8 a CPU.
 */
public final class CpuShortage {
  /** Above this 99th percentile the client is late by itself, nanoseconds. */
  static final double PACING_LAG_P99_NS = 10e6;

  /** Below this 99th percentile the client is in time, however it waits, nanoseconds. */
  static final double IN_TIME_P99_NS = 1e6;

  /** Above this share of their time, waiting or running, threads wait too long. */
  static final double WAITING_SHARE = 0.75;

  /** Above this many threads a CPU, waiting or running, there are too few CPUs. */
  static final double THREADS_PER_CPU = 1;

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
    double wanted = cpu.processNs() + cpu.runQueueNs();
    return pacingLagP99Ns > PACING_LAG_P99_NS
        || (!(pacingLagP99Ns < IN_TIME_P99_NS) && cpu.runQueueNs() > WAITING_SHARE * wanted)
        || wanted > THREADS_PER_CPU * cpu.cpus() * measuredNs;
  }
}
