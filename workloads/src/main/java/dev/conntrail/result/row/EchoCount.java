package dev.conntrail.result.row;

/** What a pod counted of a connection. */
public record EchoCount(
    String pod,
    String node,
    String clientAddress,
    int clientPort,
    String protocol,
    long requestsCount) {}
