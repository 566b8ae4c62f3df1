package dev.conntrail.analysis.theory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.conntrail.analysis.Ages;
import dev.conntrail.spec.Jitter;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RenewalTest {
  private static final int CONNECTIONS = 40_000;

  /** Four standard deviations of a share that is counted among so many. */
  private static final double FOUR_SIGMA = 4 * 0.5 / Math.sqrt(CONNECTIONS);

  private final SplittableRandom random = new SplittableRandom(15);

  private static MaximumAge aged(Jitter law, double amount, double seconds) {
    return new MaximumAge(Ages.of(law, amount), seconds);
  }

  /**
   * Connections that have been opened over and over for a long time: how long after a moment each
   * is opened next.
   */
  private double[] waits(DoubleSupplier age, double longest) {
    double[] waits = new double[CONNECTIONS];
    for (int i = 0; i < CONNECTIONS; i++) {
      // starts are spread over three ages, so that ages without jitter have all phases alike
      double end = random.nextDouble() * longest * 3;
      double moment = longest * 20;
      while (end <= moment) {
        end += age.getAsDouble();
      }
      waits[i] = end - moment;
    }
    return waits;
  }

  private static double sharedBy(double[] waits, double seconds) {
    int n = 0;
    for (double w : waits) {
      n += w <= seconds ? 1 : 0;
    }
    return (double) n / waits.length;
  }

  /**
   * A deterministic age never forgets its start, so the start itself is spread over a whole age.
   */
  @Test
  void withoutJitterTheShareGrowsEvenlyUntilTheAgeIsReached() {
    MaximumAge plain = aged(Jitter.NONE, 0, 60);
    assertThat(plain.renewedBy(15)).isEqualTo(0.25);
    assertThat(plain.renewedBy(60)).isEqualTo(1);
    assertThat(plain.renewedBy(-1)).isZero();
    assertThat(plain.timeTo(0.25)).isEqualTo(15);
    assertThat(plain.allAfterS()).isEqualTo(60);
    assertThat(plain.connectsPerSecond(120)).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource(Jitter.class)
  void whatRemainsOfAnAgeIsWhatAProcessShows(Jitter law) {
    MaximumAge aged = aged(law, 0.4, 60);
    AgeSpread spread = aged.spread();
    double[] waits =
        waits(() -> 60 * (spread.low() + random.nextDouble() * spread.width()), 60 * spread.high());
    for (double t : new double[] {5, 20, 40, 55, 59, 63, 80}) {
      assertThat(aged.renewedBy(t)).as("%s %s", law, t).isCloseTo(sharedBy(waits, t), within(0.02));
    }
    assertThat(sharedBy(waits, aged.allAfterS())).isEqualTo(1);
    assertThat(sharedBy(waits, aged.allAfterS() * 0.9)).isLessThan(1);
  }

  @ParameterizedTest
  @CsvSource({
    "NONE, 0.2, 60, 60",
    "GRPC, 0.2, 54.545454545454545, 54.545454545454545",
    "ENVOY, 0.2, 50, 55",
    "REACTOR, 0.2, 60, 54",
  })
  void theAgeThatBalancesWithinATimeIsThatTimeOverTheLongest(
      Jitter law, double amount, double age, double mean) {
    MaximumAge found = MaximumAge.within(Ages.of(law, amount), 60);
    assertThat(found.seconds()).isCloseTo(age, within(1e-12));
    assertThat(found.meanAgeS()).isCloseTo(mean, within(1e-12));
    assertThat(found.allAfterS()).isCloseTo(60, within(1e-12));
    assertThat(found.renewedBy(60)).isCloseTo(1, within(1e-12));
  }

  @Test
  void timeToIsTheInverse() {
    for (Renewal renewal :
        new Renewal[] {aged(Jitter.ENVOY, 0.5, 7), aged(Jitter.GRPC, 0, 7), new AtRandom(0.3)}) {
      for (double share = 0; share < 1; share += 0.0625) {
        assertThat(renewal.renewedBy(renewal.timeTo(share))).isCloseTo(share, within(1e-12));
      }
    }
  }

  @Test
  void whatEndsAtRandomForgetsItsAge() {
    AtRandom random = new AtRandom(0.05);
    double[] waits = waits(() -> -Math.log1p(-this.random.nextDouble()) / 0.05, 60);
    for (double t : new double[] {1, 10, 30, 90}) {
      assertThat(random.renewedBy(t)).isCloseTo(sharedBy(waits, t), within(FOUR_SIGMA));
    }
    assertThat(random.meanAgeS()).isEqualTo(20);
    assertThat(AtRandom.reaching(0.95, 60).renewedBy(60)).isCloseTo(0.95, within(1e-12));
    assertThat(new AtRandom(Math.log(2)).timeTo(0.5)).isCloseTo(1, within(1e-12));
  }

  /** Ten pods become fifteen: connections are opened anew at random, and draw. */
  @Test
  void newPodsGetWhatWasOpenedAnew() {
    ScaleOut scaled = new ScaleOut(10, 15);
    AtRandom churn = new AtRandom(0.02);
    for (double t : new double[] {0, 10, 50, 400}) {
      int onNew = 0;
      int onFirst = 0;
      for (int i = 0; i < CONNECTIONS; i++) {
        int pod = random.nextInt(10);
        double now = -Math.log1p(-random.nextDouble()) / 0.02;
        while (now <= t) {
          pod = random.nextInt(15);
          now += -Math.log1p(-random.nextDouble()) / 0.02;
        }
        onNew += pod >= 10 ? 1 : 0;
        onFirst += pod == 0 ? 1 : 0;
      }
      assertThat(scaled.shareOfNew(churn, t))
          .isCloseTo((double) onNew / CONNECTIONS, within(FOUR_SIGMA));
      assertThat(scaled.oldOverMean(churn, t))
          .isCloseTo(15.0 * onFirst / CONNECTIONS, within(15 * FOUR_SIGMA / 1.7));
    }
    assertThat(scaled.fairShare()).isCloseTo(1.0 / 3, within(1e-15));
    assertThat(scaled.oldOverMean(churn, 0)).isEqualTo(1.5);
  }

  @Test
  void whatCannotBeIsRefused() {
    assertThatThrownBy(() -> new ScaleOut(10, 10)).hasMessageContaining("from 10 to 10 pods");
    assertThatThrownBy(() -> new AtRandom(0)).hasMessageContaining("found 0.0");
    assertThatThrownBy(() -> aged(Jitter.REACTOR, 1, 60)).hasMessageContaining("found 0.0 to");
    assertThatThrownBy(() -> aged(Jitter.NONE, 0, 0)).hasMessageContaining("found 0.0 s");
  }
}
