package dev.conntrail.load.client;

import dev.conntrail.spec.Pooling;
import dev.conntrail.spec.Protocol;

/** Which client speaks which protocol. */
public final class ProtocolClients {
  private ProtocolClients() {}

  /** A new client. */
  public static ProtocolClient of(Protocol protocol, Pooling pooling, Connections connections) {
    return switch (protocol) {
      case HTTP1 -> new HttpClient(HttpClient.Style.HTTP1, pooling, connections);
      case HTTP2 -> new HttpClient(HttpClient.Style.HTTP2, pooling, connections);
      case SHORT_LIVED -> new HttpClient(HttpClient.Style.SHORT_LIVED, pooling, connections);
      case GRPC -> new GrpcClient(false, pooling, connections);
      case GRPC_STREAM -> new GrpcClient(true, pooling, connections);
      case WEBSOCKET -> new WebSocketClients(connections);
    };
  }
}
