package dev.conntrail.load.client;

/**
 * Reads what a server of HTTP/2 sends, frame by frame, as far as to see a GOAWAY (RFC 9113, 4.1 and
 * 6.8), which libraries keep to themselves. For one connection, one thread at a time.
 */
final class GoAwayWatch {
  private static final int HEADER = 9;
  private static final int LENGTH = 3;
  private static final int GOAWAY = 7;
  private static final int BYTE = 0xff;

  private int inHeader;
  private int length;
  private int type;
  private int payloadLeft;
  private boolean seen;

  /** A byte came. */
  void read(byte b) {
    if (payloadLeft > 0) {
      payloadLeft--;
      return;
    }
    if (inHeader < LENGTH) {
      length = (inHeader == 0 ? 0 : length << Byte.SIZE) | (b & BYTE);
    } else if (inHeader == LENGTH) {
      type = b & BYTE;
    }
    inHeader++;
    if (inHeader == HEADER) {
      inHeader = 0;
      payloadLeft = length;
      seen |= type == GOAWAY;
    }
  }

  /** Whether one was seen. */
  boolean seen() {
    return seen;
  }
}
