package dev.conntrail.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HomogeneityTest {
  private static Homogeneity.Table table(long[] a, long[] b) {
    return new Homogeneity.Table(a, b);
  }

  /** R: {@code chisq.test(matrix(c(762, 484, 327, 239, 468, 477), 2))}: 30.07, 2 df. */
  @Test
  void isRsTestOfATable() {
    Homogeneity.Result result =
        Homogeneity.test(List.of(table(new long[] {762, 327, 468}, new long[] {484, 239, 477})));
    assertThat(result.statistic()).isCloseTo(30.07, within(0.005));
    assertThat(result.df()).isEqualTo(2);
    assertThat(result.p()).isCloseTo(2.954e-7, within(1e-10));
    assertThat(result.method()).isEqualTo("chi-square, 2 df");
  }

  /** Fisher's tea: of 70 ways 34 are at least as uneven; drawn, for counts are small. */
  @Test
  void smallCountsAreDrawn() {
    Homogeneity.Result result =
        Homogeneity.test(List.of(table(new long[] {3, 1}, new long[] {1, 3})));
    assertThat(result.method()).startsWith("Monte-Carlo");
    assertThat(result.p()).isCloseTo(34.0 / 70, within(0.015));
  }

  @Test
  void aFaultThatMovesIsSeenWithinRepetitions() {
    List<Homogeneity.Table> moving =
        List.of(
            table(new long[] {50, 50, 50}, new long[] {90, 30, 30}),
            table(new long[] {50, 50, 50}, new long[] {30, 90, 30}),
            table(new long[] {50, 50, 50}, new long[] {30, 30, 90}));
    assertThat(
            Homogeneity.test(
                    List.of(
                        Homogeneity.pooled(
                            moving.stream().map(Homogeneity.Table::a).toList(),
                            moving.stream().map(Homogeneity.Table::b).toList())))
                .p())
        .isCloseTo(1, within(1e-9));
    assertThat(Homogeneity.test(moving).p()).isLessThan(1e-6);
  }

  @Test
  void dealingKeepsAllSums() {
    Homogeneity.Table dealt =
        table(new long[] {3, 0, 7}, new long[] {1, 4, 20}).dealt(new SplittableRandom(5));
    assertThat(IntStream.range(0, 3).mapToLong(i -> dealt.a()[i] + dealt.b()[i]))
        .containsExactly(4L, 4L, 27L);
    assertThat(IntStream.range(0, 3).mapToLong(i -> dealt.a()[i]).sum()).isEqualTo(10);
  }

  @Test
  void whatHasNothingToCompareTellsNothing() {
    assertThat(table(new long[] {5, 0}, new long[] {9, 0}).tells()).isFalse();
    assertThat(table(new long[] {0, 0}, new long[] {9, 1}).tells()).isFalse();
    assertThat(table(new long[] {5, 0}, new long[] {9, 1}).tells()).isTrue();
  }

  /** R: {@code pchisq(qchisq(.95, 9), 9, ncp = 10, lower = FALSE)} = 0.5639. */
  @Test
  void powerIsTheNonCentralTail() {
    assertThat(Homogeneity.power(10, 9, 0.05)).isCloseTo(0.5639, within(0.001));
    assertThat(Homogeneity.power(0, 9, 0.05)).isEqualTo(0.05);
  }
}
