package dev.conntrail.load.client;

import dev.conntrail.spec.LoadPlan;

/** Which client speaks which protocol. */
public final class ProtocolClients {
  private ProtocolClients() {}

  /** A new client. */
  public static ProtocolClient of(LoadPlan.Callers callers, Connections connections) {
    return switch (callers.protocol()) {
      case HTTP1 -> new HttpClient(HttpClient.Style.HTTP1, callers, connections);
      case HTTP2 -> new HttpClient(HttpClient.Style.HTTP2, callers, connections);
      case SHORT_LIVED -> new HttpClient(HttpClient.Style.SHORT_LIVED, callers, connections);
      case GRPC -> new GrpcClient(false, callers, connections);
      case GRPC_STREAM -> new GrpcClient(true, callers, connections);
      case WEBSOCKET -> new WebSocketClients(connections);
    };
  }
}
