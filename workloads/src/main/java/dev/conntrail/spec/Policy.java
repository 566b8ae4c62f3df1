package dev.conntrail.spec;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** How a client that balances for itself picks one of the pods that it knows. */
public enum Policy implements Named {
  /** In turn, from one drawn at random: each request; of WebSocket and streams each connection. */
  ROUND_ROBIN("round-robin", "a library that spreads over the pods it knows"),
  /**
   * Of some drawn at random the one with fewest requests outstanding (power of two choices:
   * Mitzenmacher 2001); of gRPC grpc-java's {@code least_request_experimental}.
   */
  LEAST_REQUEST("least-request", "a library that counts its requests by pod"),
  /**
   * In turn, by weights that follow from what pods say of themselves (grpc-java's {@code
   * weighted_round_robin}): requests a second over how busy they are.
   */
  WEIGHTED_ROUND_ROBIN("weighted-round-robin", "a library that heeds how busy pods say they are"),
  /** One of them, for as long as it is there (grpc-java's default, which does not shuffle). */
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
  public List<Change> changes() {
    Change client = new Change(Change.Who.CLIENT, change);
    return this == WEIGHTED_ROUND_ROBIN
        ? List.of(client, new Change(Change.Who.SERVER, "each says how busy it is"))
        : List.of(client);
  }

  /** What it leaves open. */
  Set<Knob> knobs() {
    return switch (this) {
      case ROUND_ROBIN, LEAST_CONNECTIONS -> EnumSet.noneOf(Knob.class);
      case LEAST_REQUEST -> EnumSet.of(Knob.CHOICES);
      case WEIGHTED_ROUND_ROBIN -> EnumSet.of(Knob.REPORTS, Knob.BLACKOUT);
      case PICK_FIRST -> EnumSet.of(Knob.SHUFFLE);
    };
  }

  /** The protocols whose client has it. */
  public Set<Protocol> protocols() {
    return switch (this) {
      case ROUND_ROBIN -> EnumSet.allOf(Protocol.class);
      case LEAST_REQUEST -> EnumSet.complementOf(EnumSet.of(Protocol.WEBSOCKET));
      case WEIGHTED_ROUND_ROBIN -> EnumSet.of(Protocol.GRPC);
      case PICK_FIRST -> EnumSet.of(Protocol.GRPC, Protocol.GRPC_STREAM);
      case LEAST_CONNECTIONS -> EnumSet.of(Protocol.WEBSOCKET);
    };
  }

  @Override
  public String word() {
    return word;
  }
}
