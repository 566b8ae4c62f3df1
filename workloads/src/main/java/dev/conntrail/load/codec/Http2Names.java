package dev.conntrail.load.codec;

import java.util.Arrays;

/** What fields of HTTP/2 may be called, and be (RFC 9113, sections 8.2.1 and 8.2.2). */
final class Http2Names {
  /** They are of HTTP/1.1's connections. */
  private static final byte[][] OF_CONNECTIONS = {
    Http1Head.ascii("upgrade"),
    Http1Head.ascii("connection"),
    Http1Head.ascii("keep-alive"),
    Http1Head.ascii("proxy-connection"),
    Http1Head.ascii("transfer-encoding")
  };

  private Http2Names() {}

  /** Whether a field may have such a name, which begins with no colon. */
  static boolean may(byte[] in, int at, int length) {
    for (int i = at; i < at + length; i++) {
      if (in[i] <= ' ' || in[i] == 0x7f || in[i] == ':' || (in[i] >= 'A' && in[i] <= 'Z')) {
        return false; // those of 0x80 and more are negative
      }
    }
    for (byte[] word : OF_CONNECTIONS) {
      if (length == word.length && Arrays.equals(in, at, at + length, word, 0, length)) {
        return false;
      }
    }
    return length > 0;
  }

  /**
   * Whether a field may have such a value. Blanks around it are let be, though they may not be
   * there either: grpc-java sends them.
   */
  static boolean mayBe(byte[] in, int at, int length) {
    for (int i = at; i < at + length; i++) {
      if (in[i] == 0 || in[i] == '\n' || in[i] == '\r') {
        return false;
      }
    }
    return true;
  }
}
