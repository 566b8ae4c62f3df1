package dev.conntrail.analysis.theory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.conntrail.analysis.chance.Imbalance;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pools of connections, and of proxies. */
class PoolsTest {
  private final SplittableRandom random = new SplittableRandom(2);

  @Test
  void theHuntHasErlangsShares() {
    Hunt two = new Hunt(2);
    assertThat(two.allTaken(1)).isCloseTo(2.0 / 3, within(1e-15));
    assertThat(two.allTaken(2)).isCloseTo(0.4, within(1e-15));
    double[] used = {.67, .53, .38, .23, .12, .05};
    for (int k = 1; k <= used.length; k++) {
      assertThat(two.usedOf(k)).as("connection %d", k).isCloseTo(used[k - 1], within(0.005));
    }
    double all = 0;
    for (int k = 1; k <= 40; k++) {
      all += two.shareOf(k);
    }
    assertThat(all).isCloseTo(1, within(1e-12));
    assertThatThrownBy(() -> new Hunt(0)).hasMessageContaining("found 0.0");
  }

  /** Requests come at random, take an exponential or a fixed time, and the oldest free one. */
  @ParameterizedTest
  @CsvSource({"2, false", "2, true", "6.5, false"})
  void theHuntIsWhatAPoolShows(double offered, boolean fixed) {
    double[] freeAt = new double[60];
    double[] used = new double[freeAt.length];
    double now = 0;
    int requests = 400_000;
    for (int i = 0; i < requests; i++) {
      now += -Math.log1p(-random.nextDouble()) / offered;
      int k = 0;
      while (freeAt[k] > now) {
        k++;
      }
      double takes = fixed ? 1 : -Math.log1p(-random.nextDouble());
      freeAt[k] = now + takes;
      used[k] += takes;
    }
    Hunt hunt = new Hunt(offered);
    // the first k are a loss system, whose formula holds for times of any distribution
    double theory = 0;
    double seen = 0;
    for (int k = 1; k <= 10; k++) {
      theory += hunt.usedOf(k);
      seen += used[k - 1] / now;
      assertThat(theory).as("first %d", k).isCloseTo(seen, within(0.02 * theory));
    }
  }

  /** The chance that a pool is even enough, counted over draws. */
  @Test
  void theBoundHoldsAsOftenAsDrawsShow() {
    PoolSize pool = new PoolSize(40, 15, 2);
    int held = 0;
    for (int i = 0; i < 20_000; i++) {
      long[] counts = new long[15];
      for (int c = 0; c < 40; c++) {
        counts[random.nextInt(15)]++;
      }
      held += Imbalance.maxOverMean(counts) <= 2 ? 1 : 0;
    }
    assertThat(pool.sure(1)).isCloseTo(held / 20_000.0, within(4 * 0.5 / Math.sqrt(20_000)));
  }

  @Test
  void aPoolIsAsLargeAsItHasToBe() {
    PoolSize pool = new PoolSize(40, 15, 2);
    int each = pool.reaching(0.95).orElseThrow();
    assertThat(pool.sure(each)).isGreaterThanOrEqualTo(0.95);
    assertThat(pool.sure(each - 1)).isLessThan(0.95);
    assertThat(new PoolSize(7, 1, 1.1).reaching(1)).hasValue(1);
    assertThat(new PoolSize(1, 100, 1.001).reaching(0.99)).isEmpty();
    assertThat(new PoolSize(300_000, 10, 1.5).reaching(0.99)).isEmpty();
  }

  @Test
  void aPoolOfProxiesIsSkewedItself() {
    ProxyPool pool = new ProxyPool(100, 4, 10);
    double busiest = 0;
    double squares = 0;
    int tries = 20_000;
    for (int i = 0; i < tries; i++) {
      long[] proxies = new long[4];
      for (int c = 0; c < 100; c++) {
        proxies[random.nextInt(4)]++;
      }
      busiest += Imbalance.maxOverMean(proxies) / tries;
      long pod = 0;
      for (long n : proxies) {
        int first = random.nextInt(10);
        for (int c = 0; c < n; c++) {
          pod += (first + c) % 10 == 0 ? 1 : 0;
        }
      }
      squares += (pod - 10.0) * (pod - 10.0) / tries;
    }
    assertThat(pool.busiestProxyOverMean()).isCloseTo(busiest, within(0.005));
    assertThat(pool.deviationInTurn()).isCloseTo(Math.sqrt(squares), within(0.02));
    assertThat(pool.deviationDrawn()).isCloseTo(3, within(1e-12));
    assertThat(new ProxyPool(100, 1, 10).deviationInTurn()).isZero();
    assertThat(new ProxyPool(3, 10, 10).idleProxies())
        .isCloseTo(10 * Math.pow(0.9, 3), within(1e-12));
  }

  @Test
  void allInOneDrawOfFew() {
    // one connection is twice the mean; of two, half the draws part them; of three, 6 of 8 do
    double[] sure = {0, 0.5, 0.75};
    for (int n = 1; n <= 3; n++) {
      assertThat(new PoolSize(n, 2, 1.9).sure(1)).isCloseTo(sure[n - 1], within(1e-12));
    }
  }
}
