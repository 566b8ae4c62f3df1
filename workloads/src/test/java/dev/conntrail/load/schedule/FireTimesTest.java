package dev.conntrail.load.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import dev.conntrail.load.Schedules;
import dev.conntrail.spec.Arrivals;
import dev.conntrail.spec.Axes;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.Course;
import dev.conntrail.spec.LoadModel;
import dev.conntrail.spec.LoadPlan;
import dev.conntrail.spec.Phases;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.hipparchus.distribution.RealDistribution;
import org.hipparchus.distribution.continuous.ExponentialDistribution;
import org.hipparchus.distribution.continuous.UniformRealDistribution;
import org.hipparchus.stat.inference.KolmogorovSmirnovTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** When requests are due: what rates add up to, what chance does, and that nobody's are lost. */
@Tag("computes")
class FireTimesTest {
  private static final long SECOND = 1_000_000_000L;
  private static final Phases PHASES =
      new Phases(
          Duration.ofSeconds(1), Duration.ofSeconds(3), Duration.ofSeconds(10), Duration.ZERO);

  private static FireTimes of(String rate, Arrivals arrivals, long seed) {
    return Schedules.whole((LoadModel.Open) LoadModel.parse(rate), arrivals, PHASES, seed);
  }

  /** How many are due from one time to another, seconds. */
  private static long count(FireTimes times, double fromS, double toS) {
    return LongStream.iterate(0, i -> times.dueNs(i) < toS * SECOND, i -> i + 1)
        .filter(i -> times.dueNs(i) >= fromS * SECOND)
        .count();
  }

  private static double[] gaps(FireTimes times, int n) {
    return IntStream.range(0, n)
        .mapToDouble(i -> times.dueNs(i) - (i == 0 ? 0 : times.dueNs(i - 1)))
        .toArray();
  }

  /** How likely it is that gaps are no more like a distribution than these. */
  private static double p(RealDistribution like, double[] found) {
    return new KolmogorovSmirnovTest().kolmogorovSmirnovTest(like, found);
  }

  @Test
  void atAConstantRateRequestIIsDueAtIOverRate() {
    assertThat(LongStream.range(0, 7).map(of("3", Arrivals.REGULAR, 1)::dueNs))
        .containsExactly(
            0L,
            333_333_333L,
            666_666_666L,
            1_000_000_000L,
            1_333_333_333L,
            1_666_666_666L,
            2_000_000_000L);
  }

  @Test
  void aYearDoesNotOverflow() {
    ConstantRate rate = new ConstantRate(1_000_000);
    long year = 365L * 86_400;
    assertThat(rate.dueNs(year * 1_000_000)).isEqualTo(year * SECOND);
  }

  @Test
  void refusesNothing() {
    Stream.<Runnable>of(
            () -> new ConstantRate(0),
            () -> new Ramp(0, 1, 0, 1),
            () -> new Ramp(1, 2, 0, 0),
            () -> new Steps(new int[0], 0, 1),
            () -> new Steps(new int[] {1, 0}, 0, 1))
        .forEach(
            made -> assertThatThrownBy(made::run).isInstanceOf(IllegalArgumentException.class));
  }

  /** The warm-up goes by the first rate, the measure phase has the mean, and so on at the last. */
  @ParameterizedTest
  @CsvSource({
    "600, 600, 6000, 600",
    "100..1000, 100, 5500, 1000",
    "1000..100, 1000, 5500, 100",
    "200..200, 200, 2000, 200",
    "100/400, 100, 2500, 400",
    "100/200/400/300, 100, 2500, 300",
  })
  void aRateAddsUpToItsCounts(String rate, long warmup, long measured, long after) {
    FireTimes times = of(rate, Arrivals.REGULAR, 1);
    assertThat(count(times, 0, 1)).isEqualTo(warmup);
    assertThat(count(times, 1, 11)).isCloseTo(measured, within(1L));
    assertThat(count(times, 11, 12)).isCloseTo(after, within(1L));
    LoadModel.Open open = (LoadModel.Open) LoadModel.parse(rate);
    assertThat(open.requests(PHASES)).isEqualTo((double) (warmup + measured));
    assertThat(DoubleStream.of(gaps(times, 6000)).min().orElseThrow()).isNotNegative();
  }

  @Test
  void aRampRisesEvenly() {
    FireTimes times = of("100..1000", Arrivals.REGULAR, 1);
    for (int s = 0; s < 10; s++) {
      // 90 a second more each second: the mean of the s-th is that of its middle
      assertThat(count(times, 1 + s, 2 + s)).isCloseTo(145L + 90L * s, within(1L));
    }
  }

  @Test
  void aSlowRampIsAsExactAsAConstantRate() {
    long hour = 3600 * SECOND;
    Ramp ramp = new Ramp(1_000_000, 1_000_001, 0, hour);
    assertThat(ramp.atNs(1e6)).isCloseTo(1e9, within(200.0));
    assertThat(ramp.atNs(3.6e9 + 1800)).isCloseTo(3600e9, within(1000.0));
  }

  @Test
  void stepsAreEachAnEqualPart() {
    FireTimes times = of("100/400/50/10", Arrivals.REGULAR, 1);
    assertThat(count(times, 1, 3.5)).isEqualTo(250);
    assertThat(count(times, 3.5, 6)).isEqualTo(1000);
    assertThat(count(times, 6, 8.5)).isEqualTo(125);
    assertThat(count(times, 8.5, 11)).isEqualTo(25);
  }

  @Test
  void gapsOfAPoissonProcessAreExponential() {
    double[] gaps = gaps(of("500", Arrivals.POISSON, 7), 5000);
    RealDistribution exponential = new ExponentialDistribution(2e6);
    assertThat(p(exponential, gaps)).isGreaterThan(0.01);
    assertThat(p(exponential, gaps(of("500", Arrivals.REGULAR, 7), 5000))).isLessThan(1e-9);
    assertThat(p(exponential, gaps(of("520", Arrivals.POISSON, 7), 5000))).isLessThan(0.05);
  }

  /** Of a Poisson process the counts of equal times have their mean as variance. */
  @Test
  void countsOfAPoissonProcessVaryAsTheyShould() {
    FireTimes times = of("1000", Arrivals.POISSON, 3);
    long[] counts = new long[1100];
    for (long i = 0, due = times.dueNs(0); due < 11 * SECOND; due = times.dueNs(++i)) {
      counts[(int) (due / (SECOND / 100))]++;
    }
    double mean = LongStream.of(counts).average().orElseThrow();
    double variance =
        LongStream.of(counts).mapToDouble(n -> (n - mean) * (n - mean)).sum() / counts.length;
    assertThat(mean).isCloseTo(10, within(0.4));
    assertThat(variance / mean).isCloseTo(1, within(0.15));
  }

  /** Stretched back by what the rate adds up to, it is a process of rate 1 again. */
  @ParameterizedTest
  @CsvSource({"100..1000", "1000..100", "100/1000/100"})
  void aPoissonProcessFollowsARateThatChanges(String rate) {
    FireTimes regular = of(rate, Arrivals.REGULAR, 1);
    FireTimes times = of(rate, Arrivals.POISSON, 11);
    double[] stretched =
        LongStream.iterate(0, i -> times.dueNs(i) < 11 * SECOND, i -> i + 1)
            .mapToDouble(i -> becomeDue(regular, times.dueNs(i)))
            .toArray();
    double all = becomeDue(regular, 11 * SECOND);
    assertThat((double) stretched.length).isCloseTo(all, within(4 * Math.sqrt(all)));
    assertThat(p(new UniformRealDistribution(0, all), stretched)).isGreaterThan(0.01);
  }

  private static double becomeDue(FireTimes times, long ns) {
    long least = 0;
    long most = 1_000_000;
    while (least < most) {
      long middle = (least + most) / 2;
      if (times.dueNs(middle) < ns) {
        least = middle + 1;
      } else {
        most = middle;
      }
    }
    return least;
  }

  @Test
  void aSeedGivesTheSameAndAnotherOthers() {
    double[] gaps = gaps(of("500", Arrivals.POISSON, 1), 2000);
    assertThat(gaps(of("500", Arrivals.POISSON, 1), 2000)).isEqualTo(gaps);
    assertThat(gaps(of("500", Arrivals.POISSON, 2), 2000)).isNotEqualTo(gaps);
    // what is known of a seed on every machine
    assertThat(LongStream.range(0, 3).map(of("500", Arrivals.POISSON, 1)::dueNs))
        .containsExactly(2_770_575L, 3_702_259L, 4_855_776L);
  }

  /** Whoever asks for one finds the same as whoever goes through all, far beyond the end too. */
  @ParameterizedTest
  @CsvSource({"1", "500", "300000"})
  void anyRequestIsFoundWithoutTheOnesBeforeIt(String rate) {
    FireTimes times = of(rate, Arrivals.POISSON, 5);
    FireTimes shorter =
        new Poisson(new ConstantRate(Integer.parseInt(rate)), 5, Duration.ofMillis(10).toNanos());
    for (long i : new long[] {0, 1, 2, 3, 4, 5, 63, 64, 65, 1000, 4097}) {
      assertThat(times.dueNs(i)).isEqualTo(shorter.dueNs(i));
    }
  }

  @ParameterizedTest
  @MethodSource("cells")
  void askingMakesNoGarbage(Cell cell) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    FireTimes times =
        Schedules.whole((LoadModel.Open) cell.load(), cell.arrivals(), cell.course().phases(), 4);
    long sum = asked(times);
    long before = threads.getCurrentThreadAllocatedBytes();
    sum += asked(times);
    long bytes = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(sum).isPositive();
    assertThat(bytes).isLessThan(20_000);
  }

  private static long asked(FireTimes times) {
    long sum = 0;
    for (long i = 0; i < 20_000; i++) {
      sum += times.dueNs(i);
    }
    return sum;
  }

  private static Stream<Cell> cells() {
    return Stream.of("600", "100..1000", "100/400")
        .flatMap(rate ->
            Stream.of(Arrivals.values())
                .map(arrivals ->
                    Cell.of(new Course(PHASES, List.of(), 1))
                        .with(Axes.RATE, LoadModel.parse(rate))
                        .with(Axes.ARRIVALS, arrivals)
                        .with(Axes.CONNECTIONS, 7)
                        .with(Axes.CLIENTS, 3)));
  }

  /** Clients have different numbers of callers, and all together have each request once. */
  @ParameterizedTest
  @MethodSource("cells")
  void theSlicesOfAllClientsAreTheWhole(Cell cell) {
    List<Long> requests = new ArrayList<>();
    List<Long> due = new ArrayList<>();
    FireTimes whole =
        Schedules.whole((LoadModel.Open) cell.load(), cell.arrivals(), cell.course().phases(), 4);
    for (int client = 0; client < 3; client++) {
      LoadPlan plan = LoadPlan.of("r", cell, 4, "c", "n", client, List.of("127.0.0.1:80"));
      Slice slice = Schedules.slice((LoadModel.Open) plan.schedule().rate(), plan);
      for (int caller = 0; caller < plan.callers().count(); caller++) {
        for (long k = 0; slice.dueNs(caller, k) < 11 * SECOND; k++) {
          requests.add(slice.request(caller, k));
          due.add(slice.dueNs(caller, k));
        }
      }
    }
    long n = count(whole, 0, 11);
    assertThat(requests)
        .containsExactlyInAnyOrderElementsOf(LongStream.range(0, n).boxed().toList());
    assertThat(due)
        .containsExactlyInAnyOrderElementsOf(
            LongStream.range(0, n).map(whole::dueNs).boxed().toList());
  }
}
