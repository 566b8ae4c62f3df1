package dev.conntrail.spec;

import java.util.Optional;

/** What a client sends on a connection that is idle, every {@link Setting#KEEP_ALIVE_INTERVAL}. */
public enum KeepAlive implements Named {
  /** Nothing. */
  NONE("none"),
  /** TCP keep-alive probes (RFC 9293, 3.8.4): the kernel sends them, no program sees them. */
  TCP("tcp"),
  /** The protocol's own: HTTP/2 PING (with gRPC too), WebSocket ping. HTTP/1.1 has none. */
  PING("ping");

  private final String word;

  KeepAlive(String word) {
    this.word = word;
  }

  /** What it takes; empty for nothing. */
  Optional<Change> change() {
    return switch (this) {
      case NONE -> Optional.empty();
      case TCP ->
          Optional.of(new Change(Change.Who.CLIENT, "keep-alive of its sockets, and its times"));
      case PING ->
          Optional.of(
              new Change(Change.Who.CLIENT, "pings of the protocol, and a time for their answers"));
    };
  }

  @Override
  public String word() {
    return word;
  }
}
