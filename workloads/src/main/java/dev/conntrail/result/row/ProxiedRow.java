package dev.conntrail.result.row;

import java.util.Optional;

/**
 * {@code proxied.csv} of a repetition: what a proxy in the middle saw itself, one row a connection.
 *
 * @param proxy which
 * @param leg which way it leads
 * @param address of whoever opened it
 * @param port likewise
 * @param pod who took it; empty on the leg to the proxy
 * @param requestsCount that the proxy passed on and had an answer to; what became a WebSocket, or a
 *     stream, is one
 * @param unansweredCount that it passed on and had no answer to, for the pod ended; empty on the
 *     leg to the proxy
 */
public record ProxiedRow(
    @Inline At at,
    String proxy,
    ProxyLeg leg,
    String address,
    int port,
    Optional<String> pod,
    long requestsCount,
    Optional<Long> unansweredCount) {}
