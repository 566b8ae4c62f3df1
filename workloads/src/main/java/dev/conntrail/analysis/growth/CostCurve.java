package dev.conntrail.analysis.growth;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.hipparchus.distribution.continuous.FDistribution;
import org.hipparchus.distribution.continuous.TDistribution;
import org.hipparchus.stat.regression.OLSMultipleLinearRegression;

/**
 * Costs of independent loads over numbers of Services, and what can be said of them.
 *
 * <p>The scatter is pure error: how loads of the same number of Services differ, as a share of the
 * whole cost, pooled over all numbers (a CPU that is slower is slower in proportion); to it comes
 * the clock's step. Nothing is taken from how well a curve fits, so a curve can be tested.
 */
final class CostCurve {
  private static final double CONFIDENCE = 0.95;

  /** Below that a scatter is not to be believed, as a share of the cost. */
  private static final double LEAST_SCATTER = 1e-6;

  /** Variance of a value that is only known to lie in a step of this length, by its square. */
  private static final double STEP_VARIANCE = 1.0 / 12;

  private final List<Point> points;
  private final double scatter;
  private final int freedom;

  /**
   * Loads of one number of Services.
   *
   * @param ns their mean cost
   * @param callNs their mean cost with all that is measured with it
   * @param variance of one load
   */
  private record Point(long services, int loads, double ns, double callNs, double variance) {}

  /** An estimate with its 95 % interval. */
  record Estimate(double value, double low, double high) {}

  /**
   * A weighted sum of means.
   *
   * @param error its standard error
   * @param freedom degrees of freedom of that
   */
  record Part(double value, double error, int freedom) {
    /** With its 95 % interval; not a number without a second load of anything. */
    Estimate estimate() {
      double half = freedom == 0 ? Double.NaN : quantile((1 + CONFIDENCE) / 2) * error;
      return new Estimate(value, value - half, value + half);
    }

    /** Whether it is above a bound with so much certainty, one-sided. */
    boolean above(double bound, double certainty) {
      return freedom > 0 && value - quantile(certainty) * error > bound;
    }

    private double quantile(double probability) {
      return new TDistribution(freedom).inverseCumulativeProbability(probability);
    }
  }

  /**
   * Of these observations, whether disturbed or not.
   *
   * @param observations at least one
   */
  CostCurve(Collection<Observation> observations) {
    Map<Long, List<Observation>> loads =
        observations.stream()
            .collect(
                Collectors.groupingBy(Observation::services, TreeMap::new, Collectors.toList()));
    double squares = 0;
    int degrees = 0;
    for (List<Observation> same : loads.values()) {
      double mean = mean(same.stream().mapToDouble(Observation::ns).toArray());
      double call = mean(same.stream().mapToDouble(Observation::callNs).toArray());
      for (Observation o : same) {
        squares += Math.pow((o.ns() - mean) / call, 2);
      }
      degrees += same.size() - 1;
    }
    double relative = degrees == 0 ? Double.NaN : Math.sqrt(squares / degrees);
    this.scatter = degrees == 0 ? relative : Math.max(LEAST_SCATTER, relative);
    this.freedom = degrees;
    this.points = loads.entrySet().stream().map(e -> point(e.getKey(), e.getValue())).toList();
  }

  private Point point(long services, List<Observation> same) {
    double call = mean(same.stream().mapToDouble(Observation::callNs).toArray());
    double step = same.stream().mapToDouble(Observation::clockNs).max().orElse(0);
    return new Point(
        services,
        same.size(),
        mean(same.stream().mapToDouble(Observation::ns).toArray()),
        call,
        Math.pow(scatter * call, 2) + STEP_VARIANCE * step * step);
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElse(Double.NaN);
  }

  /** Numbers of Services, ascending. */
  List<Long> services() {
    return points.stream().map(Point::services).toList();
  }

  /** Of these, the ones that were loaded so often. */
  List<Long> services(int loads) {
    return points.stream().filter(p -> p.loads() >= loads).map(Point::services).toList();
  }

  /** Independent loads, all together. */
  int loads() {
    return points.stream().mapToInt(Point::loads).sum();
  }

  /** Standard deviation of loads of the same number of Services, as a share of the cost. */
  double scatter() {
    return scatter;
  }

  /** Degrees of freedom of the scatter. */
  int freedom() {
    return freedom;
  }

  /** From the fewest Services to the most. */
  double range() {
    return (double) points.getLast().services() - points.getFirst().services();
  }

  /** Mean cost with all that is measured with it, at the fewest Services. */
  double callAtFewest() {
    return points.getFirst().callNs();
  }

  /** The same at the most. */
  double callAtMost() {
    return points.getLast().callNs();
  }

  /** The same at a number of Services. */
  double callAt(long services) {
    return points.stream()
        .filter(p -> p.services() == services)
        .mapToDouble(Point::callNs)
        .findFirst()
        .orElse(Double.NaN);
  }

  /**
   * Nanoseconds a Service: least squares over the means, each number of Services counting alike.
   */
  Part slope() {
    return slopeOver(services());
  }

  /** What each number of Services costs more than the fewest. */
  List<Part> growths() {
    return IntStream.range(1, points.size())
        .mapToObj(i -> {
          double[] weights = new double[points.size()];
          weights[0] = -1;
          weights[i] = 1;
          return part(weights);
        })
        .toList();
  }

  /** Nanoseconds a Service between neighbouring numbers of them. */
  double[] steps() {
    double[] steps = new double[points.size() - 1];
    for (int i = 0; i < steps.length; i++) {
      Point a = points.get(i);
      Point b = points.get(i + 1);
      steps[i] = (b.ns() - a.ns()) / (b.services() - a.services());
    }
    return steps;
  }

  /** The same over some of the numbers of Services. */
  Part slopeOver(List<Long> services) {
    return part(contrast(services));
  }

  /** Mean cost of one number of Services, with its standard error. */
  Part at(long services) {
    return part(points.stream().mapToDouble(p -> p.services() == services ? 1 : 0).toArray());
  }

  /** Loads of some numbers of Services. */
  int loadsOf(List<Long> services) {
    return points.stream()
        .filter(p -> services.contains(p.services()))
        .mapToInt(Point::loads)
        .sum();
  }

  private Part part(double[] weights) {
    double value = 0;
    double variance = 0;
    for (int i = 0; i < weights.length; i++) {
      Point p = points.get(i);
      value += weights[i] * p.ns();
      variance += weights[i] * weights[i] * p.variance() / p.loads();
    }
    return new Part(value, Math.sqrt(variance), freedom);
  }

  /** Weights by which least squares makes a slope of the means of these numbers of Services. */
  private double[] contrast(List<Long> over) {
    double mean = over.stream().mapToLong(Long::longValue).average().orElse(Double.NaN);
    double squares = over.stream().mapToDouble(s -> (s - mean) * (s - mean)).sum();
    return points.stream()
        .mapToDouble(p -> over.contains(p.services()) ? (p.services() - mean) / squares : 0)
        .toArray();
  }

  /**
   * The lack-of-fit test (F; Draper and Smith, Applied Regression Analysis, 1998, section 2.1),
   * each mean weighted by its variance: the probability of means so far off a + b f(Services), if
   * the cost were that. Not a number without loads of the same number of Services.
   */
  double lackOfFit(DoubleUnaryOperator f) {
    int free = points.size() - 2;
    if (freedom == 0 || free < 1) {
      return Double.NaN;
    }
    double[][] x = new double[points.size()][];
    double[] y = new double[points.size()];
    double largest = f.applyAsDouble((double) points.getLast().services());
    for (int i = 0; i < y.length; i++) {
      Point p = points.get(i);
      double weight = Math.sqrt(p.loads() / p.variance());
      x[i] = new double[] {weight, weight * f.applyAsDouble((double) p.services()) / largest};
      y[i] = weight * p.ns();
    }
    OLSMultipleLinearRegression line = new OLSMultipleLinearRegression();
    line.setNoIntercept(true);
    line.newSampleData(y, x);
    return 1
        - new FDistribution(free, freedom)
            .cumulativeProbability(line.calculateResidualSumOfSquares() / free);
  }
}
