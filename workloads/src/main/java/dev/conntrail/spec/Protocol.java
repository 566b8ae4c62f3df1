package dev.conntrail.spec;

import java.util.Optional;

/** What is spoken on a connection. */
public enum Protocol implements Named {
  /** HTTP/1.1 keep-alive. */
  HTTP1("http1", true, true, "Connection: close"),
  /** HTTP/2 in cleartext with prior knowledge (RFC 9113, 3.3). */
  HTTP2("http2", true, true, "GOAWAY"),
  /** gRPC, one unary call a request. */
  GRPC("grpc", true, true, "GOAWAY"),
  /** gRPC, one bidirectional stream a connection; a request is a message and its reply. */
  GRPC_STREAM("grpc-stream", true, true, "GOAWAY"),
  /** WebSocket (RFC 6455); a request is a text message and its reply. */
  WEBSOCKET("websocket", true, false, "close frame"),
  /** The control: HTTP/1.1, a new connection for each request. */
  SHORT_LIVED("short-lived", false, false, "Connection: close");

  private final String word;
  private final boolean longLived;
  private final boolean shareable;
  private final String goodbye;

  Protocol(String word, boolean longLived, boolean shareable, String goodbye) {
    this.word = word;
    this.longLived = longLived;
    this.shareable = shareable;
    this.goodbye = goodbye;
  }

  @Override
  public String word() {
    return word;
  }

  /** Whether a connection carries more than one request. */
  public boolean longLived() {
    return longLived;
  }

  /** Whether it is gRPC. */
  public boolean grpc() {
    return this == GRPC || this == GRPC_STREAM;
  }

  /** Where pods and their Service listen for it. */
  public EchoPort port() {
    return grpc() ? EchoPort.GRPC : EchoPort.HTTP;
  }

  /** Whether a connection that is kept carries one request at a time, and any number of them. */
  public boolean oneAtATime() {
    return this == HTTP1;
  }

  /** The same with a new connection for each request, where that is a protocol too. */
  public Optional<Protocol> control() {
    return this == HTTP1 ? Optional.of(SHORT_LIVED) : Optional.empty();
  }

  /**
   * Whether a client's connections know of each other although each has a client object of its own,
   * as WebSockets of one application do.
   */
  public boolean chosenTogether() {
    return this == WEBSOCKET;
  }

  /** Whether a connection carries several requests at once. */
  public boolean multiplexes() {
    return this == HTTP2 || grpc();
  }

  /**
   * Whether all of a connection is one exchange to who stands between and to servers that end: what
   * was upgraded, or a stream; requests are messages in it.
   */
  public boolean streams() {
    return this == GRPC_STREAM || this == WEBSOCKET;
  }

  /**
   * By what the pod's side says that the client is to leave a connection (RFC 9112, 9.6; RFC 9113,
   * 6.8; RFC 6455, 5.5.1).
   */
  public String goodbye() {
    return goodbye;
  }

  /**
   * Whether the last reply that a connection carries says that it is the last (RFC 9112, 9.6);
   * elsewhere a goodbye is a message of its own, which comes at any time.
   */
  public boolean repliesSayGoodbye() {
    return this == HTTP1 || this == SHORT_LIVED;
  }

  /** Whether what is under way goes on after the pod's side said goodbye, however long it takes. */
  public boolean outlastsGoodbye() {
    return this == GRPC_STREAM;
  }

  /** Whether each reply comes with fields of a header. */
  public boolean repliesHaveFields() {
    return this != WEBSOCKET;
  }

  /** Whether a reply's status is one of HTTP, and says how the request went. */
  public boolean repliesHaveStatuses() {
    return repliesHaveFields() && !grpc();
  }

  /** Whether a client can send pings of the protocol's own on a connection. */
  boolean pings() {
    return longLived && this != HTTP1;
  }

  /** Whether the client library can serve many callers with one client object. */
  public boolean shareable() {
    return shareable;
  }
}
