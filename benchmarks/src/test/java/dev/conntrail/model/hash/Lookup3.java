package dev.conntrail.model.hash;

/** lookup3 over any number of bytes, against which the forms for words are held. */
public final class Lookup3 {
  private static final int INITIAL = 0xdeadbeef;
  private static final int BLOCK = 12;
  private static final int WORD = 4;

  private Lookup3() {}

  /**
   * {@code jhash}.
   *
   * @param key the bytes
   * @param seed {@code initval}
   */
  public static int bytes(byte[] key, int seed) {
    int a = INITIAL + key.length + seed;
    int b = a;
    int c = a;
    int at = 0;
    for (; key.length - at > BLOCK; at += BLOCK) {
      a += word(key, at);
      b += word(key, at + WORD);
      c += word(key, at + 2 * WORD);
      a = (a - c) ^ Integer.rotateLeft(c, 4);
      c += b;
      b = (b - a) ^ Integer.rotateLeft(a, 6);
      a += c;
      c = (c - b) ^ Integer.rotateLeft(b, 8);
      b += a;
      a = (a - c) ^ Integer.rotateLeft(c, 16);
      c += b;
      b = (b - a) ^ Integer.rotateLeft(a, 19);
      a += c;
      c = (c - b) ^ Integer.rotateLeft(b, 4);
      b += a;
    }
    if (at == key.length) {
      return c;
    }
    return JenkinsHash.last(
        a + word(key, at), b + word(key, at + WORD), c + word(key, at + 2 * WORD));
  }

  /** Four bytes, the first the lowest; bytes beyond the end are zero. */
  private static int word(byte[] key, int at) {
    int word = 0;
    for (int i = 0; i < WORD && at + i < key.length; i++) {
      word |= (key[at + i] & 0xff) << (8 * i);
    }
    return word;
  }
}
