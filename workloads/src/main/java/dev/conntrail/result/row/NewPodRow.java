package dev.conntrail.result.row;

import dev.conntrail.spec.EventKind;

/**
 * {@code new_pods.csv}: what a pod got that joined while load ran. Times are after the event's
 * first step began; not a number if it did not come about while it was watched.
 *
 * @param joinedAfterMs until the last node's rules had it
 * @param watchedMs until the measure phase ended
 * @param firstConnectionAfterMs until its first connection was there
 * @param shareOfConnectionsAfterMs until it had its share of those opened since it joined
 * @param shareOfRequestsAfterMs until the first second in which it had its share of the answers
 * @param connectionsCount connections on it
 * @param olderConnectionsCount of these, begun before its endpoint joined
 * @param requestsCount requests answered on them
 */
public record NewPodRow(
    @Inline At at,
    EventKind event,
    double askedMs,
    String pod,
    double joinedAfterMs,
    double watchedMs,
    double firstConnectionAfterMs,
    double shareOfConnectionsAfterMs,
    double shareOfRequestsAfterMs,
    long connectionsCount,
    long olderConnectionsCount,
    long requestsCount) {}
