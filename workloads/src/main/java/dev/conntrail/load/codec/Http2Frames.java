package dev.conntrail.load.codec;

import dev.conntrail.record.FirstLine;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;

/** The frames of HTTP/2 (RFC 9113, sections 4 and 6): their numbers, and how they are written. */
final class Http2Frames {
  static final int HEADER = 9;
  static final int SETTING = 6;
  static final int LARGEST = 16_384;

  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int PRIORITY = 2;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PUSH_PROMISE = 5;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;

  static final int END_STREAM = 1;
  static final int ACK = 1;
  static final int END_HEADERS = 4;
  static final int PADDED = 8;
  static final int HAS_PRIORITY = 0x20;

  static final int TABLE_SIZE = 1;
  static final int ENABLE_PUSH = 2;
  static final int MAX_STREAMS = 3;
  static final int INITIAL_WINDOW = 4;
  static final int MAX_FRAME = 5;

  static final int NO_ERROR = 0;
  static final int PROTOCOL_ERROR = 1;
  static final int FLOW_CONTROL_ERROR = 3;
  static final int STREAM_CLOSED = 5;
  static final int FRAME_SIZE_ERROR = 6;
  static final int CANCEL = 8;
  static final int COMPRESSION_ERROR = 9;

  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private static final String[] CODES = {
    "NO_ERROR",
    "PROTOCOL_ERROR",
    "INTERNAL_ERROR",
    "FLOW_CONTROL_ERROR",
    "SETTINGS_TIMEOUT",
    "STREAM_CLOSED",
    "FRAME_SIZE_ERROR",
    "REFUSED_STREAM",
    "CANCEL",
    "COMPRESSION_ERROR",
    "CONNECT_ERROR",
    "ENHANCE_YOUR_CALM",
    "INADEQUATE_SECURITY",
    "HTTP_1_1_REQUIRED"
  };

  private Http2Frames() {}

  static String code(int code) {
    return code >= 0 && code < CODES.length
        ? CODES[code]
        : "code " + Integer.toUnsignedString(code);
  }

  /** Says that what comes first are not a server's settings, and makes the error of it. */
  static ProtocolException unsettled(byte[] in, int from, int to, Output out) {
    return fatal(
        PROTOCOL_ERROR,
        OtherPort.mends(
            "the server's settings are not first, so it may not speak HTTP/2: it says '"
                + FirstLine.of(in, from, to)
                + "'"),
        out);
  }

  /** The error of a server that closes without a word. */
  static ProtocolException silent() {
    return new ProtocolException(
        OtherPort.mends(
            "HTTP/2: the server closed without its settings, so it may not speak HTTP/2"));
  }

  static int int32(byte[] in, int at) {
    return (in[at] << 24) | ((in[at + 1] & 0xff) << 16) | int16(in, at + 2);
  }

  static int int24(byte[] in, int at) {
    return ((in[at] & 0xff) << 16) | int16(in, at + 1);
  }

  static int int16(byte[] in, int at) {
    return ((in[at] & 0xff) << 8) | (in[at + 1] & 0xff);
  }

  static void header(Output out, int length, int type, int flags, int stream) {
    out.int24(length);
    out.int8(type);
    out.int8(flags);
    out.int32(stream);
  }

  /** What a client says first: no pushes, and how much of a stream may come unasked. */
  static void greeting(Output out) {
    out.bytes(PREFACE);
    header(out, 2 * SETTING, SETTINGS, 0, 0);
    setting(out, ENABLE_PUSH, 0);
    setting(out, INITIAL_WINDOW, Http2Windows.OURS);
  }

  static void setting(Output out, int which, int value) {
    out.int16(which);
    out.int32(value);
  }

  static void windowUpdate(Output out, int stream, int more) {
    header(out, 4, WINDOW_UPDATE, 0, stream);
    out.int32(more);
  }

  static void reset(Output out, int stream, int code) {
    header(out, 4, RST_STREAM, 0, stream);
    out.int32(code);
  }

  static void ping(Output out, int flags, long opaque) {
    header(out, 8, PING, flags, 0);
    out.int64(opaque);
  }

  static void goAway(Output out, int code) {
    header(out, 8, GOAWAY, 0, 0);
    out.int32(0);
    out.int32(code);
  }

  /** Fields that begin a stream, in as many frames as they take. */
  static void headers(Output out, int stream, byte[] block, boolean endStream) {
    int first = Math.min(block.length, LARGEST);
    int flags = endStream ? END_STREAM : 0;
    header(out, first, HEADERS, flags | (first == block.length ? END_HEADERS : 0), stream);
    out.bytes(block, 0, first);
    for (int at = first; at < block.length; at += LARGEST) {
      int n = Math.min(block.length - at, LARGEST);
      header(out, n, CONTINUATION, at + n == block.length ? END_HEADERS : 0, stream);
      out.bytes(block, at, n);
    }
  }

  /** Says why the connection is over, and makes the error of it. */
  static ProtocolException fatal(int code, String why, Output out) {
    goAway(out, code);
    return new ProtocolException("HTTP/2: " + why);
  }

  static void check(boolean well, String otherwise) throws ProtocolException {
    if (!well) {
      throw new ProtocolException("HTTP/2: " + otherwise);
    }
  }

  static void checkSize(boolean well) throws ProtocolException {
    if (!well) {
      throw new Http2Exception(FRAME_SIZE_ERROR, "HTTP/2: a frame of the wrong size");
    }
  }

  /** How many bytes of a frame are padding, its length included. */
  static int padding(int flags, byte[] in, int at, int length) throws ProtocolException {
    if ((flags & PADDED) == 0) {
      return 0;
    }
    check(length > 0 && (in[at] & 0xff) < length, "more padding than frame");
    return (in[at] & 0xff) + 1;
  }

  /** Answers a ping. */
  static void pong(int flags, int id, byte[] in, int at, int length, Output out)
      throws ProtocolException {
    check(id == 0, "a ping of a stream");
    checkSize(length == 8);
    if ((flags & ACK) == 0) {
      long opaque = ((long) int32(in, at) << 32) | (int32(in, at + 4) & 0xffffffffL);
      ping(out, ACK, opaque);
    }
  }
}
