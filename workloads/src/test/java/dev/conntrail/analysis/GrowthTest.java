package dev.conntrail.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.conntrail.result.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class GrowthTest {
  private static final int[] SERVICES = {1, 100, 1000, 4000, 10_000};

  private static List<Rows.Growth> models(DoubleUnaryOperator cost, double noise) {
    Random random = new Random(3);
    List<Rows.Jmh> results = new ArrayList<>();
    for (int services : SERVICES) {
      double ns = cost.applyAsDouble(services) * (1 + noise * random.nextGaussian());
      Rows.Jmh row =
          new Rows.Jmh(
              "FirstPacketBenchmark.route",
              "iptables",
              "" + services,
              "3",
              "last",
              "NA",
              "NA",
              1,
              1,
              4,
              ns,
              1,
              ns);
      results.add(row);
    }
    return Growth.of(results, List.of());
  }

  @Test
  void aWalkIsLinearWithItsSlope() {
    Rows.Growth fit = models(n -> 70 + 5 * n, 0.01).getFirst();
    assertThat(fit.verdict()).isEqualTo(Growth.LINEAR);
    assertThat(fit.slopeNs()).isCloseTo(5, within(0.2));
    assertThat(fit.slopeLowNs()).isLessThan(5);
    assertThat(fit.slopeHighNs()).isGreaterThan(5);
    assertThat(fit.r2()).isGreaterThan(0.99);
    assertThat(fit.fewestServicesCount()).isEqualTo("1");
    assertThat(fit.mostServicesCount()).isEqualTo("10000");
  }

  @Test
  void aHashIsConstantAndNoiseIsUndecided() {
    assertThat(models(_ -> 140, 0.03).getFirst().verdict()).isEqualTo(Growth.CONSTANT);
    assertThat(models(_ -> 140, 0.4).getFirst().verdict()).isEqualTo(Growth.UNDECIDED);
    assertThat(models(n -> 30 * Math.sqrt(n), 0.01).getFirst().verdict()).isEqualTo(Growth.GROWS);
  }

  @Test
  void theMarginDecides() {
    assertThat(Growth.verdict(-30, 30, 30, 0)).isEqualTo(Growth.CONSTANT);
    assertThat(Growth.verdict(-31, 30, 30, 0)).isEqualTo(Growth.UNDECIDED);
    assertThat(Growth.verdict(-30, 31, 30, 1)).isEqualTo(Growth.UNDECIDED);
    assertThat(Growth.verdict(31, 200, 30, 0.95)).isEqualTo(Growth.LINEAR);
    assertThat(Growth.verdict(31, 200, 30, 0.94)).isEqualTo(Growth.GROWS);
    assertThat(Growth.verdict(30, 200, 30, 1)).isEqualTo(Growth.UNDECIDED);
  }

  @Test
  void twoSpeedsOfACpuAreNoGrowthOfAModel() {
    assertThat(models(n -> n < 10_000 ? 134 : 190, 0.001).getFirst().verdict())
        .isEqualTo(Growth.UNDECIDED);
    assertThat(models(n -> 134 + 0.05 * n, 0.001).getFirst().verdict()).isEqualTo(Growth.LINEAR);
  }

  /** In the kernel the slope is of the paired differences, the growth against the whole call. */
  @Test
  void theKernelsSlopeIsThatOfPairedDifferences() {
    List<Rows.Kernel> rows = new ArrayList<>();
    Random random = new Random(5);
    for (int services : new int[] {1, 1000, 10_000}) {
      for (int round = 1; round <= 7; round++) {
        double speed = 1 + 0.5 * random.nextInt(2);
        double more = 6 * services + 100 * random.nextGaussian();
        rows.add(kernel("nft", services, round, "first", 25_000 * speed, 0));
        rows.add(kernel("nft", services, round, "last", 25_000 * speed + more, more));
        rows.add(kernel("nft", services, round, "first-again", 25_000 * speed, 0));
      }
    }
    List<Rows.Growth> fits = Growth.of(List.of(), rows);
    assertThat(fits).extracting(Rows.Growth::target).containsExactly("last", "first-again");
    Rows.Growth last = fits.getFirst();
    assertThat(last.source()).isEqualTo(Growth.KERNEL);
    assertThat(last.dataPlane()).isEqualTo("iptables-nft");
    assertThat(last.verdict()).isEqualTo(Growth.LINEAR);
    assertThat(last.slopeNs()).isCloseTo(6, within(0.05));
    assertThat(last.observationsCount()).isEqualTo(21);
    assertThat(last.largestOverSmallest()).isCloseTo((30_000 + 60_000) / 30_000.0, within(0.6));
    assertThat(fits.getLast().verdict()).isEqualTo(Growth.CONSTANT);
  }

  private static Rows.Kernel kernel(
      String backend, int services, int round, String target, double p50, double paired) {
    return new Rows.Kernel(
        "netns", "iptables", backend, services, round, "first", target, 100, p50, p50, p50, paired);
  }

  @Test
  void twoNumbersOfServicesAreNoFit() {
    assertThat(
            Growth.of(
                List.of(),
                List.of(
                    kernel("legacy", 1, 1, "last", 1, 1), kernel("legacy", 2, 1, "last", 2, 2))))
        .isEmpty();
  }
}
