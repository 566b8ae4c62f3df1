package dev.conntrail.load.client;

import dev.conntrail.echo.v1.EchoMethods;
import dev.conntrail.echo.v1.EchoReply;
import dev.conntrail.echo.v1.EchoRequest;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;

/**
 * One stream for as long as it lasts, or its channel is to be used; a request is a message on it.
 */
final class GrpcStreamCaller extends GrpcCaller {
  private final AtomicReference<Reply> outstanding = new AtomicReference<>();
  private volatile Stream now;

  GrpcStreamCaller(Connections connections, GrpcChannels channels, boolean own) {
    super(connections, channels, own);
  }

  /** A stream; what becomes of one that was left is nobody's concern. */
  private final class Stream extends ClientCall.Listener<EchoReply> {
    private final Rotation<ManagedChannel>.Lease channel = channel();
    private final ClientCall<EchoRequest, EchoReply> call =
        channel.it().newCall(EchoMethods.STREAM, CallOptions.DEFAULT);
    private volatile Status ended;
    private boolean used;

    /** Begins; it is to be the one that counts now. */
    void start() {
      call.start(this, new Metadata());
      call.request(1);
    }

    /** Whether it is to carry one more message. */
    boolean takes() {
      boolean first = !used;
      used = true;
      return ended == null && (first || channel.again());
    }

    @Override
    public void onMessage(EchoReply message) {
      Reply reply = this == now ? outstanding.getAndSet(null) : null;
      if (reply != null) {
        reply.arrived(entry(call), message.getLine());
      }
      call.request(1);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      ended = status;
      channel.close();
      Reply reply = this == now ? outstanding.getAndSet(null) : null;
      if (reply != null) {
        reply.failed(why(status));
      }
    }
  }

  @Override
  public void connect(IntConsumer statuses) throws IOException, InterruptedException {
    open();
    try {
      super.connect(statuses);
    } catch (IOException e) {
      if (outstanding.getAndSet(null) != null) {
        leave(now);
      }
      throw e;
    }
  }

  /** What comes too late on it is no answer to what is sent next. */
  private static void leave(Stream silent) {
    silent.ended = Status.CANCELLED;
    silent.call.cancel("the first exchange had no reply", null);
  }

  /** A stream, if the channel has one to give. */
  void open() {
    now = new Stream();
    now.start();
  }

  /**
   * A stream that has ended is opened anew, as any long-lived client does; so is one whose channel
   * was used long enough, which is ended in order. One that could not be opened may have ended
   * before there was a request to end with it.
   */
  @Override
  public void send(Reply reply) {
    Stream stream = now;
    if (!stream.takes()) {
      open();
      boolean _ = now.takes();
      if (stream.ended == null) {
        stream.call.halfClose();
      }
    }
    outstanding.set(reply);
    try {
      now.call.sendMessage(EchoRequest.getDefaultInstance());
    } catch (IllegalStateException e) {
      failed(reply, e);
    }
    Status ended = now.ended;
    if (ended != null) {
      failed(reply, why(ended));
    }
  }

  /** Unless the stream has told it already. */
  private void failed(Reply reply, Exception why) {
    if (outstanding.compareAndSet(reply, null)) {
      reply.failed(why);
    }
  }

  @Override
  public void close() {
    Stream stream = now;
    if (stream != null) {
      stream.call.cancel("drained", null);
    }
    super.close();
  }
}
