package dev.conntrail.analysis.growth;

import dev.conntrail.result.row.Doubt;
import dev.conntrail.result.row.GrowthRow;
import dev.conntrail.result.row.JmhRow;
import dev.conntrail.result.row.KernelRow;
import dev.conntrail.result.row.Source;
import dev.conntrail.result.row.Target;
import dev.conntrail.result.row.Trend;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How cost grows with the number of Services, in the models (JMH) and in the kernel (calibrate).
 *
 * <p>One observation for each independent load of rules, or fork; those that others had CPU time
 * beside are left out. Where {@value #POINTS} numbers of Services or more have {@value #LOADS} or
 * more of them:
 *
 * <ul>
 *   <li>constant, if what each number costs more than the fewest lies, with its 95 % interval,
 *       within {@value #MARGIN_NS} ns a Service of the range (equivalence: Schuirmann 1987, two
 *       one-sided tests);
 *   <li>linear, if the slope is above that with a certainty of {@value #CERTAINTY}, a line fits the
 *       means and n log n does not, by the lack-of-fit test;
 *   <li>grows otherwise, if it is above that, or one of the means is, and a line does not fit;
 *   <li>else nothing can be told.
 * </ul>
 */
public final class Growth {
  /**
   * A growth within which a cost is called constant, nanoseconds a Service: a tenth of what a rule
   * that is walked past costs where that is cheapest (5 to 6 ns, iptables-legacy). At 10,000
   * Services it makes 5 µs of a connection's making, of which a walk makes 50 µs or more.
   */
  public static final double MARGIN_NS = 0.5;

  /** Numbers of Services that a verdict takes. */
  public static final int POINTS = 5;

  /** Independent loads of each that it takes. */
  public static final int LOADS = 2;

  /**
   * With what certainty growth is above the margin where it is said to be: with the four numbers of
   * Services that are held against the fewest, one of forty constant costs may be said to grow.
   */
  public static final double CERTAINTY = 0.995;

  /** A curve that is less likely than that is said not to fit. */
  public static final double MISFIT = 0.01;

  private Growth() {}

  /** All that can be fitted: two numbers of Services or more. */
  public static List<GrowthRow> of(List<JmhRow> jmh, List<KernelRow> kernel) {
    return of(Curves.of(jmh, kernel));
  }

  static List<GrowthRow> of(Curves curves) {
    List<GrowthRow> rows = new ArrayList<>();
    curves
        .byKey()
        .forEach((key, all) -> {
          if (all.stream().map(Observation::services).distinct().count() > 1) {
            rows.add(row(key, all));
          }
        });
    return controlled(rows);
  }

  private static GrowthRow row(Curves.Key key, List<Observation> all) {
    List<Observation> quiet = all.stream().filter(o -> !o.disturbed()).toList();
    Optional<Doubt> lacking = lacking(all, quiet);
    boolean usable = !lacking.equals(Optional.of(Doubt.DISTURBED));
    CostCurve curve = new CostCurve(usable ? quiet : all);
    CostCurve.Estimate slope = curve.slope().estimate();
    double lineP = curve.lackOfFit(s -> s);
    double otherP = curve.lackOfFit(s -> s * Math.log(s));
    Told told = lacking.map(d -> new Told(d)).orElseGet(() -> told(curve, lineP, otherP));
    double[] steps = curve.steps();
    List<Long> services = curve.services();
    return new GrowthRow(
        key.run(),
        key.source(),
        key.lookup(),
        key.packet(),
        key.target(),
        key.endpoints(),
        key.connections(),
        new GrowthRow.Observed(
            services.size(),
            curve.loads(),
            all.size() - curve.loads(),
            services.getFirst(),
            services.getLast()),
        new GrowthRow.Cost(curve.callAtFewest(), curve.callAtMost()),
        new GrowthRow.Slope(
            slope.value(),
            slope.low(),
            slope.high(),
            Arrays.stream(steps).min().orElse(Double.NaN),
            Arrays.stream(steps).max().orElse(Double.NaN)),
        new GrowthRow.Fit(100 * curve.scatter(), lineP, otherP),
        MARGIN_NS,
        told.trend(),
        told.doubt());
  }

  /** A verdict, and the reason where it is none. */
  private record Told(Trend trend, Optional<Doubt> doubt) {
    Told(Trend trend) {
      this(trend, Optional.empty());
    }

    Told(Doubt doubt) {
      this(Trend.CANNOT_TELL, Optional.of(doubt));
    }
  }

  /** What lacks for a verdict; if it would not without the disturbed ones, these are why. */
  private static Optional<Doubt> lacking(List<Observation> all, List<Observation> quiet) {
    if (enough(quiet)) {
      return Optional.empty();
    }
    if (enough(all) || quiet.stream().map(Observation::services).distinct().count() < 2) {
      return Optional.of(all.size() == quiet.size() ? fewness(all) : Doubt.DISTURBED);
    }
    return Optional.of(fewness(all));
  }

  private static boolean enough(List<Observation> observations) {
    return !observations.isEmpty() && new CostCurve(observations).services(LOADS).size() >= POINTS;
  }

  private static Doubt fewness(List<Observation> observations) {
    return new CostCurve(observations).services().size() < POINTS
        ? Doubt.FEW_POINTS
        : Doubt.FEW_LOADS;
  }

  private static Told told(CostCurve curve, double lineP, double otherP) {
    double margin = MARGIN_NS * curve.range();
    List<CostCurve.Part> growths = curve.growths();
    if (growths.stream()
        .map(CostCurve.Part::estimate)
        .allMatch(g -> g.low() > -margin && g.high() < margin)) {
      return new Told(Trend.CONSTANT);
    }
    boolean rises = curve.slope().above(MARGIN_NS, CERTAINTY);
    if (rises && lineP >= MISFIT) {
      return otherP < MISFIT ? new Told(Trend.LINEAR) : new Told(Doubt.SHAPE);
    }
    if (rises || growths.stream().anyMatch(g -> g.above(margin, CERTAINTY))) {
      return new Told(Trend.GROWS);
    }
    return new Told(Doubt.SCATTER);
  }

  /** Where the first Service, measured twice, differs from itself, nothing can be told. */
  private static List<GrowthRow> controlled(List<GrowthRow> rows) {
    record Measured(String run, Source source, Object lookup, Object packet) {
      static Measured of(GrowthRow row) {
        return new Measured(row.run(), row.source(), row.lookup(), row.packet());
      }
    }
    Set<Measured> off = new HashSet<>();
    rows.stream()
        .filter(r -> r.target() == Target.FIRST_AGAIN && r.grows())
        .forEach(r -> off.add(Measured.of(r)));
    return rows.stream()
        .map(r -> off.contains(Measured.of(r)) ? r.doubted(Doubt.CONTROL) : r)
        .toList();
  }
}
