package dev.conntrail.proxy;

/**
 * A request that a proxy passed on, as its own log has it: what became a WebSocket, and a stream of
 * gRPC, is one.
 *
 * @param client where it came from, {@code ip:port}
 * @param from where it was sent from, {@code ip:port}
 * @param pod where it was sent to
 */
public record Passed(String client, String from, String pod) {}
