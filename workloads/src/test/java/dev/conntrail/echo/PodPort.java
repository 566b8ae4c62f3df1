package dev.conntrail.echo;

import dev.conntrail.spec.EchoPod;
import dev.conntrail.spec.Protocol;

/** What is spoken to which port of a pod: gRPC has one of its own, and HTTP's beside. */
public enum PodPort {
  HTTP1(Protocol.HTTP1, true),
  HTTP2(Protocol.HTTP2, true),
  GRPC(Protocol.GRPC, false),
  GRPC_STREAM(Protocol.GRPC_STREAM, false),
  FRAMED_GRPC(Protocol.GRPC, true),
  FRAMED_GRPC_STREAM(Protocol.GRPC_STREAM, true),
  WEBSOCKET(Protocol.WEBSOCKET, true),
  SHORT_LIVED(Protocol.SHORT_LIVED, true);

  private final Protocol protocol;
  private final boolean http;

  PodPort(Protocol protocol, boolean http) {
    this.protocol = protocol;
    this.http = http;
  }

  /** What is spoken. */
  public Protocol protocol() {
    return protocol;
  }

  /** Its number. */
  public int of(EchoPod pod) {
    return http ? pod.httpPort() : pod.grpcPort();
  }

  /** Where a client connects to. */
  public String target(EchoPod pod) {
    return "127.0.0.1:" + of(pod);
  }
}
