package dev.conntrail.testbed.kube;

import java.time.Duration;

/** Pauses between looks at something that is waited for. */
public final class Looks {
  /** A look that takes as long is dear: the machine that is looked at has its own work to do. */
  private static final Duration DEAR = Duration.ofMillis(500);

  private static final int APART = 3;

  private Looks() {}

  /**
   * Pauses, several times as long as the look took where that was dear.
   *
   * @param least else
   * @param begunNs when the look began, {@link System#nanoTime()}
   */
  public static void pause(Duration least, long begunNs) throws InterruptedException {
    Duration took = Duration.ofNanos(System.nanoTime() - begunNs);
    Thread.sleep(took.compareTo(DEAR) < 0 ? least : took.multipliedBy(APART));
  }
}
