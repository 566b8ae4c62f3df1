package dev.conntrail.result;

/**
 * {@code pods_over_time.csv} of a repetition: one row a client, bin of 100 ms and pod, where the
 * pod answered anything in it; and one without a pod where requests failed.
 *
 * @param client client pod
 * @param atMs start of the bin, after the agreed start of the first phase
 * @param pod that answered
 * @param answeredCount requests of all phases that it answered in the bin
 * @param failedCount requests of all phases that failed in the bin; in rows without a pod only
 */
public record PodsOverTime(
    String client, double atMs, String pod, long answeredCount, long failedCount) {}
