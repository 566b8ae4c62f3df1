package dev.conntrail.record;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.HdrHistogram.Histogram;

/**
 * A histogram in no more memory than its values need, and made in little time and without garbage:
 * who records keeps one a second of each metric, and does nothing else meanwhile. It is the form
 * that HdrHistogram writes, before it is compressed.
 */
final class KeptHistogram {
  private final byte[] bytes;

  /**
   * What is in a histogram now.
   *
   * @param scratch room for the widest of them
   */
  KeptHistogram(Histogram wide, byte[] scratch) {
    bytes = Arrays.copyOf(scratch, wide.encodeIntoByteBuffer(ByteBuffer.wrap(scratch)));
  }

  /** Room for histograms as wide as one. */
  static byte[] scratch(Histogram wide) {
    return new byte[wide.getNeededByteBufferCapacity()];
  }

  /** Adds its values to others'. */
  void addTo(Histogram others) {
    others.add(Histogram.decodeFromByteBuffer(ByteBuffer.wrap(bytes), 0));
  }
}
