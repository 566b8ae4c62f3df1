package dev.conntrail.load.loop;

/** What came on one socket and its protocol cannot use before more comes; mostly nothing. */
final class Inbox {
  private static final byte[] NONE = {};

  private byte[] left = NONE;
  private int length;

  /** Puts it before what is about to be received; its length. */
  int into(byte[] in) {
    System.arraycopy(left, 0, in, 0, length);
    return length;
  }

  /** How many bytes it has. */
  int length() {
    return length;
  }

  /** Keeps this now, and nothing else. */
  void keep(byte[] in, int from, int to) {
    length = to - from;
    if (left.length < length || length == 0) {
      left = length == 0 ? NONE : new byte[length];
    }
    System.arraycopy(in, from, left, 0, length);
  }
}
