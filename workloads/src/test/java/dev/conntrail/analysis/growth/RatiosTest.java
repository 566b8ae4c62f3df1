package dev.conntrail.analysis.growth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.conntrail.result.TestRows;
import dev.conntrail.result.row.Comparison;
import dev.conntrail.result.row.JmhRow;
import dev.conntrail.result.row.KernelRow;
import dev.conntrail.result.row.Lookup;
import dev.conntrail.result.row.OtherWork;
import dev.conntrail.result.row.Packet;
import dev.conntrail.result.row.RatioRow;
import dev.conntrail.result.row.Target;
import dev.conntrail.spec.TestbedKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** Like with like, or not at all. */
class RatiosTest {
  private static final long[] MODEL = {1, 500, 1000, 1500, 2000, 10_000};
  private static final long[] KERNEL = {1, 500, 1000, 1500, 2000};

  private final Random random = new Random(3);

  private List<JmhRow> model(Lookup lookup, Target target, DoubleUnaryOperator cost) {
    List<JmhRow> rows = new ArrayList<>();
    for (long services : MODEL) {
      for (int fork = 1; fork <= 2; fork++) {
        double ns = cost.applyAsDouble((double) services) * (1 + 0.01 * random.nextGaussian());
        rows.add(TestRows.model(lookup, services, target, fork, ns));
      }
    }
    return rows;
  }

  private List<KernelRow> kernel(
      TestbedKind testbed,
      Lookup lookup,
      Target target,
      DoubleUnaryOperator more,
      OtherWork beside) {
    List<KernelRow> rows = new ArrayList<>();
    int load = 0;
    for (long services : KERNEL) {
      for (int i = 0; i < 2; i++) {
        double ns = more.applyAsDouble((double) services) + 50 * random.nextGaussian();
        rows.add(
            TestRows.kernel(
                testbed, lookup, services, ++load, Packet.FIRST, target, 25_000 + ns, ns, beside));
      }
    }
    return rows;
  }

  /** Beyond 2,000 the model has other slopes; the kernel was not measured there. */
  @Test
  void theSameNumbersOfServicesOnBothSides() {
    List<RatioRow> ratios =
        Ratios.of(
            model(Lookup.IPTABLES_NFT, Target.LAST, n -> n <= 2000 ? 8 * n : 20 * n),
            kernel(
                TestbedKind.NETNS, Lookup.IPTABLES_NFT, Target.LAST, n -> 16 * n, TestRows.QUIET));
    assertThat(ratios)
        .singleElement()
        .satisfies(r -> {
          assertThat(r.comparison()).isEqualTo(Comparison.MODEL_TO_KERNEL);
          assertThat(r.servicesCounts()).containsExactly(1L, 500L, 1000L, 1500L, 2000L);
          assertThat(r.ratio()).isCloseTo(0.5, within(0.02));
          assertThat(r.ratioLow()).isLessThan(0.5);
          assertThat(r.ratioHigh()).isGreaterThan(0.5).isLessThan(0.55);
          assertThat(r.upperLoadsCount()).isEqualTo(10);
          assertThat(r.lowerLoadsCount()).isEqualTo(10);
          assertThat(r.upperNs() / r.lowerNs()).isCloseTo(r.ratio(), within(1e-9));
        });
  }

  @Test
  void noRatioWithoutBothSides() {
    List<JmhRow> model = model(Lookup.IPTABLES_NFT, Target.LAST, n -> 8 * n);
    List<KernelRow> flat =
        kernel(TestbedKind.NETNS, Lookup.IPTABLES_NFT, Target.LAST, _ -> 0, TestRows.QUIET);
    List<KernelRow> busy =
        kernel(TestbedKind.NETNS, Lookup.IPTABLES_NFT, Target.LAST, n -> 16 * n, TestRows.BUSY);
    List<KernelRow> other =
        kernel(TestbedKind.NETNS, Lookup.IPTABLES_LEGACY, Target.LAST, n -> 6 * n, TestRows.QUIET);
    assertThat(Ratios.of(model, List.of())).isEmpty();
    assertThat(Ratios.of(List.of(), other)).isEmpty();
    assertThat(Ratios.of(model, flat)).isEmpty();
    assertThat(Ratios.of(model, busy)).isEmpty();
    assertThat(Ratios.of(model, other)).isEmpty();
  }

  @Test
  void aGuestsKernelIsComparedOnItsOwn() {
    assertThat(
            Ratios.of(
                model(Lookup.IPTABLES_LEGACY, Target.LAST, n -> 5 * n),
                kernel(
                    TestbedKind.UML,
                    Lookup.IPTABLES_LEGACY,
                    Target.LAST,
                    n -> 5 * n,
                    TestRows.QUIET)))
        .extracting(RatioRow::comparison)
        .containsExactly(Comparison.MODEL_TO_GUEST);
  }

  /** In the model of the lookup alone; in the kernel of the whole call. */
  @Test
  void anyServiceAgainstOne() {
    List<JmhRow> models = model(Lookup.NFTABLES, Target.LAST, _ -> 140);
    models.addAll(model(Lookup.NFTABLES, Target.ANY, n -> n < 10_000 ? 140 : 392));
    models.addAll(model(Lookup.IPTABLES_LEGACY, Target.ANY, n -> 3 * n));
    List<KernelRow> kernel =
        kernel(TestbedKind.NETNS, Lookup.NFTABLES, Target.LAST, _ -> 0, TestRows.QUIET);
    kernel.addAll(
        kernel(TestbedKind.NETNS, Lookup.NFTABLES, Target.ANY, _ -> 2500, TestRows.QUIET));
    List<RatioRow> ratios = Ratios.of(models, kernel);
    assertThat(ratios)
        .extracting(RatioRow::comparison)
        .containsExactlyInAnyOrder(Comparison.ANY_TO_ONE_MODEL, Comparison.ANY_TO_ONE_KERNEL);
    RatioRow model =
        ratios.stream()
            .filter(r -> r.comparison() == Comparison.ANY_TO_ONE_MODEL)
            .findFirst()
            .orElseThrow();
    assertThat(model.servicesCounts()).containsExactly(10_000L);
    assertThat(model.ratio()).isCloseTo(2.8, within(0.1));
    RatioRow real =
        ratios.stream()
            .filter(r -> r.comparison() == Comparison.ANY_TO_ONE_KERNEL)
            .findFirst()
            .orElseThrow();
    assertThat(real.servicesCounts()).containsExactly(2000L);
    assertThat(real.ratio()).isCloseTo(1.1, within(0.01));
    assertThat(real.ratioLow()).isGreaterThan(1.09);
    assertThat(real.ratioHigh()).isLessThan(1.11);
  }

  /** The newer layout of nftables mode below the line; nothing where only one was measured. */
  @Test
  void oneLayoutAgainstTheOther() {
    List<JmhRow> models = model(Lookup.NFTABLES, Target.LAST, _ -> 150);
    List<KernelRow> kernel =
        kernel(TestbedKind.NETNS, Lookup.NFTABLES, Target.LAST, _ -> 0, TestRows.QUIET);
    assertThat(Ratios.of(models, kernel)).isEmpty();
    models.addAll(model(Lookup.NFTABLES_1_37, Target.LAST, _ -> 100));
    kernel.addAll(
        kernel(TestbedKind.NETNS, Lookup.NFTABLES_1_37, Target.LAST, _ -> 0, TestRows.QUIET));
    List<RatioRow> ratios = Ratios.of(models, kernel);
    assertThat(ratios)
        .extracting(RatioRow::comparison)
        .containsExactlyInAnyOrder(Comparison.LAYOUTS_MODEL, Comparison.LAYOUTS_KERNEL);
    assertThat(ratios).allSatisfy(r -> assertThat(r.lookup()).isEqualTo(Lookup.NFTABLES_1_37));
    assertThat(ratios)
        .filteredOn(r -> r.comparison() == Comparison.LAYOUTS_MODEL)
        .singleElement()
        .satisfies(r -> assertThat(r.ratio()).isCloseTo(1.5, within(0.05)));
    assertThat(ratios)
        .filteredOn(r -> r.comparison() == Comparison.LAYOUTS_KERNEL)
        .singleElement()
        .satisfies(r -> {
          assertThat(r.upperNs()).isGreaterThan(1000);
          assertThat(r.ratio()).isCloseTo(1, within(0.01));
        });
  }

  /** Whatever the two errors: nineteen of twenty intervals hold the ratio. */
  @Test
  void fiellersIntervalHoldsTheRatio() {
    int held = 0;
    int runs = 4000;
    for (int i = 0; i < runs; i++) {
      CostCurve.Part upper = drawn(8, 0.6, 6);
      CostCurve.Part lower = drawn(16, 1.5, 5);
      CostCurve.Estimate ratio = Ratios.ratio(upper, lower).orElseThrow();
      held += ratio.low() <= 0.5 && 0.5 <= ratio.high() ? 1 : 0;
    }
    assertThat(held / (double) runs).isBetween(0.935, 0.965);
  }

  /** A value that scatters by an error, which is itself estimated with so much freedom. */
  private CostCurve.Part drawn(double value, double error, int freedom) {
    double squares = 0;
    for (int i = 0; i < freedom; i++) {
      squares += Math.pow(random.nextGaussian(), 2);
    }
    return new CostCurve.Part(
        value + error * random.nextGaussian(), error * Math.sqrt(squares / freedom), freedom);
  }

  @Test
  void noRatioByWhatMayBeNothing() {
    assertThat(Ratios.ratio(new CostCurve.Part(8, 1, 5), new CostCurve.Part(2, 1, 5))).isEmpty();
    assertThat(Ratios.ratio(new CostCurve.Part(8, 1, 0), new CostCurve.Part(9, 1, 5))).isEmpty();
  }
}
