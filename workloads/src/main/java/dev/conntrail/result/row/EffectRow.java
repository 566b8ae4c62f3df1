package dev.conntrail.result.row;

import java.util.Optional;

/**
 * {@code effects.csv}: what a change, or idleness, did to connections.
 *
 * @param openStruckCount of those open at its start, on pods that it took out, ended, killed,
 *     silenced, paused or slowed; empty where it does so to none, and where a proxy stands between,
 *     for then a connection has no pod
 * @param failuresCount of requests and of connects, in the seconds' intervals that end after its
 *     start; {@link RecoveryRow} counts requests alone, and begins with its bin of 100 ms
 * @param unheardCount requests, of connections that were open at its start or later, that a pod
 *     served and of whose answer the client does not know: who sends them again has them done
 *     twice; empty where no pod said what it counted
 */
public record EffectRow(
    @Inline At at,
    Cause cause,
    double fromMs,
    double toMs,
    Fate open,
    Optional<Long> openStruckCount,
    double noticeP50Ms,
    double noticeMaxMs,
    Leaving leaving,
    New opened,
    long failuresCount,
    Optional<Long> unheardCount,
    Ports ports) {

  /**
   * What became of the connections that were open at its start.
   *
   * @param count all of them
   * @param keptCount answered afterwards, and not broken
   * @param resetCount reset
   * @param closedCount closed by the pod's side, or broken otherwise
   * @param unansweredCount on which nothing that was sent afterwards was answered (if anything
   *     was), though they did not break and their clients did not end them; those are the rest
   */
  public record Fate(
      long count, long keptCount, long resetCount, long closedCount, long unansweredCount) {
    /** Both together. */
    public Fate plus(Fate o) {
      return new Fate(
          count + o.count,
          keptCount + o.keptCount,
          resetCount + o.resetCount,
          closedCount + o.closedCount,
          unansweredCount + o.unansweredCount);
    }
  }

  /**
   * Open connections on pods that the change took out.
   *
   * @param count all of them
   * @param keptCount answered afterwards, and not broken
   */
  public record Leaving(long count, long keptCount) {
    /** Both together. */
    public Leaving plus(Leaving o) {
      return new Leaving(count + o.count, keptCount + o.keptCount);
    }
  }

  /**
   * Connections whose opening began after its end.
   *
   * @param count all of them
   * @param toAddedCount to pods that it added
   * @param toRemovedCount to pods that it took out
   */
  public record New(long count, long toAddedCount, long toRemovedCount) {
    /** Both together. */
    public New plus(New o) {
      return new New(
          count + o.count, toAddedCount + o.toAddedCount, toRemovedCount + o.toRemovedCount);
    }
  }

  /**
   * Clients' ends (address and port) with connections both before and after, whose pod before is
   * still in the Service.
   *
   * @param againCount all of them
   * @param movedCount of these, those that came to another pod
   */
  public record Ports(long againCount, long movedCount) {
    /** Both together. */
    public Ports plus(Ports o) {
      return new Ports(againCount + o.againCount, movedCount + o.movedCount);
    }
  }
}
