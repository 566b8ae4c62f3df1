package dev.conntrail.load.codec;

import java.util.Arrays;

/**
 * A header block of a reply, and what it said. With the same table of HPACK, and where the watched
 * field was the same before, a block of the same bytes in the same place says the same.
 */
final class Http2Memo {
  /** Longer ones are read each time: it is kept for every connection. */
  static final int LONGEST = 256;

  private static final byte[] NONE = {};

  private byte[] block = NONE;
  private int blockLength = -1;
  private long changes;
  private String seenBefore = "";
  private final Http2Said said = new Http2Said();

  /** Whether this is it: these bytes, so many changes of the table before, this seen before. */
  boolean is(byte[] in, int at, int count, long changesBefore, String before) {
    return count == blockLength
        && changesBefore == changes
        && Arrays.equals(in, at, at + count, block, 0, count)
        && before.equals(seenBefore);
  }

  /** This is it from now on, unless it is too long. */
  void block(byte[] in, int at, int count, long changesBefore, String before) {
    if (count > LONGEST) {
      blockLength = -1;
      return;
    }
    if (block.length < count) {
      block = new byte[count];
    }
    System.arraycopy(in, at, block, 0, count);
    blockLength = count;
    changes = changesBefore;
    seenBefore = before;
  }

  /** What it said. */
  Http2Said said() {
    return said;
  }
}
