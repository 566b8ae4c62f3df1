package dev.conntrail.result.row;

import java.util.Optional;

/**
 * What one client counted in a bin of time: requests that a pod answered, or, without a pod,
 * requests that failed or were sent again. Clients' bins are merged into {@code
 * pods_over_time.csv}.
 *
 * @param atMs start of the bin, after the agreed start of the first phase
 */
public record PodBin(
    double atMs, Optional<String> pod, long answeredCount, long failedCount, long retriedCount) {
  /** Both, of the same bin and pod. */
  public PodBin plus(PodBin o) {
    return new PodBin(
        atMs,
        pod,
        answeredCount + o.answeredCount,
        failedCount + o.failedCount,
        retriedCount + o.retriedCount);
  }
}
