package dev.conntrail.echo;

import com.google.common.primitives.Bytes;
import dev.conntrail.echo.v1.EchoMethods;
import io.grpc.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/**
 * The echo's calls of gRPC as they lie in HTTP/2 (gRPC over HTTP/2, Responses): a head, a reply for
 * each message, and the status when the client has said all. What is said of calls that cannot be
 * answered is what grpc-java says; it says nothing of a message that is too long, but resets.
 */
final class GrpcAnswers implements Http2Answers {
  /** {@code :status: 200} and {@code content-type: application/grpc}. */
  private static final byte[] HEAD =
      "\210\017\020\020application/grpc".getBytes(StandardCharsets.ISO_8859_1);

  private static final byte[] OK = status(Status.OK);

  private static final byte[] COMPRESSED =
      Bytes.concat(
          status(Status.UNIMPLEMENTED.withDescription("Compressed messages are not read")),
          field("grpc-accept-encoding", "identity"));

  /** Of {@code EchoReply}, the line: a string, field 1. */
  private static final int LINE = 0x0a;

  private static final int PREFIX = 5;
  private static final int NEW_NAME = 0;
  private static final int LONG_STRING = 0x7f;
  private static final int MORE = 0x80;
  private static final int LONGEST_NAME = 1024;

  private final Gate gate;
  private final Http2Streams streams;

  GrpcAnswers(Gate gate, Http2Streams streams) {
    this.gate = gate;
    this.streams = streams;
  }

  @Override
  public void begun(Http2Stream call, String path) {
    if (path.equals(EchoMethods.STREAM.getFullMethodName())) {
      along(call, () -> head(call));
    } else if (!path.equals(EchoMethods.UNARY.getFullMethodName())) {
      String name = path.substring(0, Math.min(path.length(), LONGEST_NAME));
      refuse(call, status(Status.UNIMPLEMENTED.withDescription("Method not found: " + name)));
    }
  }

  @Override
  public void came(Http2Stream call, ByteBuf in, int from, int to) {
    GrpcMessages messages = call.messages();
    int at = from;
    while (at < to && !call.refused()) {
      at = messages.read(in, at, to);
      if (messages.compressed()) {
        refuse(call, COMPRESSED);
      } else if (messages.tooLong()) {
        String sizes = GrpcMessages.LONGEST + ": " + messages.left();
        String why = "gRPC message exceeds maximum size " + sizes;
        refuse(call, status(Status.RESOURCE_EXHAUSTED.withDescription(why)));
      } else if (messages.whole()) {
        answer(call);
      }
    }
  }

  private void answer(Http2Stream call) {
    long number = gate.connection().counts();
    if (gate.answers().none()) {
      reply(call, number);
    } else {
      gate.answers().say(streams.late(call, () -> reply(call, number)));
    }
    gate.answered();
  }

  @Override
  public void asked(Http2Stream call) {
    if (call.refused()) {
      return;
    }
    if (call.messages().within()) {
      refuse(call, status(Status.INTERNAL.withDescription("Encountered end-of-stream mid-frame")));
    } else if (gate.answers().none()) {
      end(call, OK);
    } else {
      along(call, () -> end(call, OK));
    }
  }

  private void along(Http2Stream call, Runnable part) {
    if (gate.answers().none()) {
      part.run();
    } else {
      gate.answers().along(streams.late(call, part));
    }
  }

  private void refuse(Http2Stream call, byte[] status) {
    call.refuse();
    along(call, () -> end(call, status));
  }

  private void head(Http2Stream call) {
    if (!call.headed()) {
      streams.out().headers(HEAD.length, 0, call.id()).writeBytes(HEAD);
    }
  }

  private void reply(Http2Stream call, long number) {
    head(call);
    int line = gate.connection().length(number);
    int message = 1 + sizeOf(line) + line;
    ByteBuf out = streams.body(call, PREFIX + message, false);
    out.writeByte(0).writeInt(message).writeByte(LINE);
    write(line, out);
    gate.connection().write(number, out);
    streams.pump(call);
  }

  /** With its head where that was not sent, as there was no reply. */
  private void end(Http2Stream call, byte[] status) {
    streams.end(call, call.headed() ? status : Bytes.concat(HEAD, status));
  }

  private static byte[] status(Status status) {
    byte[] code = field("grpc-status", Integer.toString(status.getCode().value()));
    String text = status.getDescription();
    return text == null ? code : Bytes.concat(code, field("grpc-message", percent(text)));
  }

  /** One that is not added to the client's table (RFC 7541, section 6.2.2). */
  private static byte[] field(String name, String value) {
    ByteBuf out = Unpooled.buffer().writeByte(NEW_NAME);
    string(name, out);
    string(value, out);
    return ByteBufUtil.getBytes(out);
  }

  private static void string(String text, ByteBuf out) {
    int length = text.length();
    out.writeByte(Math.min(length, LONG_STRING));
    if (length >= LONG_STRING) {
      write(length - LONG_STRING, out);
    }
    out.writeCharSequence(text, StandardCharsets.US_ASCII);
  }

  /** Percent-encodes what is no printable ASCII (gRPC over HTTP/2, Status-Message). */
  private static String percent(String message) {
    StringBuilder out = new StringBuilder();
    for (byte one : message.getBytes(StandardCharsets.ISO_8859_1)) {
      if (one < ' ' || one > '~' || one == '%') {
        out.append("%%%02X".formatted(one));
      } else {
        out.append((char) one);
      }
    }
    return out.toString();
  }

  /** How many bytes {@link #write} makes of a number. */
  private static int sizeOf(int number) {
    int size = 1;
    for (int rest = number; rest >= MORE; rest >>= 7) {
      size++;
    }
    return size;
  }

  /** Seven bits a byte, the lowest first: protobuf's varint, and the rest of HPACK's integers. */
  private static void write(int number, ByteBuf out) {
    int rest = number;
    while (rest >= MORE) {
      out.writeByte((rest & (MORE - 1)) | MORE);
      rest >>= 7;
    }
    out.writeByte(rest);
  }
}
