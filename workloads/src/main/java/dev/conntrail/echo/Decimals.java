package dev.conntrail.echo;

import io.netty.buffer.ByteBuf;

/** Numbers as text, with no object made of them. */
final class Decimals {
  private Decimals() {}

  /** How many digits a number has that is not below 0. */
  static int digits(long number) {
    int digits = 1;
    for (long rest = number; rest >= 10; rest /= 10) {
      digits++;
    }
    return digits;
  }

  /** Writes a number that is not below 0. */
  static void write(long number, ByteBuf out) {
    int digits = digits(number);
    int at = out.writerIndex();
    out.writeZero(digits);
    long rest = number;
    for (int i = at + digits - 1; i >= at; i--) {
      out.setByte(i, '0' + (int) (rest % 10));
      rest /= 10;
    }
  }
}
