package dev.conntrail.calibration;

import dev.conntrail.analysis.growth.Growth;
import dev.conntrail.result.row.Doubt;
import dev.conntrail.result.row.GrowthRow;
import dev.conntrail.result.row.KernelRow;
import dev.conntrail.result.row.Lookup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Measures a plan: every point once for each of its loads, in an order drawn anew; then again what
 * others had CPU time beside, or what scatters, as often as {@link #AGAIN} and half the number of
 * loads allow. What is disturbed is kept and marked.
 */
public final class Campaign {
  /** How often what is in doubt is measured again. */
  static final int AGAIN = 2;

  /** Doubts that more loads may settle. */
  private static final Set<Doubt> SETTLED = EnumSet.of(Doubt.SCATTER, Doubt.SHAPE, Doubt.CONTROL);

  private Campaign() {}

  /** Measures loads of rules, one after the other, and numbers them from 1. */
  @FunctionalInterface
  public interface Kernel {
    List<KernelRow> measure(List<CalibrationPlan.Point> loads) throws IOException;
  }

  /**
   * Measures all.
   *
   * @param random draws the order
   */
  public static List<KernelRow> run(CalibrationPlan plan, Kernel kernel, Random random)
      throws IOException {
    List<CalibrationPlan.Point> loads = plan.drawn(random);
    List<KernelRow> rows = new ArrayList<>(kernel.measure(loads));
    int left = loads.size() / 2;
    for (int i = 0; i < AGAIN && left > 0; i++) {
      List<CalibrationPlan.Point> again =
          CalibrationPlan.drawn(doubtful(plan, rows).stream().limit(left).toList(), random);
      if (again.isEmpty()) {
        break;
      }
      left -= again.size();
      int before = rows.getLast().load();
      kernel.measure(again).forEach(r -> rows.add(r.as(before + r.load(), r.beside())));
    }
    return rows;
  }

  /** Points in doubt; first those with the fewest loads that nothing disturbed. */
  static List<CalibrationPlan.Point> doubtful(CalibrationPlan plan, List<KernelRow> rows) {
    Set<Lookup> scattering =
        Growth.of(List.of(), rows).stream()
            .filter(g -> g.doubt().filter(SETTLED::contains).isPresent())
            .map(GrowthRow::lookup)
            .collect(Collectors.toSet());
    return plan.points().stream()
        .filter(p -> quiet(p, rows) < plan.loads() || scattering.contains(p.lookup()))
        .sorted(Comparator.comparingLong(p -> quiet(p, rows)))
        .toList();
  }

  private static long quiet(CalibrationPlan.Point point, List<KernelRow> rows) {
    return rows.stream()
        .filter(r ->
            r.rules().lookup() == point.lookup()
                && r.rules().servicesCount() == point.services()
                && !r.beside().disturbed())
        .map(KernelRow::load)
        .distinct()
        .count();
  }

  /** The rows, with those of another testbed or data plane that are there already. */
  public static List<KernelRow> beside(List<KernelRow> rows, List<KernelRow> there) {
    record Measured(Object testbed, Object plane) {
      static Measured of(KernelRow row) {
        return new Measured(row.testbed(), row.rules().dataPlane());
      }
    }
    Set<Measured> measured = rows.stream().map(Measured::of).collect(Collectors.toSet());
    List<KernelRow> all = new ArrayList<>(rows);
    there.stream().filter(r -> !measured.contains(Measured.of(r))).forEach(all::add);
    return all;
  }
}
