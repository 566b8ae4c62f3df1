package dev.conntrail.spec;

import java.util.Optional;

/** Why what clients do cannot be, each for the axis that it is said of. */
final class TrafficRefusals {
  /** grpc-java raises shorter ones to it ({@code KeepAliveManager}, gRFC A8). */
  private static final int GRPC_PING_S = 10;

  private TrafficRefusals() {}

  static Optional<Refusal> pooling(Cell cell) {
    if (cell.shared() && !cell.protocol().shareable()) {
      return refusal(
          "found 'shared' with protocol " + cell.protocol().word(),
          "dedicated there; shared with http1, http2, grpc, grpc-stream");
    }
    if (cell.shared() && cell.route() instanceof Route.Straight) {
      return refusal(
          "found 'shared' with data plane direct",
          "shared only with a Service, for one client has one address");
    }
    return Optional.empty();
  }

  static Optional<Refusal> client(Cell cell) {
    Cure cure = cell.cure();
    if (cell.client() == ClientKind.LOOP
        && (cure.balanced().isPresent() || cure.byClient().isPresent() || cure.perClient() > 0)) {
      return refusal(
          "found 'loop' with cure " + Axes.CURE.text(cure),
          "library there, for it is what the client does");
    }
    return cell.client() == ClientKind.LOOP && cell.shared()
        ? refusal(
            "found 'loop' with pooling shared",
            "library there, for how a library shares its connections is the question")
        : Optional.empty();
  }

  /** Nothing is told that no library does: who asks for it is not to take 0 for an answer. */
  static Optional<Refusal> retries(Cell cell) {
    if (!RetriesAxis.retried(cell)) {
      return Optional.empty();
    }
    if (cell.client() == ClientKind.LOOP) {
      return refusal(
          "found 'library' with client loop",
          "off there, for the loop sends nothing again; or client: library");
    }
    Optional<String> why =
        switch (cell.protocol()) {
          case HTTP1, HTTP2, GRPC -> Optional.empty();
          case WEBSOCKET -> Optional.of("Java-WebSocket sends nothing again");
          case GRPC_STREAM -> Optional.of("gRPC keeps to a stream once it has had an answer on it");
          case SHORT_LIVED ->
              Optional.of("OkHttp sends nothing again that failed on a new connection");
        };
    return why.flatMap(reason ->
        refusal(
            "found 'library' with protocol " + cell.protocol().word(),
            "off there, for " + reason + "; library with http1, http2, grpc"));
  }

  static Optional<Refusal> clients(Cell cell) {
    if (cell.connectionsOf(0) > Limits.CONNECTIONS_OF_PROCESS) {
      return refusal(
          "found " + cell.clients() + " clients for " + cell.connections() + " connections",
          "at most "
              + Limits.CONNECTIONS_OF_PROCESS
              + " connections a client, for each is a process that opens files");
    }
    return cell.clients() > cell.connections()
        ? refusal(
            "found " + cell.clients() + " clients for " + cell.connections() + " connections",
            "at most as many clients as connections")
        : Optional.empty();
  }

  static Optional<Refusal> nodes(Cell cell) {
    return cell.nodes() > cell.clients() && !cell.cure().sameZone()
        ? refusal(
            "found " + cell.nodes() + " nodes for " + cell.clients() + " clients",
            "at most as many nodes as clients, for each is to have one")
        : Optional.empty();
  }

  static Optional<Refusal> opening(Cell cell) {
    return cell.opening() == Opening.SPREAD && (!cell.protocol().longLived() || cell.shared())
        ? refusal(
            "found 'spread' with "
                + cell.protocol().word()
                + " and pooling "
                + cell.pooling().word(),
            "spread only with long-lived connections, pooling dedicated")
        : Optional.empty();
  }

  static Optional<Refusal> keepAlive(Cell cell) {
    Protocol protocol = cell.protocol();
    String found = "found '" + cell.keepAlive().word() + "' ";
    boolean can =
        switch (cell.keepAlive()) {
          case NONE -> true;
          case TCP -> protocol.longLived();
          case PING -> protocol.pings();
        };
    if (!can) {
      return refusal(
          found + "with protocol " + protocol.word(),
          "tcp with long-lived connections; ping with http2, grpc, grpc-stream, websocket");
    }
    int interval = cell.get(Setting.KEEP_ALIVE_INTERVAL);
    return cell.client() == ClientKind.LIBRARY
            && protocol.grpc()
            && cell.keepAlive() == KeepAlive.PING
            && interval < GRPC_PING_S
        ? refusal(
            found + "every " + interval + " s with protocol " + protocol.word(),
            "keep-alive-interval: "
                + GRPC_PING_S
                + "s or longer there, for gRPC's clients send no pings more often")
        : Optional.empty();
  }

  private static Optional<Refusal> refusal(String found, String allowed) {
    return Optional.of(new Refusal(found, allowed));
  }
}
