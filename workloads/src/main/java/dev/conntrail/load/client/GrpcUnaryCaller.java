package dev.conntrail.load.client;

import dev.conntrail.echo.v1.EchoMethods;
import dev.conntrail.echo.v1.EchoReply;
import dev.conntrail.echo.v1.EchoRequest;
import dev.conntrail.record.LedgerEntry;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;

/** A request is a unary call. */
final class GrpcUnaryCaller extends GrpcCaller {
  GrpcUnaryCaller(Connections connections, GrpcChannels channels, boolean own) {
    super(connections, channels, own);
  }

  @Override
  public void send(Reply reply) {
    Rotation<ManagedChannel>.Lease channel = channel();
    ClientCall<EchoRequest, EchoReply> call =
        channel.it().newCall(EchoMethods.UNARY, CallOptions.DEFAULT);
    call.start(
        new ClientCall.Listener<>() {
          private String line;
          private LedgerEntry entry;

          @Override
          public void onMessage(EchoReply message) {
            line = message.getLine();
            entry = entry(call);
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            channel.close();
            if (status.isOk() && line != null) {
              reply.arrived(entry, line);
            } else {
              reply.failed(why(status));
            }
          }
        },
        new Metadata());
    call.request(2);
    call.sendMessage(EchoRequest.getDefaultInstance());
    call.halfClose();
  }
}
