package dev.conntrail.analysis.trend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Literal series; where they change is also what MongoDB's signal-processing-algorithms 2.1 says of
 * them.
 */
class EDivisiveTest {
  private static final EDivisive METHOD = new EDivisive(0.01, 3, 999, 7);

  /** Halved after ten: the series that Apache Otava is tested with. */
  private static final double[] HALVED = {
    1.02, 0.95, 0.99, 1.00, 1.12, 1.00, 1.01, 0.98, 1.01, 0.96, 0.50, 0.51, 0.48, 0.48, 0.55, 0.50,
    0.49, 0.51, 0.50, 0.49
  };

  /** A fifth slower from the eleventh on, and half of that back from the twenty-first on. */
  private static final double[] THERE_AND_BACK = {
    10.2, 9.8, 10.1, 9.9, 10.3, 9.7, 10.0, 10.1, 9.9, 10.2, 12.1, 11.8, 12.3, 12.0, 11.9, 12.2,
    12.1, 11.7, 12.0, 12.2, 11.0, 10.9, 11.2, 11.1, 10.8, 11.0, 11.1, 10.9, 11.0, 11.2
  };

  private static int[] found(EDivisive method, double... series) {
    return method.of(series).stream().mapToInt(ChangePoint::index).toArray();
  }

  /** Q by hand of the paper's formula, in another language: 4.682222 and 14.382066. */
  @Test
  void knownChangesAreFoundWhereTheyAre() {
    assertThat(METHOD.of(HALVED))
        .singleElement()
        .satisfies(c -> {
          assertThat(c.index()).isEqualTo(10);
          assertThat(c.q()).isCloseTo(4.682222, within(1e-6));
          assertThat(c.p()).isEqualTo(1 / 1000.0);
        });
    assertThat(METHOD.of(THERE_AND_BACK)).extracting(ChangePoint::index).containsExactly(10, 20);
    assertThat(METHOD.of(THERE_AND_BACK).getFirst().q()).isCloseTo(14.382066, within(1e-6));
  }

  /** After twenty steady values: one is an outlier, three are a change. */
  @Test
  void aChangeIsFoundOnceThreeValuesFollowIt() {
    double[] steady = Arrays.copyOf(THERE_AND_BACK, 10);
    double[] after = Arrays.copyOfRange(THERE_AND_BACK, 10, 13);
    assertThat(found(METHOD, joined(steady, steady, Arrays.copyOf(after, 1)))).isEmpty();
    assertThat(found(METHOD, joined(steady, steady, after))).containsExactly(20);
  }

  private static double[] joined(double[]... parts) {
    return Arrays.stream(parts).flatMapToDouble(Arrays::stream).toArray();
  }

  @Test
  void oneOutlierIsNoChange() {
    double[] steady = Arrays.copyOf(HALVED, 10);
    double[] twice = joined(steady, steady);
    twice[13] = 40;
    assertThat(found(METHOD, twice)).isEmpty();
    assertThat(found(METHOD, new double[40])).isEmpty();
  }

  /** Of 400 series in which nothing changes, at most as many as the level allows, and some. */
  @Test
  void withoutAChangeTheLevelIsKept() {
    EDivisive loose = new EDivisive(0.1, 3, 99, 7);
    Random random = new Random(11);
    long wrong =
        IntStream.range(0, 400)
            .filter(_ ->
                found(loose, random.doubles(20).map(u -> Math.pow(u, -0.5)).toArray()).length > 0)
            .count();
    // 40 are expected; fewer than 18 or more than 62 come once in ten thousand
    assertThat(wrong).isBetween(18L, 62L);
  }

  /** Of nine values 2 of 126 orders are as far apart, of ten 2 of 252, of eight 2 of 70. */
  @Test
  void fewerValuesThanCanTellSayNothing() {
    assertThat(METHOD.fewest()).isEqualTo(10);
    assertThat(new EDivisive(0.02, 3, 999, 7).fewest()).isEqualTo(9);
    assertThat(new EDivisive(0.0012, 3, 9999, 7).fewest()).isEqualTo(13);
    assertThat(found(METHOD, 1, 2, 3, 4, 96, 97, 98, 99, 95)).isEmpty();
    assertThat(found(METHOD, 1, 2, 3, 4, 5, 96, 97, 98, 99, 95)).containsExactly(5);
  }

  @Test
  void theSameSeriesGivesTheSame() {
    assertThat(METHOD.of(THERE_AND_BACK)).isEqualTo(METHOD.of(THERE_AND_BACK));
    assertThat(new EDivisive(0.01, 3, 999, 8).of(HALVED)).isEqualTo(METHOD.of(HALVED));
  }

  @Test
  void aLevelThatNoTestCanReachIsRefused() {
    assertThatThrownBy(() -> new EDivisive(0.0001, 3, 999, 7))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("level 1.0E-4");
  }
}
