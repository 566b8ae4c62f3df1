package dev.conntrail.analysis;

import dev.conntrail.result.row.GrowthRow;
import dev.conntrail.result.row.JmhRow;
import dev.conntrail.result.row.KernelRow;
import dev.conntrail.result.row.Lookup;
import dev.conntrail.result.row.Packet;
import dev.conntrail.result.row.Source;
import dev.conntrail.result.row.Target;
import dev.conntrail.result.row.Trend;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.hipparchus.stat.regression.SimpleRegression;

/**
 * How cost grows with the number of Services, in the models (JMH) and in the kernel (calibrate):
 * least squares through the observations, and a decision by a test.
 *
 * <p>An observation is the least disturbed iteration of a benchmark, or the paired median of a
 * round: what disturbs a measurement only ever adds. The test is that of equivalence (Schuirmann
 * 1987, two one-sided tests): growth over the measured range, against the cost at the fewest
 * Services, is constant if its 95 % interval lies within {@value #MARGIN_PCT} %, and is there if
 * the interval lies above (for models, whose benchmarks are not paired: above {@value #SPEEDS_PCT}
 * %); else it is undecided.
 */
public final class Growth {
  /** Growth that is taken for none, per cent of the cost at the fewest Services. */
  public static final double MARGIN_PCT = 30;

  /**
   * Growth of a model that the machine may be the cause of: a CPU whose sibling thread is busy is
   * slower by half, and a benchmark may have met nothing else.
   */
  public static final double SPEEDS_PCT = 100;

  /** How well a line through one cost for each number of Services must fit to be called one. */
  public static final double LINE_R2 = 0.95;

  private static final double CONFIDENCE = 0.05;
  private static final int FEWEST_POINTS = 3;

  /** Cost with so many Services, ns. */
  record Observation(double services, double ns) {}

  private record Key(
      String run,
      Source source,
      Lookup lookup,
      Packet packet,
      Target target,
      Optional<Long> endpoints,
      Optional<Long> connections) {}

  private Growth() {}

  /** All that can be fitted. */
  public static List<GrowthRow> of(List<JmhRow> jmh, List<KernelRow> kernel) {
    List<GrowthRow> rows = new ArrayList<>();
    Map<Key, List<Observation>> models = new LinkedHashMap<>();
    for (JmhRow row : jmh) {
      key(row)
          .ifPresent(key ->
              models
                  .computeIfAbsent(key, _ -> new ArrayList<>())
                  .add(new Observation(row.servicesCount().orElseThrow(), row.minNs())));
    }
    models.forEach((key, observations) -> {
      NavigableMap<Double, Double> least = least(observations);
      fit(key, observations, least.firstEntry().getValue(), least, rows);
    });
    kernel(kernel, rows);
    return rows;
  }

  /** What a benchmark's row is about; empty if it says too little, or is of another benchmark. */
  private static Optional<Key> key(JmhRow row) {
    if (row.lookup().isEmpty() || row.servicesCount().isEmpty()) {
      return Optional.empty();
    }
    return switch (row.benchmark()) {
      case "FirstPacketBenchmark.route" ->
          row.target()
              .map(target ->
                  new Key(
                      row.run(),
                      Source.MODEL,
                      row.lookup().get(),
                      Packet.FIRST,
                      target,
                      row.endpointsCount(),
                      Optional.empty()));
      case "EstablishedPacketBenchmark.take" ->
          Optional.of(
              new Key(
                  row.run(),
                  Source.MODEL,
                  row.lookup().get(),
                  Packet.ESTABLISHED,
                  Target.ANY,
                  row.endpointsCount(),
                  row.connectionsCount()));
      default -> Optional.empty();
    };
  }

  /** In the kernel the observations are differences: what the last costs more than the first. */
  private static void kernel(List<KernelRow> kernel, List<GrowthRow> rows) {
    Map<Key, List<Observation>> differences = new LinkedHashMap<>();
    Map<Key, List<Double>> bases = new LinkedHashMap<>();
    for (KernelRow row : kernel) {
      if (row.target() == Target.FIRST) {
        continue;
      }
      Key key =
          new Key(
              row.run(),
              row.source(),
              row.lookup(),
              row.packet(),
              row.target(),
              Optional.empty(),
              Optional.empty());
      differences
          .computeIfAbsent(key, _ -> new ArrayList<>())
          .add(new Observation(row.servicesCount(), row.pairedP50Ns()));
      bases.computeIfAbsent(key, _ -> new ArrayList<>()).add(row.p50Ns() - row.pairedP50Ns());
    }
    differences.forEach((key, observations) -> {
      double base = Quantiles.median(bases.get(key));
      TreeMap<Double, Double> typical = new TreeMap<>();
      observations.stream()
          .map(Observation::services)
          .distinct()
          .forEach(s -> typical.put(s, base + typical(observations, s)));
      fit(key, observations, base, typical, rows);
    });
  }

  private static double typical(List<Observation> observations, double services) {
    return Quantiles.median(
        observations.stream().filter(o -> o.services() == services).map(Observation::ns).toList());
  }

  private static NavigableMap<Double, Double> least(List<Observation> observations) {
    TreeMap<Double, Double> least = new TreeMap<>();
    observations.forEach(o -> least.merge(o.services(), o.ns(), Math::min));
    return least;
  }

  private static void fit(
      Key key,
      List<Observation> observations,
      double base,
      NavigableMap<Double, Double> costs,
      List<GrowthRow> rows) {
    if (costs.size() < FEWEST_POINTS) {
      return;
    }
    SimpleRegression line = new SimpleRegression();
    observations.forEach(o -> line.addData(o.services(), o.ns()));
    SimpleRegression through = new SimpleRegression();
    costs.forEach(through::addData);
    double slope = line.getSlope();
    double half = line.getSlopeConfidenceInterval(CONFIDENCE);
    double toPct = 100 * (costs.lastKey() - costs.firstKey()) / base;
    double low = (slope - half) * toPct;
    double high = (slope + half) * toPct;
    rows.add(
        new GrowthRow(
            key.run(),
            key.source(),
            key.lookup(),
            key.packet(),
            key.target(),
            key.endpoints(),
            key.connections(),
            line.getN(),
            Math.round(costs.firstKey()),
            Math.round(costs.lastKey()),
            line.getIntercept(),
            slope,
            slope - half,
            slope + half,
            line.getRSquare(),
            costs.values().stream().mapToDouble(Double::doubleValue).max().orElseThrow()
                / costs.values().stream().mapToDouble(Double::doubleValue).min().orElseThrow(),
            low,
            high,
            trend(
                low,
                high,
                key.source() == Source.MODEL ? SPEEDS_PCT : MARGIN_PCT,
                through.getRSquare())));
  }

  static Trend trend(double lowPct, double highPct, double growthPct, double r2) {
    if (lowPct >= -MARGIN_PCT && highPct <= MARGIN_PCT) {
      return Trend.CONSTANT;
    }
    if (lowPct > growthPct) {
      return r2 >= LINE_R2 ? Trend.LINEAR : Trend.GROWS;
    }
    return Trend.CANNOT_TELL;
  }
}
