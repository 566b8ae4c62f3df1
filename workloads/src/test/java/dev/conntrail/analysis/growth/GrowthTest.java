package dev.conntrail.analysis.growth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.conntrail.result.TestRows;
import dev.conntrail.result.row.Doubt;
import dev.conntrail.result.row.GrowthRow;
import dev.conntrail.result.row.JmhRow;
import dev.conntrail.result.row.KernelRow;
import dev.conntrail.result.row.Lookup;
import dev.conntrail.result.row.OtherWork;
import dev.conntrail.result.row.Packet;
import dev.conntrail.result.row.Source;
import dev.conntrail.result.row.Target;
import dev.conntrail.result.row.Trend;
import dev.conntrail.spec.TestbedKind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** Verdicts from literal and from simulated observations. */
class GrowthTest {
  private static final long[] WALKED = {1, 1000, 2500, 5000, 10_000};
  private static final long[] FEWER = {1, 500, 1000, 1500, 2000};
  private static final int RUNS = 400;

  /** Two forks of a model, whose costs scatter by a share. */
  private static GrowthRow model(DoubleUnaryOperator cost, double share, Random random) {
    List<JmhRow> rows = new ArrayList<>();
    for (long services : WALKED) {
      for (int fork = 1; fork <= 2; fork++) {
        double ns = cost.applyAsDouble((double) services) * (1 + share * random.nextGaussian());
        rows.add(TestRows.model(Lookup.IPTABLES_LEGACY, services, Target.LAST, fork, ns));
      }
    }
    return Growth.of(rows, List.of()).getFirst();
  }

  /** Two loads of rules in the kernel: a call of 25 µs, of which differences scatter by a share. */
  private static GrowthRow kernel(DoubleUnaryOperator more, double share, Random random) {
    List<KernelRow> rows = new ArrayList<>();
    int load = 0;
    for (long services : FEWER) {
      for (int i = 0; i < 2; i++) {
        double ns = more.applyAsDouble((double) services);
        double call = 25_000 + ns;
        rows.add(
            TestRows.kernel(
                Lookup.NFTABLES,
                services,
                ++load,
                Target.LAST,
                call,
                ns + call * share * random.nextGaussian()));
      }
    }
    return Growth.of(List.of(), rows).getFirst();
  }

  private interface Simulated {
    GrowthRow run(Random random);
  }

  /** How often each verdict is given, per cent. */
  private static Map<Trend, Double> verdicts(long seed, Simulated simulated) {
    Random random = new Random(seed);
    Map<Trend, Double> pct = new EnumMap<>(Trend.class);
    for (Trend trend : Trend.values()) {
      pct.put(trend, 0.0);
    }
    for (int i = 0; i < RUNS; i++) {
      pct.merge(simulated.run(random).trend(), 100.0 / RUNS, Double::sum);
    }
    return pct;
  }

  private static double speeds(Random random) {
    return random.nextInt(3) == 0 ? 1.6 : 1;
  }

  @Test
  void aHashIsConstantAndNeverSaidToGrow() {
    Map<Trend, Double> quiet = verdicts(1, r -> model(_ -> 140, 0.05, r));
    assertThat(quiet.get(Trend.CONSTANT)).isEqualTo(100);
    Map<Trend, Double> kernel = verdicts(2, r -> kernel(_ -> 0, 0.005, r));
    assertThat(kernel.get(Trend.CONSTANT)).isGreaterThan(95);
    assertThat(kernel.get(Trend.LINEAR) + kernel.get(Trend.GROWS)).isLessThan(0.5);
  }

  /** However much it scatters: a CPU of two speeds, and tails as of a busy machine. */
  @Test
  void noiseIsNotTakenForGrowth() {
    assertThat(saidToGrow(3, r -> model(_ -> 140 * speeds(r), 0.05, r))).isZero();
    for (double share : new double[] {0.005, 0.02, 0.1, 0.5}) {
      assertThat(saidToGrow(4, r -> kernel(_ -> 0, share, r))).as("%s", share).isLessThan(2.5);
    }
    Simulated tails = r -> kernel(_ -> 400 * Math.exp(2 * r.nextGaussian()), 0.005, r);
    assertThat(saidToGrow(5, tails)).isLessThan(5);
    assertThat(verdicts(5, tails).get(Trend.LINEAR)).isLessThan(1);
  }

  /** How often it is said to grow, along a line or not, per cent. */
  private static double saidToGrow(long seed, Simulated simulated) {
    Random random = new Random(seed);
    int grows = 0;
    for (int i = 0; i < RUNS; i++) {
      grows += simulated.run(random).grows() ? 1 : 0;
    }
    return 100.0 * grows / RUNS;
  }

  @Test
  void aWalkIsLinearWithItsSlope() {
    Map<Trend, Double> model = verdicts(6, r -> model(n -> 70 + 5 * n, 0.02, r));
    assertThat(model.get(Trend.LINEAR)).isGreaterThan(90);
    Map<Trend, Double> kernel = verdicts(7, r -> kernel(n -> 16 * n, 0.005, r));
    assertThat(kernel.get(Trend.LINEAR)).isGreaterThan(80);
    GrowthRow fit = model(n -> 70 + 5 * n, 0.001, new Random(8));
    assertThat(fit.slope().ns()).isCloseTo(5, within(0.05));
    assertThat(fit.observed()).isEqualTo(new GrowthRow.Observed(5, 10, 0, 1, 10_000));
    assertThat(fit.cost().mostNs()).isCloseTo(50_070, within(300.0));
    assertThat(fit.doubt()).isEmpty();
    assertThat(fit.marginNs()).isEqualTo(Growth.MARGIN_NS);
  }

  /** R² of n log n over these numbers is above 0.99; the lack-of-fit test sees it. */
  @Test
  void whatIsNoLineIsNotCalledOne() {
    DoubleUnaryOperator nLogN = n -> 70 + 0.6 * n * Math.log(n);
    Map<Trend, Double> model = verdicts(9, r -> model(nLogN, 0.02, r));
    assertThat(model.get(Trend.LINEAR)).isLessThan(1);
    assertThat(model.get(Trend.GROWS)).isGreaterThan(90);
    Map<Trend, Double> steps = verdicts(10, r -> kernel(n -> n < 1000 ? 0 : 4000, 0.005, r));
    assertThat(steps.get(Trend.LINEAR)).isLessThan(1);
    assertThat(steps.get(Trend.GROWS)).isGreaterThan(95);
    GrowthRow step = kernel(n -> n < 1000 ? 0 : 4000, 0.001, new Random(11));
    assertThat(step.slope().flattestNs()).isCloseTo(0, within(0.3));
    assertThat(step.slope().steepestNs()).isCloseTo(8, within(0.3));
  }

  /** What surely grows, but scatters too much for its shape to be told. */
  @Test
  void aLineIsNotSaidWhereAnotherCurveWouldDo() {
    Map<Trend, Double> model = verdicts(12, r -> model(n -> 70 + 5 * n, 0.2, r));
    assertThat(model.get(Trend.LINEAR)).isLessThan(50);
    Map<Doubt, Integer> doubts = new EnumMap<>(Doubt.class);
    Random random = new Random(13);
    for (int i = 0; i < RUNS; i++) {
      model(n -> 70 + 5 * n, 0.2, random).doubt().ifPresent(d -> doubts.merge(d, 1, Integer::sum));
    }
    assertThat(doubts.get(Doubt.SHAPE)).isGreaterThan(RUNS / 4);
  }

  @Test
  void nineteenOfTwentyIntervalsHoldTheSlope() {
    Random random = new Random(14);
    int held = 0;
    for (int i = 0; i < 5 * RUNS; i++) {
      GrowthRow.Slope slope = kernel(n -> 3 * n, 0.02, random).slope();
      held += slope.lowNs() <= 3 && 3 <= slope.highNs() ? 1 : 0;
    }
    assertThat(held / (5.0 * RUNS)).isBetween(0.93, 0.97);
  }

  /** Rounds share their load: however many there are, they are one observation. */
  @Test
  void roundsOfOneLoadAreOneObservation() {
    List<KernelRow> rows = new ArrayList<>();
    for (long services : FEWER) {
      for (int load = 1; load <= 2; load++) {
        for (double off : new double[] {-9000, 0, 5}) {
          double ns = 100.0 * load + off;
          rows.add(TestRows.kernel(Lookup.NFTABLES, services, load, Target.LAST, 25_000, ns));
        }
      }
    }
    GrowthRow fit = Growth.of(List.of(), rows).getFirst();
    assertThat(fit.observed().loadsCount()).isEqualTo(10);
    assertThat(fit.fit().scatterPct())
        .isCloseTo(100 * Math.sqrt(50 * 50 * 2 * 5 / 5.0) / 25_000, within(1e-9));
  }

  @Test
  void aVerdictTakesFiveNumbersAndTwoLoadsOfEach() {
    List<KernelRow> rows = new ArrayList<>();
    for (long services : FEWER) {
      rows.add(TestRows.kernel(Lookup.NFTABLES, services, 1, Target.LAST, 25_000, 0));
    }
    assertThat(doubt(rows)).contains(Doubt.FEW_LOADS);
    for (long services : FEWER) {
      rows.add(TestRows.kernel(Lookup.NFTABLES, services, 2, Target.LAST, 25_000, 10));
    }
    assertThat(Growth.of(List.of(), rows).getFirst().trend()).isEqualTo(Trend.CONSTANT);
    rows.removeIf(r -> r.rules().servicesCount() == 1000);
    assertThat(doubt(rows)).contains(Doubt.FEW_POINTS);
    rows.removeIf(r -> r.rules().servicesCount() > 1);
    assertThat(Growth.of(List.of(), rows)).isEmpty();
  }

  private static Optional<Doubt> doubt(List<KernelRow> rows) {
    return Growth.of(List.of(), rows).getFirst().doubt();
  }

  /** With a build beside some loads: they are left out, and missed where too few are left. */
  @Test
  void disturbedLoadsDoNotCount() {
    List<KernelRow> rows = new ArrayList<>();
    for (long services : FEWER) {
      for (int load = 1; load <= 2; load++) {
        rows.add(load(services, load, 10.0 * load, TestRows.QUIET));
      }
      rows.add(load(services, 3, 9.0 * services, TestRows.BUSY));
    }
    GrowthRow fit = Growth.of(List.of(), rows).getFirst();
    assertThat(fit.trend()).isEqualTo(Trend.CONSTANT);
    assertThat(fit.observed().disturbedCount()).isEqualTo(5);
    rows.removeIf(r -> r.load() == 2 && r.rules().servicesCount() == 1500);
    GrowthRow missed = Growth.of(List.of(), rows).getFirst();
    assertThat(missed.doubt()).contains(Doubt.DISTURBED);
    assertThat(missed.observed().loadsCount()).isEqualTo(14);
  }

  private static KernelRow load(long services, int load, double ns, OtherWork beside) {
    return TestRows.kernel(
        TestbedKind.NETNS,
        Lookup.NFTABLES,
        services,
        load,
        Packet.FIRST,
        Target.LAST,
        25_000,
        ns,
        beside);
  }

  /** The first Service, measured twice, grows: then nothing of this kernel and packet is told. */
  @Test
  void aControlThatMovesTakesTheVerdict() {
    List<KernelRow> rows = new ArrayList<>();
    for (long services : FEWER) {
      for (int load = 1; load <= 2; load++) {
        double ns = 7.0 * services + load;
        rows.add(TestRows.kernel(Lookup.IPTABLES_NFT, services, load, Target.LAST, 25_000, ns));
        rows.add(
            TestRows.kernel(Lookup.IPTABLES_NFT, services, load, Target.FIRST_AGAIN, 25_000, ns));
        rows.add(TestRows.kernel(Lookup.NFTABLES, services, load, Target.LAST, 25_000, load));
      }
    }
    assertThat(Growth.of(List.of(), rows))
        .extracting(GrowthRow::lookup, GrowthRow::doubt)
        .containsExactly(
            tuple(Lookup.IPTABLES_NFT, Optional.of(Doubt.CONTROL)),
            tuple(Lookup.IPTABLES_NFT, Optional.of(Doubt.CONTROL)),
            tuple(Lookup.NFTABLES, Optional.empty()));
  }

  @Test
  void whatIsMeasuredIsToldApart() {
    List<JmhRow> rows = new ArrayList<>();
    for (long services : WALKED) {
      for (int fork = 1; fork <= 2; fork++) {
        rows.add(TestRows.model(Lookup.IPVS, services, Target.LAST, fork, 11));
        rows.add(TestRows.model(Lookup.IPVS, services, Target.ANY, fork, 30));
        rows.add(
            TestRows.model(
                new JmhRow.What(
                    Optional.of(Packet.ESTABLISHED),
                    Optional.of(Lookup.IPVS),
                    Optional.of(services),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(1000L)),
                fork,
                60,
                TestRows.QUIET));
      }
    }
    assertThat(Growth.of(rows, List.of()))
        .allSatisfy(g -> assertThat(g.source()).isEqualTo(Source.MODEL))
        .extracting(GrowthRow::packet, GrowthRow::target)
        .containsExactly(
            tuple(Packet.FIRST, Target.LAST),
            tuple(Packet.FIRST, Target.ANY),
            tuple(Packet.ESTABLISHED, Target.ANY));
  }
}
