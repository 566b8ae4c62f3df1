package dev.conntrail.load.client;

import dev.conntrail.echo.v1.EchoMethods;
import dev.conntrail.echo.v1.EchoReply;
import dev.conntrail.echo.v1.EchoRequest;
import dev.conntrail.record.Ledger;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;

/** One stream for the caller's whole life; a request is a message on it. */
final class GrpcStreamCaller extends GrpcCaller {
  private final AtomicReference<Reply> outstanding = new AtomicReference<>();
  private volatile ClientCall<EchoRequest, EchoReply> call;
  private volatile boolean broken;

  GrpcStreamCaller(Ledger ledger, ManagedChannel channel, boolean own) {
    super(ledger, channel, own);
  }

  @Override
  public void connect() throws IOException, InterruptedException {
    call = open();
    super.connect();
  }

  private ClientCall<EchoRequest, EchoReply> open() {
    ClientCall<EchoRequest, EchoReply> stream =
        channel().newCall(EchoMethods.STREAM, CallOptions.DEFAULT);
    stream.start(
        new ClientCall.Listener<>() {
          @Override
          public void onMessage(EchoReply message) {
            Reply reply = outstanding.getAndSet(null);
            if (reply != null) {
              reply.arrived(entry(stream), message.getLine());
            }
            stream.request(1);
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            broken = true;
            Reply reply = outstanding.getAndSet(null);
            if (reply != null) {
              reply.failed(status.asRuntimeException());
            }
          }
        },
        new Metadata());
    stream.request(1);
    return stream;
  }

  /** A stream that has ended is opened anew, as any long-lived client does. */
  @Override
  public void send(Reply reply) {
    if (broken) {
      broken = false;
      call = open();
    }
    outstanding.set(reply);
    try {
      call.sendMessage(EchoRequest.getDefaultInstance());
    } catch (IllegalStateException e) {
      if (outstanding.compareAndSet(reply, null)) {
        reply.failed(e);
      }
    }
  }

  @Override
  public void close() {
    ClientCall<EchoRequest, EchoReply> stream = call;
    if (stream != null) {
      stream.cancel("drained", null);
    }
    super.close();
  }
}
