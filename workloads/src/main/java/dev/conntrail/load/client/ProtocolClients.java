package dev.conntrail.load.client;

import dev.conntrail.spec.LoadPlan;
import dev.conntrail.spec.Pooling;

/** Which client speaks which protocol. */
public final class ProtocolClients {
  private ProtocolClients() {}

  /** A new client. */
  public static ProtocolClient of(LoadPlan.Callers callers, Connections connections) {
    Pooling pooling = callers.pooling();
    return switch (callers.protocol()) {
      case HTTP1 -> new HttpClient(HttpClient.Style.HTTP1, pooling, connections);
      case HTTP2 -> new HttpClient(HttpClient.Style.HTTP2, pooling, connections);
      case SHORT_LIVED -> new HttpClient(HttpClient.Style.SHORT_LIVED, pooling, connections);
      case GRPC -> new GrpcClient(false, callers, connections);
      case GRPC_STREAM -> new GrpcClient(true, callers, connections);
      case WEBSOCKET -> new WebSocketClients(connections);
    };
  }
}
