package dev.conntrail.echo;

import io.netty.buffer.ByteBuf;

/**
 * Finds gRPC's messages in the pieces that they come in: a byte that says whether it is compressed,
 * four with its length, the message (gRPC over HTTP/2, Length-Prefixed-Message). What a message
 * holds is let go.
 */
final class GrpcMessages {
  /** Longest that is taken, as gRPC's servers have it unless told otherwise. */
  static final int LONGEST = 4 << 20;

  private static final int PREFIX = 5;

  private int prefixed;
  private boolean compressed;
  private long left;

  void begin() {
    prefixed = 0;
    compressed = false;
    left = 0;
  }

  /** Reads up to the end of a message, or of what is there; where that is. */
  int read(ByteBuf in, int from, int to) {
    int at = from;
    while (prefixed < PREFIX && at < to) {
      int next = in.getUnsignedByte(at++);
      if (prefixed == 0) {
        compressed = next != 0;
      } else {
        left = (left << Byte.SIZE) | next;
      }
      prefixed++;
    }
    if (prefixed < PREFIX || compressed || tooLong()) {
      return at;
    }
    int some = (int) Math.min(left, to - at);
    left -= some;
    return at + some;
  }

  /** Whether one has begun that has not ended. */
  boolean within() {
    return prefixed > 0;
  }

  /** Whether it has ended; then the next begins. */
  boolean whole() {
    if (prefixed < PREFIX || left > 0) {
      return false;
    }
    begin();
    return true;
  }

  boolean compressed() {
    return compressed;
  }

  boolean tooLong() {
    return prefixed == PREFIX && left > LONGEST;
  }

  /** How much of it has not come. */
  long left() {
    return left;
  }
}
