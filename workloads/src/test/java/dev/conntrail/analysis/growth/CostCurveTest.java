package dev.conntrail.analysis.growth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.hipparchus.distribution.continuous.FDistribution;
import org.hipparchus.distribution.continuous.TDistribution;
import org.hipparchus.stat.regression.SimpleRegression;
import org.junit.jupiter.api.Test;

/** The arithmetic, from literal loads. */
class CostCurveTest {
  private static final long[] SERVICES = {1, 101, 201, 301, 401};

  /** Two loads of each: all calls cost alike, so that every load scatters by as many ns. */
  private static final double[][] LOADS = {
    {10, 14}, {60, 62}, {105, 111}, {163, 163}, {200, 212},
  };

  private static CostCurve curve(double clock) {
    List<Observation> observations = new ArrayList<>();
    for (int i = 0; i < SERVICES.length; i++) {
      for (double ns : LOADS[i]) {
        observations.add(new Observation(SERVICES[i], ns, 1000, clock, false));
      }
    }
    return new CostCurve(observations);
  }

  /** Half the squares of differences: 8 + 2 + 18 + 0 + 72 = 100 over five degrees of freedom. */
  @Test
  void scatterIsPureErrorAsAShareOfTheCall() {
    assertThat(curve(0).freedom()).isEqualTo(5);
    assertThat(curve(0).scatter()).isCloseTo(Math.sqrt(100 / 5.0) / 1000, within(1e-12));
  }

  /** Means 12, 61, 108, 163, 206: slope (-200·12 - 100·61 + 100·163 + 200·206) / 100,000. */
  @Test
  void theSlopeIsThatOfTheMeansWithAnIntervalFromTheScatter() {
    CostCurve.Estimate slope = curve(0).slope().estimate();
    assertThat(slope.value()).isCloseTo(0.49, within(1e-12));
    double error = Math.sqrt(20.0 / 2 / 100_000);
    double t = new TDistribution(5).inverseCumulativeProbability(0.975);
    assertThat(slope.high() - slope.value()).isCloseTo(t * error, within(1e-12));
    assertThat(slope.value() - slope.low()).isCloseTo(t * error, within(1e-12));
    assertThat(curve(0).steps())
        .containsExactly(new double[] {0.49, 0.47, 0.55, 0.43}, within(1e-12));
    assertThat(curve(0).range()).isEqualTo(400);
  }

  @Test
  void theClocksStepAddsToTheInterval() {
    double without = width(curve(0).growths().getLast().estimate());
    double with = width(curve(24).growths().getLast().estimate());
    assertThat(with / without).isCloseTo(Math.sqrt((20 + 24 * 24 / 12.0) / 20), within(1e-9));
  }

  private static double width(CostCurve.Estimate e) {
    return e.high() - e.low();
  }

  /** Against the textbook's: residual less pure error over pure error, each by its freedom. */
  @Test
  void lackOfFitIsTheTextbooksWhereAllCallsCostAlike() {
    SimpleRegression line = new SimpleRegression();
    for (int i = 0; i < SERVICES.length; i++) {
      for (double ns : LOADS[i]) {
        line.addData((double) SERVICES[i], ns);
      }
    }
    double f = (line.getSumSquaredErrors() - 100) / 3 / (100 / 5.0);
    assertThat(curve(0).lackOfFit(s -> s))
        .isCloseTo(1 - new FDistribution(3, 5).cumulativeProbability(f), within(1e-9));
    assertThat(curve(0).lackOfFit(s -> s * s)).isLessThan(curve(0).lackOfFit(s -> s));
  }

  @Test
  void withoutASecondLoadThereIsNoInterval() {
    CostCurve once =
        new CostCurve(
            List.of(new Observation(1, 1, 1, 0, false), new Observation(2, 2, 2, 0, false)));
    assertThat(once.slope().value()).isEqualTo(1);
    assertThat(once.slope().estimate().low()).isNaN();
    assertThat(once.lackOfFit(s -> s)).isNaN();
    assertThat(once.services(2)).isEmpty();
  }

  @Test
  void slopesOverSomeOfTheNumbers() {
    CostCurve.Part part = curve(0).slopeOver(List.of(1L, 201L, 401L));
    assertThat(part.value()).isCloseTo((206 - 12) / 400.0, within(1e-12));
    assertThat(part.error()).isCloseTo(Math.sqrt(20.0 / 2 * 2 / 160_000), within(1e-12));
    assertThat(curve(0).loadsOf(List.of(1L, 201L))).isEqualTo(4);
    assertThat(curve(0).at(201).value()).isEqualTo(108);
    assertThat(curve(0).callAt(201)).isEqualTo(1000);
  }

  @Test
  void certaintyIsOneSided() {
    CostCurve.Part part = new CostCurve.Part(10, 2, 5);
    double t = new TDistribution(5).inverseCumulativeProbability(0.99);
    assertThat(part.above(10 - 2 * t - 0.001, 0.99)).isTrue();
    assertThat(part.above(10 - 2 * t + 0.001, 0.99)).isFalse();
    assertThat(new CostCurve.Part(10, 2, 0).above(0, 0.99)).isFalse();
  }
}
