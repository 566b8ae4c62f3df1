package dev.conntrail.proxy;

import java.util.Optional;

/**
 * A request that came to a proxy, as its own log has it: what became a WebSocket, and a stream of
 * gRPC, is one.
 *
 * @param client where it came from, {@code ip:port}
 * @param from where it was sent from, {@code ip:port}; of no meaning where it came to no pod
 * @param pod where it was sent to; empty where the proxy answered it by itself, for one because the
 *     pod took no connection
 * @param answered whether a first byte of the pod's answer came: not, where the pod ended before
 */
public record Passed(String client, String from, Optional<String> pod, boolean answered) {}
