package dev.conntrail.analysis;

import dev.conntrail.result.Csv;
import dev.conntrail.result.JmhResults;
import dev.conntrail.result.Rows;
import dev.conntrail.result.RunFolder;
import dev.conntrail.spec.TestbedKind;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
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
  /** Source: the models, by JMH. */
  public static final String MODEL = "model";

  /** Source: this machine's kernel, by calibrate. */
  public static final String KERNEL = "kernel";

  /** Source: the kernel of a User-mode Linux guest, by calibrate. */
  public static final String GUEST = "guest kernel";

  /** A packet that opens a connection. */
  public static final String FIRST = "first";

  /** A packet of a known connection. */
  public static final String ESTABLISHED = "established";

  /** Verdict: the cost does not depend on the Services. */
  public static final String CONSTANT = "constant";

  /** Verdict: each Service costs the same. */
  public static final String LINEAR = "linear";

  /** Verdict: it grows, but not along a line. */
  public static final String GROWS = "grows, not along a line";

  /** Verdict: the observations scatter too much to tell. */
  public static final String UNDECIDED = "undecided";

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

  private record Key(String source, String dataPlane, String packet, String target) {}

  private Growth() {}

  /** R² for people; {@code NA} where nothing varied. */
  public static String r2(Rows.Growth fit) {
    return Double.isFinite(fit.r2()) ? String.format(Locale.ROOT, "%.4f", fit.r2()) : Csv.MISSING;
  }

  /**
   * Reads a run's {@code jmh/*.json} and {@code kernel.csv}, those that are there, and writes
   * {@code jmh.csv} and {@code growth.csv}.
   */
  public static List<Rows.Growth> write(RunFolder run) throws IOException {
    List<Rows.Jmh> jmh = JmhResults.read(run.jmh());
    List<Rows.Kernel> kernel =
        Files.exists(run.kernel()) ? Csv.read(run.kernel(), Rows.Kernel.class) : List.of();
    List<Rows.Growth> rows = of(jmh, kernel);
    if (!jmh.isEmpty()) {
      Csv.write(run.jmhTable(), Rows.Jmh.class, jmh);
    }
    if (!rows.isEmpty()) {
      Csv.write(run.growth(), Rows.Growth.class, rows);
    }
    return rows;
  }

  /** All that can be fitted. */
  static List<Rows.Growth> of(List<Rows.Jmh> jmh, List<Rows.Kernel> kernel) {
    List<Rows.Growth> rows = new ArrayList<>();
    Map<Key, List<Observation>> models = new LinkedHashMap<>();
    for (Rows.Jmh row : jmh) {
      String packet =
          switch (row.benchmark()) {
            case "FirstPacketBenchmark.route" -> FIRST;
            case "EstablishedPacketBenchmark.take" -> ESTABLISHED;
            default -> "";
          };
      if (!packet.isEmpty()) {
        String target =
            packet.equals(FIRST)
                ? row.target()
                    + (row.endpointsCount().equals("3")
                        ? ""
                        : ", " + row.endpointsCount() + " endpoints")
                : "any of " + row.connectionsCount();
        models
            .computeIfAbsent(
                new Key(MODEL, row.dataPlane(), packet, target), _ -> new ArrayList<>())
            .add(new Observation(Double.parseDouble(row.servicesCount()), row.minNs()));
      }
    }
    models.forEach((key, observations) -> {
      NavigableMap<Double, Double> least = least(observations);
      fit(key, observations, least.firstEntry().getValue(), least, rows);
    });
    kernel(kernel, rows);
    return rows;
  }

  /** In the kernel the observations are differences: what the last costs more than the first. */
  private static void kernel(List<Rows.Kernel> kernel, List<Rows.Growth> rows) {
    Map<Key, List<Observation>> differences = new LinkedHashMap<>();
    Map<Key, List<Double>> bases = new LinkedHashMap<>();
    for (Rows.Kernel row : kernel) {
      if (row.target().equals("first")) {
        continue;
      }
      String source = row.testbed().equals(TestbedKind.UML.word()) ? GUEST : KERNEL;
      Key key = new Key(source, plane(row), row.packet(), row.target());
      differences
          .computeIfAbsent(key, _ -> new ArrayList<>())
          .add(new Observation(row.servicesCount(), row.pairedP50Ns()));
      bases.computeIfAbsent(key, _ -> new ArrayList<>()).add(row.p50Ns() - row.pairedP50Ns());
    }
    differences.forEach((key, observations) -> {
      double base = median(bases.get(key));
      TreeMap<Double, Double> typical = new TreeMap<>();
      observations.stream()
          .map(Observation::services)
          .distinct()
          .forEach(s ->
              typical.put(
                  s,
                  base
                      + median(
                          observations.stream()
                              .filter(o -> o.services() == s)
                              .map(Observation::ns)
                              .toList())));
      fit(key, observations, base, typical, rows);
    });
  }

  /** iptables by its backend, as the models' words have it. */
  public static String plane(Rows.Kernel row) {
    return row.backend().equals("nft") ? "iptables-nft" : row.dataPlane();
  }

  private static NavigableMap<Double, Double> least(List<Observation> observations) {
    TreeMap<Double, Double> least = new TreeMap<>();
    observations.forEach(o -> least.merge(o.services(), o.ns(), Math::min));
    return least;
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted(Comparator.naturalOrder()).toList();
    int n = sorted.size();
    return (sorted.get((n - 1) / 2) + sorted.get(n / 2)) / 2;
  }

  private static void fit(
      Key key,
      List<Observation> observations,
      double base,
      NavigableMap<Double, Double> costs,
      List<Rows.Growth> rows) {
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
        new Rows.Growth(
            key.source(),
            key.dataPlane(),
            key.packet(),
            key.target(),
            line.getN(),
            Long.toString(Math.round(costs.firstKey())),
            Long.toString(Math.round(costs.lastKey())),
            line.getIntercept(),
            slope,
            slope - half,
            slope + half,
            line.getRSquare(),
            costs.values().stream().mapToDouble(Double::doubleValue).max().orElseThrow()
                / costs.values().stream().mapToDouble(Double::doubleValue).min().orElseThrow(),
            low,
            high,
            verdict(
                low,
                high,
                key.source().equals(MODEL) ? SPEEDS_PCT : MARGIN_PCT,
                through.getRSquare())));
  }

  static String verdict(double lowPct, double highPct, double growthPct, double r2) {
    if (lowPct >= -MARGIN_PCT && highPct <= MARGIN_PCT) {
      return CONSTANT;
    }
    if (lowPct > growthPct) {
      return r2 >= LINE_R2 ? LINEAR : GROWS;
    }
    return UNDECIDED;
  }
}
