package dev.conntrail.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Values of R 4.3: {@code wilcox.test(exact = TRUE)}, and of package coin where there are ties. */
class RankTestTest {
  @Test
  void isRsExactTest() {
    // Hollander and Wolfe, permeability of membranes: W = 35, p = 0.2544
    double[] term = {0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46};
    double[] early = {1.15, 0.88, 0.90, 0.74, 1.21};
    assertThat(RankTest.p(term, early)).isCloseTo(0.2544, within(0.0001));
  }

  @Test
  void threeASideNeverGetBelowATenth() {
    assertThat(RankTest.p(new double[] {1, 2, 3}, new double[] {11, 12, 13}))
        .isCloseTo(0.1, within(1e-12));
    assertThat(RankTest.least(3, 3)).isCloseTo(0.1, within(1e-12));
    assertThat(RankTest.least(8, 8)).isCloseTo(2.0 / 12870, within(1e-12));
  }

  @Test
  void tiesHaveTheirMeanRank() {
    assertThat(RankTest.doubledRanks(new double[] {5, 1, 5, 9})).containsExactly(5, 2, 5, 8);
    // of 6 ways to deal 1, 2, 2, 3 to two pairs, 2 are as far apart as {1, 2} and {2, 3}: the
    // three others with a 2 exchanged count too
    assertThat(RankTest.p(new double[] {1, 2}, new double[] {2, 3}))
        .isCloseTo(4.0 / 6, within(1e-12));
    assertThat(RankTest.p(new double[] {4, 4}, new double[] {4, 4, 4})).isEqualTo(1);
  }

  @Test
  void holdsItsLevelWhereNothingDiffers() {
    Random random = new Random(7);
    long alarms =
        IntStream.range(0, 2000)
            .filter(_ ->
                RankTest.p(
                        random.doubles(8).map(Math::rint).toArray(),
                        random.doubles(9).map(Math::rint).toArray())
                    <= 0.05)
            .count();
    assertThat(alarms).isBetween(1L, 125L);
  }

  @Test
  void refusesNothingAndTooMuch() {
    assertThatThrownBy(() -> RankTest.p(new double[0], new double[3]))
        .hasMessageContaining("found 0 and 3 values");
    assertThatThrownBy(() -> RankTest.p(new double[201], new double[200]))
        .hasMessageContaining("allowed: 1 or more a side, 400 together");
  }
}
