package dev.conntrail.model.hash;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * Key 00 01 .. 0f, input 00 01 02 ..: the vectors of the paper (length 15), of the reference
 * implementation and of the kernel's lib/tests/siphash_kunit.c.
 */
class SipHashTest {
  private static final long KEY0 = 0x0706050403020100L;
  private static final long KEY1 = 0x0f0e0d0c0b0a0908L;
  private static final long A = 0x0706050403020100L;
  private static final long B = 0x0f0e0d0c0b0a0908L;
  private static final long C = 0x1716151413121110L;
  private static final long D = 0x1f1e1d1c1b1a1918L;

  @Test
  void ofFifteenBytes() {
    long tail = 0x0f0e0d0c0b0a0908L;
    assertThat(SipHash.sip(2, 4, KEY0, KEY1, 1, A, 0, 0, 0, tail)).isEqualTo(0xa129ca6149be45e5L);
  }

  @Test
  void ofSixteenBytes() {
    assertThat(SipHash.two(A, B, KEY0, KEY1)).isEqualTo(0x3f2acc7f57c29bdbL);
  }

  @Test
  void ofThirtyNineBytesWhateverTheFortieth() {
    long last = 0x0026252423222120L;
    assertThat(SipHash.thirtyNine(A, B, C, D, last, KEY0, KEY1)).isEqualTo(0x9abfd8766a33735cL);
    assertThat(SipHash.thirtyNine(A, B, C, D, last | 1L << 56, KEY0, KEY1))
        .isEqualTo(0x9abfd8766a33735cL);
  }

  @Test
  void halfOfFourBytes() {
    assertThat(SipHash.half(0x03020100, KEY0, KEY1)).isEqualTo(0x88d38328);
  }
}
