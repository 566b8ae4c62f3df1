package dev.conntrail.analysis.theory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.conntrail.analysis.Ages;
import dev.conntrail.spec.Jitter;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HerdTest {
  private static final int CONNECTIONS = 1500;
  private static final int HERDS = 40;

  private static Herd herd(Jitter law, double amount, double age) {
    return new Herd(new MaximumAge(Ages.of(law, amount), age), CONNECTIONS);
  }

  /** The density of a sum of two is a triangle, of three a bow: known areas. */
  @Test
  void sumsOfUniformNumbersHaveKnownDistributions() {
    assertThat(UniformSum.atMost(1, 0.3)).isCloseTo(0.3, within(1e-15));
    assertThat(UniformSum.atMost(2, 0.5)).isCloseTo(0.125, within(1e-15));
    assertThat(UniformSum.atMost(2, 1.5)).isCloseTo(0.875, within(1e-15));
    assertThat(UniformSum.atMost(3, 1)).isCloseTo(1.0 / 6, within(1e-15));
    assertThat(UniformSum.atMost(15, 7.5)).isCloseTo(0.5, within(1e-10));
    assertThat(UniformSum.atMost(4, -1)).isZero();
    assertThat(UniformSum.atMost(4, 4)).isEqualTo(1);
  }

  /** Where the exact sum ends and the normal distribution begins nothing jumps by more than 1 %. */
  @Test
  void theNormalDistributionTakesOverWithoutAJump() {
    for (int n = 14; n <= 17; n++) {
      double spread = 0.1 * Math.sqrt(n);
      double middle =
          UniformSum.atMost(n, n / 2.0 + spread) - UniformSum.atMost(n, n / 2.0 - spread);
      assertThat(middle).isCloseTo(0.2708, within(0.003));
    }
  }

  @Test
  void withoutJitterAllComeAtOnceForever() {
    Herd herd = herd(Jitter.NONE, 0, 60);
    assertThat(herd.peak(1)).isEqualTo(CONNECTIONS);
    assertThat(herd.peak(1000)).isEqualTo(CONNECTIONS);
    assertThat(herd.calmAfter(2)).isEmpty();
  }

  /** gRPC's tenth either way spreads a minute's herd over twelve seconds: 125 a second. */
  @Test
  void theFirstCycleIsAsWideAsTheJitter() {
    assertThat(herd(Jitter.GRPC, 0, 60).peak(1)).isCloseTo(125, within(1e-9));
    assertThat(herd(Jitter.ENVOY, 0.2, 60).peak(1)).isCloseTo(125, within(1e-9));
    assertThat(herd(Jitter.REACTOR, 0.5, 60).peak(1)).isCloseTo(50, within(1e-9));
  }

  @ParameterizedTest
  @EnumSource(
      value = Jitter.class,
      names = {"GRPC", "ENVOY", "REACTOR"})
  void peaksAreThoseOfHerdsThatRun(Jitter law) {
    Herd herd = herd(law, 0.3, 60);
    AgeSpread spread = herd.age().spread();
    SplittableRandom random = new SplittableRandom(8);
    int[] cycles = {1, 2, 5, 12, 20};
    double[] seen = new double[cycles.length];
    double end = 20.5 * herd.age().meanAgeS() + 1;
    for (int i = 0; i < CONNECTIONS * HERDS; i++) {
      double now = 0;
      while (now < end) {
        now += 60 * (spread.low() + random.nextDouble() * spread.width());
        for (int c = 0; c < cycles.length; c++) {
          seen[c] += Math.abs(now - cycles[c] * herd.age().meanAgeS()) <= 0.5 ? 1 : 0;
        }
      }
    }
    for (int c = 0; c < cycles.length; c++) {
      double one = seen[c] / HERDS;
      // four standard deviations of the mean, and what the normal distribution is off
      assertThat(herd.peak(cycles[c]))
          .as("%s, cycle %d", law, cycles[c])
          .isCloseTo(one, within(4 * Math.sqrt(one / HERDS) + 0.01 * one));
    }
  }

  /** In the end a herd is the steady stream of connections that began at any time. */
  @ParameterizedTest
  @ValueSource(doubles = {0.5, 1, 3})
  void aHerdWithMuchJitterEndsAsASteadyStream(double amount) {
    Herd herd = herd(Jitter.ENVOY, amount, 60);
    assertThat(herd.peak(400)).isCloseTo(herd.age().connectsPerSecond(CONNECTIONS), within(0.2));
    assertThat(herd.calmAfter(2).orElseThrow()).isBetween(1, 12);
  }

  @Test
  void calmIsTheFirstCycleThatIs() {
    Herd herd = herd(Jitter.GRPC, 0, 60);
    int calm = herd.calmAfter(2).orElseThrow();
    assertThat(herd.peak(calm)).isLessThanOrEqualTo(50).isGreaterThan(40);
    assertThat(herd.peak(calm - 1)).isGreaterThan(50);
  }
}
