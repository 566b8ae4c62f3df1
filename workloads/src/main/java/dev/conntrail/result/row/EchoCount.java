package dev.conntrail.result.row;

import dev.conntrail.spec.ClosedBy;
import java.util.Optional;

/**
 * What a pod counted of a connection.
 *
 * @param closedBy empty where an earlier version did not tell
 */
public record EchoCount(
    String pod,
    String node,
    String clientAddress,
    int clientPort,
    String protocol,
    long requestsCount,
    Optional<ClosedBy> closedBy) {}
