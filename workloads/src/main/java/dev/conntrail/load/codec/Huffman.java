package dev.conntrail.load.codec;

/**
 * The Huffman code of HPACK (RFC 7541, appendix B). It is canonical, so that the lengths of its
 * codes are all there is to it: codes of one length are consecutive numbers in the order of their
 * symbols.
 */
final class Huffman {
  /** The length of each symbol's code, in bits; the last is that of the end of a string (EOS). */
  private static final byte[] LENGTHS = {
    13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28,
    28, 28, 28, 28, 28, 28, 28, 28, 6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5,
    6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10, 13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
    7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6, 15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5,
    6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28, 20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23,
    23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24, 22, 21, 20,
    22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22,
    22, 23, 22, 22, 23, 26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26,
    27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27, 20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25,
    25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26, 30
  };

  private static final int EOS = 256;
  private static final int LONGEST = 30;
  private static final int NIBBLE = 4;
  private static final int EMITS = 1 << 8;
  private static final int MAY_END = 1 << 9;
  private static final int FAILS = 1 << 10;
  private static final int NEXT = 16;

  /**
   * What four bits do in a state, which is an inner node of the code's tree: the state after them,
   * whether they end a code and of which symbol (one at most, for codes have five bits or more),
   * and whether the string may end there.
   */
  private static final int[] STEPS = steps();

  private Huffman() {}

  private static int[] codes() {
    int[] codes = new int[LENGTHS.length];
    int code = 0;
    for (int length = 1; length <= LONGEST; length++) {
      for (int symbol = 0; symbol < LENGTHS.length; symbol++) {
        if (LENGTHS[symbol] == length) {
          codes[symbol] = code++;
        }
      }
      code <<= 1;
    }
    return codes;
  }

  /** Two children a node: another node, or {@code ~symbol}. */
  private static int[] tree() {
    int[] codes = codes();
    int[] children = new int[2 * LENGTHS.length];
    int nodes = 1;
    for (int symbol = 0; symbol < LENGTHS.length; symbol++) {
      int node = 0;
      for (int bit = LENGTHS[symbol] - 1; bit >= 0; bit--) {
        int slot = 2 * node + ((codes[symbol] >>> bit) & 1);
        if (bit == 0) {
          children[slot] = ~symbol;
        } else {
          if (children[slot] == 0) {
            children[slot] = nodes++;
          }
          node = children[slot];
        }
      }
    }
    return children;
  }

  private static int[] steps() {
    int[] children = tree();
    int nodes = children.length / 2;
    boolean[] mayEnd = new boolean[nodes];
    int padding = 0;
    for (int bits = 0; bits < Byte.SIZE; bits++) { // fewer than eight ones may pad a string
      mayEnd[padding] = true;
      padding = children[2 * padding + 1];
    }
    int[] steps = new int[nodes << NIBBLE];
    for (int node = 0; node < nodes; node++) {
      for (int bits = 0; bits < 1 << NIBBLE; bits++) {
        steps[(node << NIBBLE) | bits] = step(children, mayEnd, node, bits);
      }
    }
    return steps;
  }

  private static int step(int[] children, boolean[] mayEnd, int from, int bits) {
    int node = from;
    int emitted = 0;
    for (int bit = NIBBLE - 1; bit >= 0; bit--) {
      int child = children[2 * node + ((bits >>> bit) & 1)];
      if (child == ~EOS) {
        return FAILS;
      }
      if (child < 0) {
        emitted = EMITS | ~child;
      }
      node = Math.max(child, 0);
    }
    return (node << NEXT) | emitted | (mayEnd[node] ? MAY_END : 0);
  }

  /**
   * Decodes a string.
   *
   * @param out must have room for eight fifths of the bytes
   * @return its length
   * @throws HpackException if it holds EOS, or does not end as the RFC has it (section 5.2)
   */
  static int decode(byte[] in, int from, int count, byte[] out, int outFrom) throws HpackException {
    int at = outFrom;
    int step = MAY_END;
    for (int i = from; i < from + count; i++) {
      step = STEPS[(step >>> NEXT << NIBBLE) | ((in[i] >>> NIBBLE) & 0xf)];
      if ((step & EMITS) != 0) {
        out[at++] = (byte) step;
      }
      if ((step & FAILS) != 0) {
        break;
      }
      step = STEPS[(step >>> NEXT << NIBBLE) | (in[i] & 0xf)];
      if ((step & EMITS) != 0) {
        out[at++] = (byte) step;
      }
      if ((step & FAILS) != 0) {
        break;
      }
    }
    if ((step & MAY_END) == 0) {
      throw new HpackException("a string is no Huffman code");
    }
    return at - outFrom;
  }
}
