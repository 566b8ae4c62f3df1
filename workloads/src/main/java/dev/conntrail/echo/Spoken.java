package dev.conntrail.echo;

import dev.conntrail.spec.ClosedBy;
import dev.conntrail.spec.Named;

/** What is spoken on a connection, as a pod knows it. */
public enum Spoken implements Named {
  /** Nothing was sent yet where HTTP is served. */
  UNKNOWN("unknown", false, false),
  /** HTTP/1.1. */
  HTTP1("http1", false, false),
  /** HTTP/2 with prior knowledge. */
  HTTP2("http2", true, true),
  /** WebSocket, after its handshake. */
  WEBSOCKET("websocket", true, false),
  /** gRPC, where it alone is served. */
  GRPC("grpc", true, true);

  private final String word;
  private final boolean tells;
  private final boolean leads;

  Spoken(String word, boolean tells, boolean leads) {
    this.word = word;
    this.tells = tells;
    this.leads = leads;
  }

  @Override
  public String word() {
    return word;
  }

  /** Whether it has a word that has a client leave, at any time. */
  boolean tells() {
    return tells;
  }

  /** Whose wish it is where the pod closes in order: WebSocket's server answers a close frame. */
  ClosedBy asked() {
    return leads ? ClosedBy.POD : ClosedBy.CLIENT;
  }
}
