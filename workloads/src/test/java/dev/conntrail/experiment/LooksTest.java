package dev.conntrail.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LooksTest {
  /** Of one time: 2 / 2^8 is below 0.05 / 4. */
  @Test
  void theFirstIsAfterEightBlocksAndAtMostThreeFollowEvenly() {
    assertThat(Looks.upTo(8, 1).after()).containsExactly(8);
    assertThat(Looks.upTo(9, 1).after()).containsExactly(8, 9);
    assertThat(Looks.upTo(10, 1).after()).containsExactly(8, 9, 10);
    assertThat(Looks.upTo(12, 1).after()).containsExactly(8, 9, 11, 12);
    assertThat(Looks.upTo(20, 1).after()).containsExactly(8, 12, 16, 20);
  }

  /** The more times and looks, the more blocks it takes until one of them can show anything. */
  @Test
  void noLookIsTakenThatCouldShowNothing() {
    assertThat(Looks.upTo(8, 8).after()).containsExactly(9);
    assertThat(Looks.upTo(18, 8).after()).containsExactly(11, 13, 16, 18);
    assertThat(IntStream.rangeClosed(1, 40).boxed())
        .allSatisfy(times ->
            assertThat(IntStream.rangeClosed(1, 60).mapToObj(n -> Looks.upTo(n, times)))
                .allSatisfy(l ->
                    assertThat(2 / Math.pow(2, l.fewest()) * times)
                        .isLessThanOrEqualTo(l.level())));
  }

  /** Bonferroni: whatever the looks have in common, together they keep the level. */
  @Test
  void allLooksTogetherKeepTheLevelAndNoneIsTakenTwice() {
    assertThat(IntStream.rangeClosed(1, 300).mapToObj(n -> Looks.upTo(n, n % 17)))
        .allSatisfy(l -> {
          assertThat(l.after()).isSorted().doesNotHaveDuplicates().hasSizeBetween(1, 4);
          assertThat(l.after().size() * l.level()).isLessThanOrEqualTo(0.05 + 1e-15);
          assertThat(l.fewest()).isGreaterThanOrEqualTo(8);
        });
  }

  @Test
  void thereAreAsManyBlocksAsTheTimeAllowsButNoFewerThanItTakes() {
    Duration block = Duration.ofSeconds(20);
    assertThat(Looks.within(Duration.ofMinutes(6), block, 2).most()).isEqualTo(18);
    assertThat(Looks.within(Duration.ofSeconds(1), block, 2).most()).isEqualTo(8);
    assertThat(Looks.within(Duration.ofSeconds(1), block, 100).most()).isEqualTo(12);
    assertThat(Looks.within(Duration.ofDays(9), block, 2).most()).isEqualTo(1000);
  }
}
