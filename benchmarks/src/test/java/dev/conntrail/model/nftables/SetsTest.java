package dev.conntrail.model.nftables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.conntrail.model.hash.JenkinsHash;
import dev.conntrail.model.hash.Lookup3;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SetsTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void resizableHashBehavesAsAMapAndKeepsItsLoad(int words) {
    ResizableHash set = new ResizableHash(words, words);
    Map<List<Integer>, Integer> expected = new HashMap<>();
    Random random = new Random(words);
    int[] key = new int[6];
    for (int step = 0; step < 30_000; step++) {
      boolean shrink = step / 5000 % 2 == 1;
      for (int i = 0; i < words; i++) {
        key[1 + i] = random.nextInt(words == 1 ? 4000 : 9);
      }
      List<Integer> name = java.util.Arrays.stream(key, 1, 1 + words).boxed().toList();
      if (random.nextInt(10) < (shrink ? 9 : 1)) {
        assertThat(set.remove(key, 1)).isEqualTo(expected.remove(name) != null);
      } else {
        set.put(key, 1, step, -step, 0);
        expected.put(name, step);
      }
      assertThat(set.size()).isEqualTo(expected.size());
      assertThat(set.size()).isLessThanOrEqualTo(set.buckets() / 4 * 3);
      assertThat(set.buckets() == 4 || set.size() * 10 >= set.buckets() * 3 / 2 - 10).isTrue();
      int found = set.find(key, 1, 0);
      assertThat(found == ResizableHash.NONE).isEqualTo(!expected.containsKey(name));
      if (found != ResizableHash.NONE) {
        assertThat(set.code(found)).isEqualTo(expected.get(name));
        assertThat(set.chain(found)).isEqualTo(-expected.get(name));
      }
    }
  }

  @Test
  void resizableHashDoublesAboveThreeQuarters() {
    ResizableHash set = new ResizableHash(1, 1);
    assertThat(set.buckets()).isEqualTo(4);
    for (int i = 1; i <= 3; i++) {
      set.put(new int[] {i}, 0, 0, 0, 0);
    }
    assertThat(set.buckets()).isEqualTo(4);
    set.put(new int[] {4}, 0, 0, 0, 0);
    assertThat(set.buckets()).isEqualTo(8);
    for (int i = 5; i <= 6144; i++) {
      set.put(new int[] {i}, 0, 0, 0, 0);
    }
    assertThat(set.buckets()).isEqualTo(8192);
    set.put(new int[] {6145}, 0, 0, 0, 0);
    assertThat(set.buckets()).isEqualTo(16384);
  }

  @Test
  void elementsExpireAndAreRefreshed() {
    ResizableHash set = new ResizableHash(1, 1);
    int[] key = {7};
    set.put(key, 0, 1, 2, 100);
    assertThat(set.find(key, 0, 99)).isNotEqualTo(ResizableHash.NONE);
    assertThat(set.find(key, 0, 100)).isEqualTo(ResizableHash.NONE);
    set.put(key, 0, 1, 2, 200);
    assertThat(set.find(key, 0, 199)).isNotEqualTo(ResizableHash.NONE);
    assertThat(set.size()).isEqualTo(1);
  }

  @Test
  void keysAreOneToFourWords() {
    assertThatIllegalArgumentException().isThrownBy(() -> new ResizableHash(5, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new ResizableHash(0, 1));
  }

  @Test
  void fixedHashFindsAllAndNoOther() {
    for (int n : new int[] {1, 2, 3, 6, 7, 100}) {
      FixedHash map = new FixedHash(n, 99 + n);
      for (int i = 0; i < n; i++) {
        map.put(i, i + 10, i + 20);
      }
      assertThat(map.buckets()).isGreaterThanOrEqualTo(n);
      for (int i = 0; i < n; i++) {
        assertThat(map.code(map.find(i))).isEqualTo(i + 10);
        assertThat(map.chain(map.find(i))).isEqualTo(i + 20);
      }
      assertThat(map.find(n)).isEqualTo(ResizableHash.NONE);
      assertThat(map.find(-1)).isEqualTo(ResizableHash.NONE);
    }
    assertThat(new FixedHash(3, 0).buckets()).isEqualTo(4);
    assertThat(new FixedHash(4, 0).buckets()).isEqualTo(8);
    assertThat(new FixedHash(100, 0).buckets()).isEqualTo(256);
  }

  /** The last element put into a bucket is met first. */
  @Test
  void fixedHashPutsAtTheHead() {
    int seed = 5;
    FixedHash map = new FixedHash(2, seed);
    int other = 1;
    while (JenkinsHash.scale(JenkinsHash.one(other, seed), 2)
        != JenkinsHash.scale(JenkinsHash.one(0, seed), 2)) {
      other++;
    }
    map.put(0, 1, 1);
    map.put(other, 2, 2);
    assertThat(map.code(map.find(0))).isEqualTo(1);
    assertThat(map.code(map.find(other))).isEqualTo(2);
  }

  /** Buckets by their formulas: jhash and a mask; jhash and reciprocal scale. */
  @Test
  void bucketsByTheirFormulas() {
    Random random = new Random(8);
    for (int words = 1; words <= 4; words++) {
      ResizableHash set = new ResizableHash(words, 21);
      int seed = new java.util.SplittableRandom(21).nextInt();
      for (int i = 0; i < 50; i++) {
        int[] key = random.ints(6).toArray();
        java.nio.ByteBuffer bytes =
            java.nio.ByteBuffer.allocate(4 * words).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        for (int w = 0; w < words; w++) {
          bytes.putInt(key[1 + w]);
        }
        assertThat(set.bucket(key, 1)).isEqualTo(Lookup3.bytes(bytes.array(), seed) & 3);
      }
    }
    FixedHash map = new FixedHash(100, 5);
    for (int i = 0; i < 100; i++) {
      assertThat(map.bucket(i)).isEqualTo(JenkinsHash.scale(JenkinsHash.one(i, 5), 256));
    }
  }
}
