package dev.conntrail.model.hash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JenkinsHashTest {
  private static final byte[] GETTYSBURG =
      "Four score and seven years ago".getBytes(StandardCharsets.US_ASCII);

  /** The vectors that Bob Jenkins gives in lookup3.c. */
  @Test
  void publishedVectors() {
    assertThat(Lookup3.bytes(new byte[0], 0)).isEqualTo(0xdeadbeef);
    assertThat(Lookup3.bytes(new byte[0], 0xdeadbeef)).isEqualTo(0xbd5b7dde);
    assertThat(Lookup3.bytes(GETTYSBURG, 0)).isEqualTo(0x17770551);
    assertThat(Lookup3.bytes(GETTYSBURG, 1)).isEqualTo(0xcd628161);
  }

  @Test
  void formsForWordsAreTheFormForBytes() {
    Random random = new Random(7);
    for (int i = 0; i < 1000; i++) {
      int[] w = random.ints(4).toArray();
      int seed = random.nextInt();
      assertThat(JenkinsHash.one(w[0], seed)).isEqualTo(bytes(seed, w[0]));
      assertThat(JenkinsHash.two(w[0], w[1], seed)).isEqualTo(bytes(seed, w[0], w[1]));
      assertThat(JenkinsHash.three(w[0], w[1], w[2], seed))
          .isEqualTo(bytes(seed, w[0], w[1], w[2]));
      assertThat(JenkinsHash.four(w[0], w[1], w[2], w[3], seed)).isEqualTo(bytes(seed, w));
    }
  }

  private static int bytes(int seed, int... words) {
    ByteBuffer buffer = ByteBuffer.allocate(4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int word : words) {
      buffer.putInt(word);
    }
    return Lookup3.bytes(buffer.array(), seed);
  }

  @Test
  void scaleTakesTheTopOfTheProduct() {
    assertThat(JenkinsHash.scale(0, 10)).isZero();
    assertThat(JenkinsHash.scale(-1, 10)).isEqualTo(9);
    assertThat(JenkinsHash.scale(0x80000000, 10)).isEqualTo(5);
    assertThat(JenkinsHash.scale(0x7fffffff, 10)).isEqualTo(4);
  }

  /** 0x61C88647 times the value, its top bits. */
  @Test
  void goldenRatio() {
    assertThat(JenkinsHash.goldenRatio(1, 8)).isEqualTo(0x61);
    assertThat(JenkinsHash.goldenRatio(2, 8)).isEqualTo(0xC3);
    assertThat(JenkinsHash.goldenRatio(0x0AF00001, 8))
        .isEqualTo((int) (((0x0AF00001L * 0x61C88647L) >>> 24) & 0xff));
  }
}
