package dev.conntrail.spec;

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
  public boolean tells() {
    return tells;
  }

  /** Whose wish it is where the pod closes in order: WebSocket's server answers a close frame. */
  public ClosedBy asked() {
    return leads ? ClosedBy.POD : ClosedBy.CLIENT;
  }

  /**
   * Whether a client asks its server to close ({@code Connection: close}, a close frame), who then
   * may do so first.
   */
  public boolean closedWhenAsked() {
    return this == HTTP1 || this == WEBSOCKET;
  }

  /** Whether a library says goodbye to connections that were used long enough, and tells no one. */
  public boolean saysGoodbyeItself() {
    return this == GRPC;
  }
}
