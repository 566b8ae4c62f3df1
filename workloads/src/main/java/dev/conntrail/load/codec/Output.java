package dev.conntrail.load.codec;

import java.util.Arrays;

/** Bytes on their way out, in an array that grows as it must and is used again. */
public final class Output {
  private static final int FIRST = 1024;

  private byte[] bytes = new byte[FIRST];
  private int length;

  /** The array; what counts are its first {@link #length()} bytes, until the next write. */
  public byte[] array() {
    return bytes;
  }

  /** How many there are. */
  public int length() {
    return length;
  }

  /** Forgets all. */
  public void clear() {
    length = 0;
  }

  /** A copy. */
  public byte[] toBytes() {
    return Arrays.copyOf(bytes, length);
  }

  /** One byte. */
  public void int8(int value) {
    reserve(1);
    bytes[length++] = (byte) value;
  }

  /** Two bytes, in the order of the network. */
  public void int16(int value) {
    int8(value >>> 8);
    int8(value);
  }

  /** Three bytes. */
  public void int24(int value) {
    int8(value >>> 16);
    int16(value);
  }

  /** Four bytes. */
  public void int32(int value) {
    int16(value >>> 16);
    int16(value);
  }

  /** Eight bytes. */
  public void int64(long value) {
    int32((int) (value >>> 32));
    int32((int) value);
  }

  /** All bytes of an array. */
  public void bytes(byte[] from) {
    bytes(from, 0, from.length);
  }

  /** Some bytes of an array. */
  public void bytes(byte[] from, int at, int count) {
    reserve(count);
    System.arraycopy(from, at, bytes, length, count);
    length += count;
  }

  private void reserve(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(length + more, 2 * bytes.length));
    }
  }
}
