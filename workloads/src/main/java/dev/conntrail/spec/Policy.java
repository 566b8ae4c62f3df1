package dev.conntrail.spec;

import java.util.EnumSet;
import java.util.Set;

/** How a client that balances for itself picks one of the pods that it knows. */
public enum Policy implements Named {
  /** In turn, from one drawn at random: each request; of WebSocket and streams each connection. */
  ROUND_ROBIN("round-robin", "a library that spreads over the pods it knows"),
  /**
   * Of two drawn at random the one with fewer requests outstanding (power of two choices:
   * Mitzenmacher 2001; grpc-java calls its own {@code least_request_experimental}).
   */
  LEAST_REQUEST("least-request", "a library that counts its requests by pod"),
  /** One drawn at random, for as long as it is there (grpc-java's default, shuffled). */
  PICK_FIRST("pick-first", "a library that picks one of the pods it knows"),
  /** One that has fewest connections of this client. */
  LEAST_CONNECTIONS("least-connections", "a library that counts its connections by pod");

  private final String word;
  private final String change;

  Policy(String word, String change) {
    this.word = word;
    this.change = change;
  }

  /** What it takes beside being told which pods there are. */
  public Change change() {
    return new Change(Change.Who.CLIENT, change);
  }

  /** The protocols whose client has it. */
  public Set<Protocol> protocols() {
    return switch (this) {
      case ROUND_ROBIN -> EnumSet.allOf(Protocol.class);
      case LEAST_REQUEST -> EnumSet.of(Protocol.HTTP1, Protocol.HTTP2, Protocol.SHORT_LIVED);
      case PICK_FIRST -> EnumSet.of(Protocol.GRPC, Protocol.GRPC_STREAM);
      case LEAST_CONNECTIONS -> EnumSet.of(Protocol.WEBSOCKET);
    };
  }

  @Override
  public String word() {
    return word;
  }
}
