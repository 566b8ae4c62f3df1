package dev.conntrail.load.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/** Bytes of ISO 8859-1 as text. */
final class Latin1 {
  private Latin1() {}

  /** Text of bytes; the one that was made last, where it is the same. */
  static String text(byte[] in, int at, int length, String last) {
    boolean same = length == last.length();
    for (int i = 0; same && i < length; i++) {
      same = (in[at + i] & 0xff) == last.charAt(i);
    }
    return same ? last : new String(in, at, length, ISO_8859_1);
  }
}
