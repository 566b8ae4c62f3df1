package dev.conntrail.echo;

import dev.conntrail.echo.v1.EchoMethods;
import dev.conntrail.echo.v1.EchoReply;
import dev.conntrail.echo.v1.EchoRequest;
import io.grpc.Attributes;
import io.grpc.BindableService;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServerTransportFilter;
import io.grpc.Status;
import java.net.SocketAddress;
import java.util.function.Function;

/**
 * The echo over gRPC, unary and bidirectional stream, by grpc-java: with its keep-alives, ages of
 * connections and load reports, which experiments study. {@link GrpcAnswers} says the same on the
 * port of HTTP.
 */
final class GrpcEcho implements BindableService {
  /** The connection that a call is on. */
  static final Attributes.Key<Gate> GATE = Attributes.Key.create("gate");

  /** Lets the calls of each transport know their connection. */
  static final class TransportGate extends ServerTransportFilter {
    private final Function<SocketAddress, Gate> gates;

    /** By the clients' addresses. */
    TransportGate(Function<SocketAddress, Gate> gates) {
      this.gates = gates;
    }

    @Override
    public Attributes transportReady(Attributes attributes) {
      Gate gate = gates.apply(attributes.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
      return attributes.toBuilder().set(GATE, gate).build();
    }
  }

  @Override
  public ServerServiceDefinition bindService() {
    return ServerServiceDefinition.builder(EchoMethods.SERVICE)
        .addMethod(EchoMethods.UNARY, handler(true))
        .addMethod(EchoMethods.STREAM, handler(false))
        .build();
  }

  /** Written against the call itself, for the reply needs the transport's attributes. */
  private static ServerCallHandler<EchoRequest, EchoReply> handler(boolean unary) {
    return (call, _) -> {
      PodLedger.Connection connection = call.getAttributes().get(GATE).connection();
      call.sendHeaders(new Metadata());
      call.request(unary ? 2 : 1);
      return new ServerCall.Listener<>() {
        @Override
        public void onMessage(EchoRequest request) {
          call.sendMessage(EchoReply.newBuilder().setLine(connection.answer()).build());
          if (!unary) {
            call.request(1);
          }
        }

        @Override
        public void onHalfClose() {
          call.close(Status.OK, new Metadata());
        }
      };
    };
  }
}
