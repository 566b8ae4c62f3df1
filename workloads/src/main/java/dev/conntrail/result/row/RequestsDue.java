package dev.conntrail.result.row;

import java.util.Optional;

/**
 * What became of requests of the measure phase that were due at some time; empty where that was not
 * recorded.
 *
 * @param count how many were due
 * @param answeredCount of these, answered
 * @param failedCount of these, failed
 * @param unansweredCount of these, without an answer when the drain ended
 */
public record RequestsDue(
    Optional<Long> count,
    Optional<Long> answeredCount,
    Optional<Long> failedCount,
    Optional<Long> unansweredCount) {
  /** Where nothing was recorded. */
  public static final RequestsDue UNKNOWN =
      new RequestsDue(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
}
