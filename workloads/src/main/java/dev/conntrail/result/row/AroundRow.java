package dev.conntrail.result.row;

import dev.conntrail.spec.EventKind;
import java.util.Optional;

/**
 * {@code around.csv}: requests in the second before, during and in the second after an event, and
 * until the next.
 *
 * @param fromMs start of the first of its bins of 100 ms
 * @param toMs end of the last
 * @param answeredCount requests of all phases answered in it
 * @param failedCount requests of all phases that failed in it
 * @param due what became of requests that were due in it, and in the measure phase
 * @param response of requests that were due in it, and in the measure phase
 */
public record AroundRow(
    @Inline At at,
    EventKind event,
    double askedMs,
    Window window,
    double fromMs,
    double toMs,
    long answeredCount,
    long failedCount,
    RequestsDue due,
    ResponseTimes response,
    @Inline Pods pods) {

  /**
   * What an autoscaler sees of the pods that are endpoints at its end, and what it does not.
   *
   * @param podsCount how many
   * @param meanPerS requests that one of them answered a second, on average
   * @param hottestPerS of the one that answered most
   * @param replicasByMeanCount pods that an HPA would choose by the mean, whose target is that of
   *     the second before; empty if nothing was answered then
   * @param replicasByHottestCount what it would choose if every pod were as hot as the hottest
   */
  public record Pods(
      int podsCount,
      double meanPerS,
      double hottestPerS,
      Optional<Integer> replicasByMeanCount,
      Optional<Integer> replicasByHottestCount) {}
}
