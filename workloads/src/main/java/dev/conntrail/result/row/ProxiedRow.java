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
 * @param requestsCount that the proxy passed on: what became a WebSocket, or a stream, is one
 */
public record ProxiedRow(
    @Inline At at,
    String proxy,
    ProxyLeg leg,
    String address,
    int port,
    Optional<String> pod,
    long requestsCount) {}
