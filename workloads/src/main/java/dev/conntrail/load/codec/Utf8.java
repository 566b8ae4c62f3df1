package dev.conntrail.load.codec;

/** Whether bytes that come in pieces are UTF-8 (RFC 3629: no overlong forms, no surrogates). */
final class Utf8 {
  private int needed;
  private int lowest = 0x80;
  private int highest = 0xbf;

  /** Whether bytes are UTF-8, to the last character. */
  static boolean is(byte[] bytes) {
    Utf8 of = new Utf8();
    return of.takes(bytes, 0, bytes.length) && of.whole();
  }

  void clear() {
    needed = 0;
    lowest = 0x80;
    highest = 0xbf;
  }

  /** Takes more; false if that is no UTF-8. */
  boolean takes(byte[] in, int from, int count) {
    for (int i = from; i < from + count; i++) {
      int b = in[i] & 0xff;
      if (needed == 0 ? !first(b) : !further(b)) {
        return false;
      }
    }
    return true;
  }

  /** Whether no character is cut off. */
  boolean whole() {
    return needed == 0;
  }

  private boolean first(int b) {
    if (b < 0x80) {
      return true;
    }
    if (b < 0xc2 || b > 0xf4) {
      return false;
    }
    needed = b < 0xe0 ? 1 : b < 0xf0 ? 2 : 3;
    lowest = b == 0xe0 ? 0xa0 : b == 0xf0 ? 0x90 : 0x80;
    highest = b == 0xed ? 0x9f : b == 0xf4 ? 0x8f : 0xbf;
    return true;
  }

  private boolean further(int b) {
    if (b < lowest || b > highest) {
      return false;
    }
    lowest = 0x80;
    highest = 0xbf;
    needed--;
    return true;
  }
}
