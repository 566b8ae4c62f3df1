package dev.conntrail.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LooksTest {
  @Test
  void theFirstIsAfterEightBlocksAndAtMostThreeFollowEvenly() {
    assertThat(Looks.upTo(8).after()).containsExactly(8);
    assertThat(Looks.upTo(9).after()).containsExactly(8, 9);
    assertThat(Looks.upTo(10).after()).containsExactly(8, 9, 10);
    assertThat(Looks.upTo(12).after()).containsExactly(8, 9, 11, 12);
    assertThat(Looks.upTo(20).after()).containsExactly(8, 12, 16, 20);
  }

  /** Bonferroni: whatever the looks have in common, together they keep the level. */
  @Test
  void allLooksTogetherKeepTheLevelAndNoneIsTakenTwice() {
    assertThat(IntStream.rangeClosed(1, 300).mapToObj(Looks::upTo))
        .allSatisfy(l -> {
          assertThat(l.after()).isSorted().doesNotHaveDuplicates().hasSizeBetween(1, 4);
          assertThat(l.after().size() * l.level()).isLessThanOrEqualTo(0.05 + 1e-15);
          assertThat(l.most()).isGreaterThanOrEqualTo(8);
        });
  }

  @Test
  void thereAreAsManyBlocksAsTheTimeAllowsButEight() {
    Duration block = Duration.ofSeconds(20);
    assertThat(Looks.within(Duration.ofMinutes(6), block).most()).isEqualTo(18);
    assertThat(Looks.within(Duration.ofSeconds(1), block).most()).isEqualTo(8);
    assertThat(Looks.within(Duration.ofDays(9), block).most()).isEqualTo(1000);
  }
}
