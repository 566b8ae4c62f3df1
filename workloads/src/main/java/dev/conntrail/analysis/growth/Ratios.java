package dev.conntrail.analysis.growth;

import dev.conntrail.result.row.Comparison;
import dev.conntrail.result.row.GrowthRow;
import dev.conntrail.result.row.JmhRow;
import dev.conntrail.result.row.KernelRow;
import dev.conntrail.result.row.Lookup;
import dev.conntrail.result.row.Packet;
import dev.conntrail.result.row.RatioRow;
import dev.conntrail.result.row.Source;
import dev.conntrail.result.row.Target;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.hipparchus.distribution.continuous.TDistribution;

/**
 * Ratios of like with like: the same numbers of Services, the same packet, target and number of
 * endpoints, the same statistic on both sides (least squares over means of medians of independent
 * loads), with an interval. Where one side was not measured, was disturbed, or does not surely
 * grow, there is no ratio.
 */
public final class Ratios {
  /** Numbers of Services that both sides must have. */
  public static final int POINTS = 3;

  private static final double CONFIDENCE = 0.95;

  private final Map<Curves.Key, List<Observation>> quiet;
  private final Map<Curves.Key, CostCurve> curves;
  private final Map<Curves.Key, GrowthRow> growth;

  private Ratios(Curves all) {
    this.quiet = quiet(all);
    this.curves =
        quiet.entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, e -> new CostCurve(e.getValue())));
    this.growth = Growth.of(all).stream().collect(Collectors.toMap(Ratios::key, r -> r));
  }

  /** All that can be compared. */
  public static List<RatioRow> of(List<JmhRow> jmh, List<KernelRow> kernel) {
    Curves all = Curves.of(jmh, kernel);
    Ratios ratios = new Ratios(all);
    List<RatioRow> rows = new ArrayList<>();
    for (Curves.Key key : all.byKey().keySet()) {
      ratios.modelTo(key).ifPresent(rows::add);
      ratios.anyToOne(key).ifPresent(rows::add);
      ratios.layouts(key).ifPresent(rows::add);
    }
    return rows;
  }

  /** What was not disturbed, where there is any. */
  private static Map<Curves.Key, List<Observation>> quiet(Curves all) {
    Map<Curves.Key, List<Observation>> quiet = new HashMap<>();
    all.byKey()
        .forEach((key, seen) -> {
          List<Observation> those = seen.stream().filter(o -> !o.disturbed()).toList();
          if (!those.isEmpty()) {
            quiet.put(key, those);
          }
        });
    return quiet;
  }

  private static Curves.Key key(GrowthRow row) {
    return new Curves.Key(
        row.run(),
        row.source(),
        row.lookup(),
        row.packet(),
        row.target(),
        row.endpointsCount(),
        row.connectionsCount());
  }

  private boolean grows(Curves.Key key) {
    return growth.containsKey(key) && growth.get(key).grows();
  }

  /** Growth in the model against that in a kernel; the key is the kernel's. */
  private Optional<RatioRow> modelTo(Curves.Key kernel) {
    Curves.Key model = kernel.as(Source.MODEL, kernel.target());
    if (kernel.source() == Source.MODEL || !grows(kernel) || !grows(model)) {
      return Optional.empty();
    }
    CostCurve above = curves.get(model);
    CostCurve below = curves.get(kernel);
    List<Long> both = both(above, below);
    if (both.size() < POINTS) {
      return Optional.empty();
    }
    return ratio(above.slopeOver(both), below.slopeOver(both))
        .map(e ->
            new RatioRow(
                kernel.run(),
                kernel.source() == Source.KERNEL
                    ? Comparison.MODEL_TO_KERNEL
                    : Comparison.MODEL_TO_GUEST,
                kernel.lookup(),
                kernel.packet(),
                kernel.target(),
                both,
                above.loadsOf(both),
                below.loadsOf(both),
                above.slopeOver(both).value(),
                below.slopeOver(both).value(),
                e.value(),
                e.low(),
                e.high()));
  }

  /**
   * A packet to any Service against one to the last, at the most Services that both were measured
   * with, where Services are hashed; the key is that of the target any. In the kernel the
   * difference is taken against the whole call.
   */
  private Optional<RatioRow> anyToOne(Curves.Key any) {
    Curves.Key one = any.as(any.source(), Target.LAST);
    if (any.target() != Target.ANY
        || any.packet() != Packet.FIRST
        || any.lookup().walked()
        || !curves.containsKey(any)
        || !curves.containsKey(one)) {
      return Optional.empty();
    }
    CostCurve above = curves.get(any);
    CostCurve below = curves.get(one);
    List<Long> both = both(above, below);
    if (both.isEmpty()) {
      return Optional.empty();
    }
    long most = both.getLast();
    CostCurve.Part upper = above.at(most);
    CostCurve.Part lower = below.at(most);
    if (any.source() != Source.MODEL) {
      upper = onTopOf(below.callAt(most), upper, lower);
      lower = new CostCurve.Part(below.callAt(most), 0, upper.freedom());
    }
    Comparison comparison =
        switch (any.source()) {
          case MODEL -> Comparison.ANY_TO_ONE_MODEL;
          case KERNEL -> Comparison.ANY_TO_ONE_KERNEL;
          case GUEST_KERNEL -> Comparison.ANY_TO_ONE_GUEST;
        };
    return row(comparison, any, most, above, below, upper, lower);
  }

  /**
   * A first packet in nftables mode in the layout of kube-proxy 1.34 against that of 1.37, at the
   * most Services that both were measured with; in kernels the whole call. The key is the newer
   * one's.
   */
  private Optional<RatioRow> layouts(Curves.Key newer) {
    Curves.Key older = newer.as(Lookup.NFTABLES);
    if (newer.lookup() != Lookup.NFTABLES_1_37
        || newer.packet() != Packet.FIRST
        || (newer.target() != Target.LAST && newer.target() != Target.ANY)
        || !quiet.containsKey(newer)
        || !quiet.containsKey(older)) {
      return Optional.empty();
    }
    CostCurve above = calls(older);
    CostCurve below = calls(newer);
    List<Long> both = both(above, below);
    if (both.isEmpty()) {
      return Optional.empty();
    }
    long most = both.getLast();
    Comparison comparison =
        switch (newer.source()) {
          case MODEL -> Comparison.LAYOUTS_MODEL;
          case KERNEL -> Comparison.LAYOUTS_KERNEL;
          case GUEST_KERNEL -> Comparison.LAYOUTS_GUEST;
        };
    return row(comparison, newer, most, above, below, above.at(most), below.at(most));
  }

  private CostCurve calls(Curves.Key key) {
    return new CostCurve(quiet.get(key).stream().map(Observation::ofCall).toList());
  }

  private static List<Long> both(CostCurve above, CostCurve below) {
    return above.services(Growth.LOADS).stream()
        .filter(below.services(Growth.LOADS)::contains)
        .toList();
  }

  private static Optional<RatioRow> row(
      Comparison comparison,
      Curves.Key key,
      long most,
      CostCurve above,
      CostCurve below,
      CostCurve.Part upper,
      CostCurve.Part lower) {
    return ratio(upper, lower)
        .map(e ->
            new RatioRow(
                key.run(),
                comparison,
                key.lookup(),
                key.packet(),
                key.target(),
                List.of(most),
                above.loadsOf(List.of(most)),
                below.loadsOf(List.of(most)),
                upper.value(),
                lower.value(),
                e.value(),
                e.low(),
                e.high()));
  }

  /** What the one costs more than the other, both against the first Service, and a whole call. */
  private static CostCurve.Part onTopOf(double call, CostCurve.Part more, CostCurve.Part less) {
    return new CostCurve.Part(
        call + more.value() - less.value(),
        Math.hypot(more.error(), less.error()),
        Math.min(more.freedom(), less.freedom()));
  }

  /**
   * A ratio with its 95 % interval (Fieller 1954, of independent estimates; degrees of freedom by
   * Welch and Satterthwaite); empty where the lower one may be 0.
   */
  static Optional<CostCurve.Estimate> ratio(CostCurve.Part upper, CostCurve.Part lower) {
    if (upper.freedom() == 0 || lower.freedom() == 0) {
      return Optional.empty();
    }
    double ratio = upper.value() / lower.value();
    double a = upper.error() * upper.error();
    double b = ratio * ratio * lower.error() * lower.error();
    double freedom =
        a + b == 0
            ? upper.freedom()
            : (a + b) * (a + b) / (a * a / upper.freedom() + b * b / lower.freedom());
    double t = new TDistribution(freedom).inverseCumulativeProbability((1 + CONFIDENCE) / 2);
    double lowest = lower.value() * lower.value() - t * t * lower.error() * lower.error();
    if (lowest <= 0) {
      return Optional.empty();
    }
    double middle = upper.value() * lower.value() / lowest;
    double product = upper.value() * upper.value() - t * t * upper.error() * upper.error();
    double half = Math.sqrt(Math.max(0, middle * middle - product / lowest));
    return Optional.of(new CostCurve.Estimate(ratio, middle - half, middle + half));
  }
}
