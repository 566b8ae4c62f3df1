package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.result.row.Comparison;
import dev.conntrail.result.row.GrowthRow;
import dev.conntrail.result.row.Lookup;
import dev.conntrail.result.row.Packet;
import dev.conntrail.result.row.RatioRow;
import dev.conntrail.result.row.Source;
import dev.conntrail.result.row.Target;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Growth and ratios of a run, by what people ask.
 *
 * @param growth rows of {@code growth.csv}
 * @param ratios rows of {@code ratios.csv}
 */
public record LookupRows(List<GrowthRow> growth, List<RatioRow> ratios) {
  /** Where people look first. */
  private static final List<Source> ORDER =
      List.of(Source.KERNEL, Source.GUEST_KERNEL, Source.MODEL);

  private static final Comparator<GrowthRow> REAL_FIRST =
      Comparator.comparing(GrowthRow::lookup).thenComparingInt(g -> ORDER.indexOf(g.source()));

  /** Those of a run. */
  public static LookupRows of(Analysis run) {
    return new LookupRows(run.growth(), run.ratios());
  }

  /** A packet to a target, in every lookup and source; the real ones first. */
  public List<GrowthRow> of(Packet packet, Target target) {
    return growth.stream()
        .filter(g -> g.packet() == packet && g.target() == target)
        .sorted(REAL_FIRST)
        .toList();
  }

  /** The same in one lookup. */
  public List<GrowthRow> of(Packet packet, Target target, Lookup lookup) {
    return of(packet, target).stream().filter(g -> g.lookup() == lookup).toList();
  }

  /** A packet of an open connection: in the kernel to the last Service, in the model to any. */
  public List<GrowthRow> established() {
    return growth.stream()
        .filter(g ->
            g.packet() == Packet.ESTABLISHED
                && g.target() == (g.source() == Source.MODEL ? Target.ANY : Target.LAST))
        .sorted(REAL_FIRST)
        .toList();
  }

  /** Comparisons of these kinds. */
  List<RatioRow> of(Set<Comparison> comparisons) {
    return ratios.stream().filter(r -> comparisons.contains(r.comparison())).toList();
  }

  /** A comparison of the first packet to a target. */
  public Optional<RatioRow> ratio(Comparison comparison, Lookup lookup, Target target) {
    return ratios.stream()
        .filter(r ->
            r.comparison() == comparison
                && r.lookup() == lookup
                && r.packet() == Packet.FIRST
                && r.target() == target)
        .findFirst();
  }
}
