package dev.conntrail.result.row;

import java.util.Optional;

/**
 * {@code pods_over_time.csv} of a repetition: one row a bin of 100 ms and pod, where the pod
 * answered anything or held a connection; and one without a pod where requests failed or were sent
 * again.
 *
 * @param atMs start of the bin, after the agreed start of the first phase
 * @param answeredCount requests of all phases that the pod answered in the bin
 * @param failedCount requests of all phases that failed in the bin; in rows without a pod only
 * @param retriedCount how often libraries sent a request again in the bin; in rows without a pod
 *     only
 * @param connectionsCount connections that the pod held at the bin's end
 */
public record PodsOverTimeRow(
    @Inline At at,
    double atMs,
    Optional<Integer> podIndex,
    Optional<String> pod,
    long answeredCount,
    long failedCount,
    long retriedCount,
    long connectionsCount) {}
