package dev.conntrail.load.codec;

import dev.conntrail.record.FirstLine;
import java.net.ProtocolException;

/** Messages of a gRPC stream, each with a prefix of five bytes, however frames split them. */
final class GrpcMessages {
  private static final int PREFIX = 5;

  private final Body message = new Body();
  private int prefixed;
  private long left;

  /** A stream begins. */
  void clear() {
    prefixed = 0;
    left = 0;
    message.clear();
  }

  Body message() {
    return message;
  }

  /** Whether a message has begun and not ended. */
  boolean within() {
    return prefixed > 0 && (prefixed < PREFIX || left > 0);
  }

  /** Whether a message is there, whole. */
  boolean whole() {
    return prefixed == PREFIX && left == 0;
  }

  /** The message was heard; the next may come. */
  void heard() {
    prefixed = 0;
    message.clear();
  }

  /**
   * Takes bytes, up to the end of a message.
   *
   * @return up to where
   */
  int take(byte[] in, int from, int to) throws ProtocolException {
    int at = from;
    while (at < to && prefixed < PREFIX) {
      if (prefixed == 0 && in[at] != 0) {
        throw foreign(in, at, to);
      }
      prefix(in[at++] & 0xff);
    }
    int n = (int) Math.min(left, to - at);
    if (prefixed == PREFIX && n > 0) {
      message.add(in, at, n);
      left -= n;
      at += n;
    }
    return at;
  }

  /** What begins with another byte than a message does. */
  private static ProtocolException foreign(byte[] in, int at, int to) {
    return new ProtocolException(
        in[at] == 1
            ? "gRPC: a message is compressed, which nobody asked for"
            : OtherPort.mends(
                "gRPC: the reply is no message of gRPC, so the server may not speak it: it begins"
                    + " with '"
                    + FirstLine.of(in, at, to)
                    + "'"));
  }

  private void prefix(int b) {
    if (prefixed == 0) {
      left = 0;
      message.clear();
    } else {
      left = (left << 8) | b;
    }
    prefixed++;
  }

  /** How much of a message has come that has begun and not ended. */
  String cut() {
    return prefixed < PREFIX
        ? Cut.of(prefixed, (long) PREFIX - prefixed, "a message's prefix")
        : Cut.of(message.total(), left, "its message");
  }

  void keep() {
    message.keep();
  }
}
