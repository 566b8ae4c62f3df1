package dev.conntrail.echo;

import java.time.Duration;

/** When the answers of a pod are due. */
final class Pace {
  private final long delayNs;
  private volatile long slowNs;
  private volatile long cpuNs;
  private long freeNs;

  /**
   * That of a pod.
   *
   * @param delay of each answer, from its beginning to its end
   */
  Pace(Duration delay) {
    this.delayNs = delay.toNanos();
  }

  /**
   * Slows it from now on.
   *
   * @param delay of each answer, beside the other; answers wait side by side
   * @param cpu that each answer takes of the pod's one processor: answers wait for each other, on
   *     whichever connection, in the order in which they were asked for
   */
  void slow(Duration delay, Duration cpu) {
    slowNs = delay.toNanos();
    cpuNs = cpu.toNanos();
  }

  /** Whether answers go out at once. */
  boolean atOnce() {
    return delayNs + slowNs == 0 && cpuNs == 0;
  }

  /** When something is due that goes along with an answer: it takes nothing of the processor. */
  long alongNs(long nowNs) {
    return nowNs + delayNs + slowNs;
  }

  /** When an answer is due that is asked for now, by {@link System#nanoTime()}. */
  synchronized long dueNs(long nowNs) {
    long startNs = nowNs;
    if (cpuNs > 0) {
      freeNs = (freeNs - nowNs > 0 ? freeNs : nowNs) + cpuNs;
      startNs = freeNs;
    }
    return alongNs(startNs);
  }
}
