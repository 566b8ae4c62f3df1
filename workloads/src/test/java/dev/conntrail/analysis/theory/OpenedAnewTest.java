package dev.conntrail.analysis.theory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class OpenedAnewTest {
  private static final MaximumAge TENTH = new MaximumAge(new AgeSpread(0.9, 1.1), 10);

  /** What the closed form has, drawn: ages that are greater than a connection's own. */
  @Test
  void isWhatDrawnAgesGive() {
    SplittableRandom random = new SplittableRandom(8);
    OpenedAnew anew = new OpenedAnew(TENTH, 0.5);
    for (double aged : new double[] {0, 4, 9, 10.2}) {
      double[] left =
          random
              .doubles(400_000, 9, 11)
              .map(a -> a + 0.5 - aged)
              .filter(l -> l > 0)
              .sorted()
              .toArray();
      double after = left[left.length / 3];
      assertThat(anew.by(aged, after)).as("aged " + aged).isCloseTo(1 / 3.0, within(0.005));
      assertThat(anew.half(new double[] {aged})).isCloseTo(left[left.length / 2], within(0.02));
    }
  }

  @Test
  void whereAgesAreAlikeAllEndAtOnce() {
    OpenedAnew anew = new OpenedAnew(new MaximumAge(new AgeSpread(1, 1), 10), 0);
    assertThat(anew.by(4, 5.999)).isZero();
    assertThat(anew.by(4, 6.001)).isEqualTo(1);
    assertThat(anew.half(new double[] {4, 7, 9})).isCloseTo(3, within(1e-9));
    assertThat(anew.by(12, 0)).as("older than it may be").isEqualTo(1);
  }

  /** Long after the beginning, ages are spread as renewal theory has it. */
  @Test
  void ofManyAgesIsTheRenewalsMean() {
    double[] aged = new double[20_000];
    SplittableRandom random = new SplittableRandom(9);
    for (int i = 0; i < aged.length; i++) {
      double at = 1000;
      double age = 0;
      while (at > 0) {
        age = random.nextDouble(9, 11);
        at -= age;
      }
      aged[i] = at + age;
    }
    double[] by = new OpenedAnew(TENTH, 0).by(aged, 4);
    assertThat(Arrays.stream(by).average().orElseThrow())
        .isCloseTo(TENTH.renewedBy(4), within(0.01));
  }
}
