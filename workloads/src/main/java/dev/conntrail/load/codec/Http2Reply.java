package dev.conntrail.load.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.ProtocolException;
import java.util.Arrays;

/** What the fields of a reply of HTTP/2 say: its status, gRPC's, and one field more. */
final class Http2Reply {
  private static final byte[] STATUS = Http1Head.ascii(":status");
  private static final byte[] GRPC_STATUS = Http1Head.ascii("grpc-status");
  private static final byte[] GRPC_MESSAGE = Http1Head.ascii("grpc-message");

  /** There was none. */
  static final int NONE = -1;

  private final byte[] watched;
  private int status;
  private int grpcStatus;
  private String grpcMessage = "";
  private String seen = "";

  /** Looks at another field too, unless its name is empty. */
  Http2Reply(String watched) {
    this.watched = Http1Head.ascii(watched);
  }

  void clear() {
    status = NONE;
    grpcStatus = NONE;
    grpcMessage = "";
    seen = "";
  }

  void field(byte[] name, int nameAt, int nameLength, byte[] value, int valueAt, int valueLength) {
    if (is(name, nameAt, nameLength, STATUS)) {
      status = number(value, valueAt, valueLength);
    } else if (is(name, nameAt, nameLength, GRPC_STATUS)) {
      grpcStatus = number(value, valueAt, valueLength);
    } else if (is(name, nameAt, nameLength, GRPC_MESSAGE)) {
      grpcMessage = decoded(value, valueAt, valueLength);
    } else if (watched.length > 0 && is(name, nameAt, nameLength, watched)) {
      seen = new String(value, valueAt, valueLength, ISO_8859_1);
    }
  }

  /** Percent-encoded UTF-8, as gRPC writes messages; what is no such code stays as it is. */
  private static String decoded(byte[] in, int at, int length) {
    byte[] out = new byte[length];
    int n = 0;
    for (int i = at; i < at + length; i++) {
      int high = i + 2 < at + length && in[i] == '%' ? Character.digit(in[i + 1], 16) : -1;
      int low = high < 0 ? -1 : Character.digit(in[i + 2], 16);
      if (low < 0) {
        out[n++] = in[i];
      } else {
        out[n++] = (byte) (high << 4 | low);
        i += 2;
      }
    }
    return new String(out, 0, n, UTF_8);
  }

  private static boolean is(byte[] in, int at, int length, byte[] word) {
    return length == word.length && Arrays.equals(in, at, at + length, word, 0, length);
  }

  private static int number(byte[] in, int at, int length) {
    int number = 0;
    for (int i = at; i < at + length; i++) {
      if (in[i] < '0' || in[i] > '9' || length > 3) {
        return NONE;
      }
      number = number * 10 + in[i] - '0';
    }
    return length == 0 ? NONE : number;
  }

  /** The status of a head that has ended; an interim one (1xx) too. */
  int status() throws ProtocolException {
    if (status < 100) {
      throw new ProtocolException("HTTP/2: a reply without a status");
    }
    return status;
  }

  boolean hasStatus() {
    return status != NONE;
  }

  /** An interim head is followed by another. */
  boolean interim() throws ProtocolException {
    return status() < 200;
  }

  int grpcStatus() {
    return grpcStatus;
  }

  String grpcMessage() {
    return grpcMessage;
  }

  String seen() {
    return seen;
  }
}
