package dev.conntrail.load.codec;

import java.io.IOException;
import java.net.ProtocolException;

/**
 * gRPC over HTTP/2: a call each request, or one call of a bidirectional method for as long as it
 * lasts, on which a request is a message and the message in return.
 */
public final class GrpcWire extends Http2Wire {
  private static final int OK = 200;
  private static final int UNIMPLEMENTED = 12;
  private static final String ELSEWHERE = "; mend: a --grpc-method that this server has";

  private static final String[] CODES = {
    "OK",
    "CANCELLED",
    "UNKNOWN",
    "INVALID_ARGUMENT",
    "DEADLINE_EXCEEDED",
    "NOT_FOUND",
    "ALREADY_EXISTS",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "FAILED_PRECONDITION",
    "ABORTED",
    "OUT_OF_RANGE",
    "UNIMPLEMENTED",
    "INTERNAL",
    "UNAVAILABLE",
    "DATA_LOSS",
    "UNAUTHENTICATED"
  };

  private final Http2Request request;
  private final boolean unary;
  private final Http2Reply reply;
  private final GrpcMessages messages = new GrpcMessages();
  private boolean outstanding;

  /**
   * A connection.
   *
   * @param request the call, with its message
   * @param unary whether each request is a call
   * @param watched the name of a field of head or trailers that is looked at, in lower case; empty
   *     for none
   * @param room shared by all connections of a thread
   */
  public GrpcWire(
      Http2Request request,
      boolean unary,
      String watched,
      HpackDecoder.Room room,
      Listener listener) {
    super(new Http2Reply(watched), room, listener);
    this.request = request;
    this.unary = unary;
    this.reply = reply();
  }

  @Override
  public void request(Output out) {
    outstanding = true;
    if (!streaming()) {
      reply.clear();
      messages.clear();
      open(request.head(), false, out);
    }
    send(request.body(), unary, out);
  }

  @Override
  void fields(boolean last) throws ProtocolException {
    if (reply.ended(last) && last) {
      finished();
    }
  }

  @Override
  void data(byte[] in, int at, int count, boolean last) throws ProtocolException {
    if (!reply.headed()) {
      throw new ProtocolException("HTTP/2: data before the head");
    }
    if (reply.status() != OK) {
      if (last) {
        finished();
      }
      return; // of somebody who does not speak gRPC
    }
    int from = at;
    int to = at + count;
    while (from < to) {
      if (messages.whole()) {
        throw new ProtocolException("gRPC: more messages than one in reply");
      }
      from = messages.take(in, from, to);
      if (!unary && messages.whole()) {
        answered();
        messages.heard();
      }
    }
    if (last) {
      finished();
    }
  }

  private void answered() throws ProtocolException {
    if (!outstanding) {
      throw new ProtocolException("gRPC: a message that nobody asked for");
    }
    outstanding = false;
    listener().answered(OK, messages.message());
  }

  /** The stream has ended, whoever ended it well. */
  private void finished() throws ProtocolException {
    if (!outstanding) {
      return;
    }
    boolean well = reply.status() == OK && reply.grpcStatus() == 0;
    if (well && unary && messages.whole()) {
      answered();
    } else {
      broken(new IOException(why()));
    }
  }

  private String why() throws ProtocolException {
    if (reply.grpcStatus() == Http2Reply.NONE) {
      return withoutStatus(reply.status());
    }
    int code = reply.grpcStatus();
    if (code == 0) {
      return "gRPC status OK, without a message";
    }
    String mend = code == UNIMPLEMENTED ? ELSEWHERE : "";
    String word = code > 0 && code < CODES.length ? CODES[code] : "UNKNOWN";
    String more = reply.grpcMessage().isEmpty() ? "" : " (" + reply.grpcMessage() + ")";
    return "gRPC status " + word + more + mend;
  }

  /** A proxy that has no server to ask may say no more than 503, and speak gRPC all the same. */
  private static String withoutStatus(int http) {
    String why = "HTTP status " + http + " without one of gRPC";
    return http / 100 == 5 ? why : OtherPort.mends(why + ", so the server may not speak gRPC");
  }

  @Override
  public String cut(int unused) {
    return Cut.framed(streaming() && reply.headed() ? came() : "", unused);
  }

  private String came() {
    if (messages.within()) {
      return messages.cut();
    }
    if (!unary) {
      return ""; // its head came with the first message of the stream
    }
    return messages.whole() ? "its message, without a status" : "its head";
  }

  @Override
  void broken(IOException why) {
    if (outstanding) {
      outstanding = false;
      listener().refused(why);
    }
  }

  @Override
  void keep() {
    messages.keep();
  }
}
