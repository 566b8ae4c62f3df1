package dev.conntrail.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.conntrail.result.TestRows;
import dev.conntrail.result.row.GrowthRow;
import dev.conntrail.result.row.JmhRow;
import dev.conntrail.result.row.KernelRow;
import dev.conntrail.result.row.Lookup;
import dev.conntrail.result.row.Source;
import dev.conntrail.result.row.Target;
import dev.conntrail.result.row.Trend;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class GrowthTest {
  private static final int[] SERVICES = {1, 100, 1000, 4000, 10_000};

  private static List<GrowthRow> models(DoubleUnaryOperator cost, double noise) {
    Random random = new Random(3);
    List<JmhRow> results = new ArrayList<>();
    for (int services : SERVICES) {
      double ns = cost.applyAsDouble(services) * (1 + noise * random.nextGaussian());
      results.add(TestRows.model(Lookup.IPTABLES_LEGACY, services, Target.LAST, ns));
    }
    return Growth.of(results, List.of());
  }

  @Test
  void aWalkIsLinearWithItsSlope() {
    GrowthRow fit = models(n -> 70 + 5 * n, 0.01).getFirst();
    assertThat(fit.trend()).isEqualTo(Trend.LINEAR);
    assertThat(fit.slopeNs()).isCloseTo(5, within(0.2));
    assertThat(fit.slopeLowNs()).isLessThan(5);
    assertThat(fit.slopeHighNs()).isGreaterThan(5);
    assertThat(fit.r2()).isGreaterThan(0.99);
    assertThat(fit.fewestServicesCount()).isEqualTo(1);
    assertThat(fit.mostServicesCount()).isEqualTo(10_000);
  }

  @Test
  void aHashIsConstantAndNoiseIsUndecided() {
    assertThat(models(_ -> 140, 0.03).getFirst().trend()).isEqualTo(Trend.CONSTANT);
    assertThat(models(_ -> 140, 0.4).getFirst().trend()).isEqualTo(Trend.CANNOT_TELL);
    assertThat(models(n -> 30 * Math.sqrt(n), 0.01).getFirst().trend()).isEqualTo(Trend.GROWS);
  }

  @Test
  void theMarginDecides() {
    assertThat(Growth.trend(-30, 30, 30, 0)).isEqualTo(Trend.CONSTANT);
    assertThat(Growth.trend(-31, 30, 30, 0)).isEqualTo(Trend.CANNOT_TELL);
    assertThat(Growth.trend(-30, 31, 30, 1)).isEqualTo(Trend.CANNOT_TELL);
    assertThat(Growth.trend(31, 200, 30, 0.95)).isEqualTo(Trend.LINEAR);
    assertThat(Growth.trend(31, 200, 30, 0.94)).isEqualTo(Trend.GROWS);
    assertThat(Growth.trend(30, 200, 30, 1)).isEqualTo(Trend.CANNOT_TELL);
  }

  @Test
  void twoSpeedsOfACpuAreNoGrowthOfAModel() {
    assertThat(models(n -> n < 10_000 ? 134 : 190, 0.001).getFirst().trend())
        .isEqualTo(Trend.CANNOT_TELL);
    assertThat(models(n -> 134 + 0.05 * n, 0.001).getFirst().trend()).isEqualTo(Trend.LINEAR);
  }

  /** In the kernel the slope is of the paired differences, the growth against the whole call. */
  @Test
  void theKernelsSlopeIsThatOfPairedDifferences() {
    List<KernelRow> rows = new ArrayList<>();
    Random random = new Random(5);
    for (int services : new int[] {1, 1000, 10_000}) {
      for (int round = 1; round <= 7; round++) {
        double speed = 1 + 0.5 * random.nextInt(2);
        double more = 6 * services + 100 * random.nextGaussian();
        rows.add(
            TestRows.kernel(Lookup.IPTABLES_NFT, services, round, Target.FIRST, 25_000 * speed, 0));
        rows.add(
            TestRows.kernel(
                Lookup.IPTABLES_NFT, services, round, Target.LAST, 25_000 * speed + more, more));
        rows.add(
            TestRows.kernel(
                Lookup.IPTABLES_NFT, services, round, Target.FIRST_AGAIN, 25_000 * speed, 0));
      }
    }
    List<GrowthRow> fits = Growth.of(List.of(), rows);
    assertThat(fits).extracting(GrowthRow::target).containsExactly(Target.LAST, Target.FIRST_AGAIN);
    GrowthRow last = fits.getFirst();
    assertThat(last.source()).isEqualTo(Source.KERNEL);
    assertThat(last.lookup()).isEqualTo(Lookup.IPTABLES_NFT);
    assertThat(last.trend()).isEqualTo(Trend.LINEAR);
    assertThat(last.slopeNs()).isCloseTo(6, within(0.05));
    assertThat(last.observationsCount()).isEqualTo(21);
    assertThat(last.largestOverSmallest()).isCloseTo((30_000 + 60_000) / 30_000.0, within(0.6));
    assertThat(fits.getLast().trend()).isEqualTo(Trend.CONSTANT);
  }

  @Test
  void twoNumbersOfServicesAreNoFit() {
    assertThat(
            Growth.of(
                List.of(),
                List.of(
                    TestRows.kernel(Lookup.IPTABLES_LEGACY, 1, 1, Target.LAST, 1, 1),
                    TestRows.kernel(Lookup.IPTABLES_LEGACY, 2, 1, Target.LAST, 2, 2))))
        .isEmpty();
  }
}
