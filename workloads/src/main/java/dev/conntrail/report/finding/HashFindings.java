package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Finding;
import dev.conntrail.report.block.Finding.Evidence;
import dev.conntrail.report.block.Tone;
import dev.conntrail.result.row.Comparison;
import dev.conntrail.result.row.GrowthRow;
import dev.conntrail.result.row.Packet;
import dev.conntrail.result.row.RatioRow;
import dev.conntrail.result.row.Source;
import dev.conntrail.result.row.Target;
import dev.conntrail.result.row.Trend;
import dev.conntrail.spec.KubeProxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether a packet pays for the number of Services where it should not: the first one where
 * Services are hashed, to one Service and to any of all, and one of an open connection anywhere.
 */
public final class HashFindings implements FindingSource {
  private static final int WEIGHT = 35;

  private static final Set<Comparison> ANY_TO_ONE =
      Set.of(
          Comparison.ANY_TO_ONE_MODEL, Comparison.ANY_TO_ONE_KERNEL, Comparison.ANY_TO_ONE_GUEST);

  private static final Set<Comparison> LAYOUTS =
      Set.of(Comparison.LAYOUTS_MODEL, Comparison.LAYOUTS_KERNEL, Comparison.LAYOUTS_GUEST);

  @Override
  public List<Finding> of(Analysis run) {
    return of(LookupRows.of(run));
  }

  static List<Finding> of(LookupRows rows) {
    List<Finding> findings = new ArrayList<>();
    finding(
            "hashed-one-service",
            "Where Services are hashed, the first packet to one Service that is always the same",
            Tone.BAD,
            hashed(rows, Target.LAST),
            Optional.empty())
        .ifPresent(findings::add);
    finding(
            "hashed-any-service",
            "Where Services are hashed, the first packet to a Service drawn anew each time",
            // a Service that was not met just now is not in the caches: no fault of the hash
            Tone.PLAIN,
            hashed(rows, Target.ANY),
            anyToOne(rows))
        .ifPresent(findings::add);
    finding(
            "open-connection",
            "A packet of an open connection",
            Tone.BAD,
            rows.established(),
            Optional.empty())
        .ifPresent(findings::add);
    layouts(rows).ifPresent(findings::add);
    return findings;
  }

  private static List<GrowthRow> hashed(LookupRows rows, Target target) {
    return rows.of(Packet.FIRST, target).stream().filter(g -> !g.lookup().walked()).toList();
  }

  private static Optional<Finding> finding(
      String id, String subject, Tone grown, List<GrowthRow> fits, Optional<Sentence> more) {
    if (fits.isEmpty()) {
      return Optional.empty();
    }
    long growing = fits.stream().filter(GrowthRow::grows).count();
    long constant = fits.stream().filter(g -> g.trend() == Trend.CONSTANT).count();
    return Optional.of(
        WalkFindings.finding(
            id,
            growing > 0 ? grown : constant == fits.size() ? Tone.GOOD : Tone.UNKNOWN,
            Sentence.of(subject + " {head}: {each}.{more}")
                .with("head", head(fits.size(), growing, constant))
                .withAll("each", list(fits), "; ")
                .with("more", " ", more),
            evidence(fits),
            WEIGHT));
  }

  /** By the verdicts of all of them. */
  private static Sentence head(int all, long growing, long constant) {
    if (growing == all) {
      return Sentence.of("pays for their number");
    }
    if (growing > 0) {
      return Sentence.of("pays for their number in {n} of {all} measurements")
          .with("n", growing)
          .with("all", all);
    }
    if (constant == all) {
      return Sentence.of("does not pay for their number");
    }
    return constant == 0
        ? Sentence.of("may or may not pay for their number: nothing can be told")
        : Sentence.of(
                """
                does not pay for their number in {n} of {all} measurements; of the others nothing
                can be told
                """)
            .with("n", constant)
            .with("all", all);
  }

  private static List<Sentence> list(List<GrowthRow> fits) {
    return fits.stream()
        .map(g ->
            Sentence.of("{lookup} in {source} {told}")
                .withName("lookup", g.lookup().word())
                .with("source", GrowthText.source(g.source()))
                .with("told", GrowthText.told(g)))
        .toList();
  }

  private static Evidence evidence(List<GrowthRow> fits) {
    return new Evidence(
        "growth.csv",
        "slope_ns, margin_ns, trend",
        "test of equivalence: constant is what costs, at every number of Services and with its 95 %"
            + " interval, no more and no less than at the fewest by the margin a Service of the"
            + " range",
        fits.stream()
            .map(g ->
                g.lookup().word()
                    + ", "
                    + GrowthText.source(g.source())
                    + ": "
                    + GrowthText.loads(g))
            .collect(Collectors.joining("; ")),
        Optional.empty(),
        Optional.empty());
  }

  /** What any Service costs against one, where both were measured. */
  private static Optional<Sentence> anyToOne(LookupRows rows) {
    List<RatioRow> ratios = rows.of(ANY_TO_ONE);
    if (ratios.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        Sentence.of("Against one Service that is always the same, such a packet costs {each}.")
            .withAll("each", ratios.stream().map(HashFindings::ratio).toList(), "; "));
  }

  private static Sentence ratio(RatioRow r) {
    String where =
        r.comparison() == Comparison.ANY_TO_ONE_MODEL
            ? "the model of " + r.lookup().word()
            : r.lookup().word() + " in " + call(r);
    return Sentence.of("{times} as much at {services} Services ({where}){doubt}")
        .with("times", RatioText.times(r))
        .with("services", r.servicesCounts().getLast())
        .with("where", where)
        .with("doubt", doubt(r));
  }

  private static String doubt(RatioRow r) {
    return r.ratioLow() <= 1 && r.ratioHigh() >= 1 ? ", which may be no difference" : "";
  }

  /** Where and of what, outside of the model. */
  private static String call(RatioRow r) {
    boolean guest =
        r.comparison() == Comparison.ANY_TO_ONE_GUEST || r.comparison() == Comparison.LAYOUTS_GUEST;
    return GrowthText.source(guest ? Source.GUEST_KERNEL : Source.KERNEL)
        + ", of a whole connect()";
  }

  /** What kube-proxy's newer layout gains a first packet, where both were measured. */
  private static Optional<Finding> layouts(LookupRows rows) {
    List<RatioRow> ratios = rows.of(LAYOUTS);
    if (ratios.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        WalkFindings.finding(
            "nftables-layouts",
            Tone.PLAIN,
            Sentence.of(
                    """
                    In nftables mode a first packet costs in the layout of kube-proxy {older},
                    against that of {newer}: {each}.
                    """)
                .withName("older", KubeProxy.V1_34.word())
                .withName("newer", KubeProxy.V1_37.word())
                .withAll("each", ratios.stream().map(HashFindings::layout).toList(), "; "),
            new Evidence(
                "ratios.csv",
                "ratio, ratio_low, ratio_high",
                "means of medians of independent loads or forks with the most Services that both"
                    + " were measured with; interval by Fieller's theorem",
                ratios.stream()
                    .map(r -> r.upperLoadsCount() + " against " + r.lowerLoadsCount())
                    .collect(Collectors.joining("; ")),
                Optional.empty(),
                Optional.empty()),
            WEIGHT));
  }

  private static Sentence layout(RatioRow r) {
    return Sentence.of("{times} as much to {target} at {services} Services ({where}){doubt}")
        .with("times", RatioText.times(r))
        .with("target", r.target() == Target.ANY ? "any Service" : "one Service")
        .with("services", r.servicesCounts().getLast())
        .with("where", r.comparison() == Comparison.LAYOUTS_MODEL ? "the models" : call(r))
        .with("doubt", doubt(r));
  }
}
