package dev.conntrail.report.section;

import static dev.conntrail.report.block.Numbers.count;
import static dev.conntrail.report.block.Numbers.number;
import static dev.conntrail.report.block.Numbers.p;

import dev.conntrail.record.Quantiles;
import dev.conntrail.report.block.Block;
import dev.conntrail.report.block.Column;
import dev.conntrail.report.block.Field;
import dev.conntrail.report.finding.GrowthText;
import dev.conntrail.report.finding.LookupRows;
import dev.conntrail.report.finding.RatioText;
import dev.conntrail.result.row.Comparison;
import dev.conntrail.result.row.GrowthRow;
import dev.conntrail.result.row.JmhRow;
import dev.conntrail.result.row.Lookup;
import dev.conntrail.result.row.Packet;
import dev.conntrail.result.row.RatioRow;
import dev.conntrail.result.row.Source;
import dev.conntrail.result.row.Target;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Tables of what lookups cost. */
final class LookupTables {
  /**
   * ns a rule, read by others off the charts of the Kubernetes blog of 28 February 2025, "NFTables
   * mode for kube-proxy", which does not name the iptables back end.
   */
  private static final String WALKED_PUBLISHED = "22 to 28";

  /**
   * The same blog of the others: nftables is "more or less constant regardless of cluster size",
   * and a chart of ipvs beside nftables shows "the same performance".
   */
  private static final String HASHED_PUBLISHED = "flat";

  private static final String NOT_MEASURED = "not measured";

  private LookupTables() {}

  /** Model, kernels and published figures in one row a lookup; empty without growth. */
  static Optional<Block> beside(LookupRows rows) {
    List<List<Field>> lines =
        Arrays.stream(Lookup.values())
            .filter(l -> rows.growth().stream().anyMatch(g -> g.lookup() == l))
            .map(l -> beside(rows, l))
            .toList();
    return lines.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Block.Table.of(
                "lookup-growth",
                "What a Service more makes a first packet dearer, in ns, with 95 % intervals",
                List.of(
                    Column.words("rules"),
                    Column.words("model").explained("the lookup's steps in Java, measured by JMH"),
                    Column.words("this kernel").explained("measured by calibrate"),
                    Column.words("a guest's kernel")
                        .explained("measured by calibrate in User-mode Linux"),
                    Column.words("model / kernel")
                        .explained(
                            "over the same numbers of Services and by the same statistic; only where both surely grow"),
                    Column.words("published")
                        .explained(
                            "read off the charts of the Kubernetes blog, 28 February 2025, which does not name the back end of iptables"),
                    Column.words("what the model leaves out")),
                lines));
  }

  private static List<Field> beside(LookupRows rows, Lookup lookup) {
    return List.of(
        Field.of(lookup.word()),
        measured(rows, lookup, Source.MODEL),
        measured(rows, lookup, Source.KERNEL),
        measured(rows, lookup, Source.GUEST_KERNEL),
        Field.of(compared(rows, lookup)),
        Field.of(lookup.walked() ? WALKED_PUBLISHED : HASHED_PUBLISHED),
        Field.of(leftOut(lookup)));
  }

  private static Field measured(LookupRows rows, Lookup lookup, Source source) {
    return fit(rows, lookup, source, Target.LAST)
        .or(() -> fit(rows, lookup, source, Target.ANY))
        .map(g ->
            Field.of(
                    GrowthText.slope(g)
                        + ", "
                        + GrowthText.brief(g)
                        + (g.target() == Target.ANY ? " (to any Service)" : ""))
                .withTone(lookup.walked() ? GrowthText.walkTone(g) : GrowthText.flatTone(g)))
        .orElse(Field.of(NOT_MEASURED));
  }

  private static Optional<GrowthRow> fit(
      LookupRows rows, Lookup lookup, Source source, Target target) {
    return rows.of(Packet.FIRST, target, lookup).stream()
        .filter(g -> g.source() == source)
        .findFirst();
  }

  private static String compared(LookupRows rows, Lookup lookup) {
    List<String> parts = new ArrayList<>();
    compared(rows, lookup, Source.KERNEL, Comparison.MODEL_TO_KERNEL).ifPresent(parts::add);
    compared(rows, lookup, Source.GUEST_KERNEL, Comparison.MODEL_TO_GUEST)
        .ifPresent(g -> parts.add("guest: " + g));
    return parts.isEmpty() ? "not compared: no kernel was measured" : String.join("; ", parts);
  }

  /** A ratio, or why there is none; empty where that kernel was not measured. */
  private static Optional<String> compared(
      LookupRows rows, Lookup lookup, Source kernel, Comparison comparison) {
    Optional<GrowthRow> real = fit(rows, lookup, kernel, Target.LAST);
    Optional<GrowthRow> model = fit(rows, lookup, Source.MODEL, Target.LAST);
    Optional<RatioRow> ratio = rows.ratio(comparison, lookup, Target.LAST);
    if (real.isEmpty()) {
      return Optional.empty();
    }
    if (ratio.isPresent()) {
      RatioRow r = ratio.get();
      return Optional.of(
          GrowthText.interval(r.ratio(), r.ratioLow(), r.ratioHigh())
              + ": the model is "
              + RatioText.difference(r));
    }
    if (model.isEmpty()) {
      return Optional.of("not compared: no model was measured");
    }
    return Optional.of(
        real.get().grows() && model.get().grows()
            ? "not compared: too few numbers of Services in common"
            : "not compared: not both surely grow");
  }

  private static String leftOut(Lookup lookup) {
    return switch (lookup) {
      case IPTABLES_LEGACY -> "the guard of the counters, outgoing interfaces, fragments";
      case IPTABLES_NFT ->
          "the call of each expression through a pointer, past guards against speculation";
      case NFTABLES, NFTABLES_1_37 -> "filter chains, and guards against speculation";
      case IPVS -> "kube-proxy's fixed iptables rules and ipsets";
      case IPVS_256 -> "the same; its 256 buckets for all Services are those up to Linux 6.18";
    };
  }

  /** Every fit. */
  static Block fits(List<GrowthRow> growth) {
    return Block.Table.of(
        "lookup-fits",
        "Every fit of cost over numbers of Services",
        List.of(
            Column.words("measured in"),
            Column.words("rules"),
            Column.words("packet"),
            Column.words("to"),
            Column.words("Services"),
            Column.words("loads"),
            Column.figures("ns at fewest").explained("in kernels of the whole call"),
            Column.figures("ns at most"),
            Column.figures("ns a Service (95 %)"),
            Column.figures("scatter, %")
                .explained(
                    "standard deviation of loads of the same number of Services, per cent of the cost"),
            Column.figures("line, p")
                .explained("probability of such a lack of fit if it were a line"),
            Column.words("verdict")),
        growth.stream().map(LookupTables::fit).toList());
  }

  private static List<Field> fit(GrowthRow g) {
    return List.of(
        Field.of(GrowthText.source(g.source())),
        Field.of(g.lookup().word()),
        Field.of(
            g.packet().word()
                + g.connectionsCount().map(c -> " of " + count(c) + " connections").orElse("")),
        Field.of(g.target().word()),
        Field.of(GrowthText.range(g)),
        Field.of(GrowthText.loads(g)),
        Field.of(number(g.cost().fewestNs()), g.cost().fewestNs()),
        Field.of(number(g.cost().mostNs()), g.cost().mostNs()),
        Field.of(GrowthText.slope(g), g.slope().ns()),
        Field.of(number(g.fit().scatterPct()), g.fit().scatterPct()),
        Field.of(p(g.fit().lineP()), g.fit().lineP()),
        Field.of(GrowthText.brief(g)));
  }

  /** JMH's figures, a row a benchmark and its parameters. */
  static Block benchmarks(List<JmhRow> jmh) {
    record Same(String benchmark, JmhRow.What what, List<String> other, int threads) {}
    Map<Same, List<JmhRow>> forks =
        jmh.stream()
            .collect(
                Collectors.groupingBy(
                    j -> new Same(j.benchmark(), j.what(), j.otherParameters(), j.threads()),
                    LinkedHashMap::new,
                    Collectors.toList()));
    return Block.Table.of(
        "lookup-benchmarks",
        "Every benchmark: median of the iterations of each fork, and of these the least, the median and the most",
        List.of(
            Column.words("benchmark"),
            Column.words("parameters"),
            Column.figures("forks"),
            Column.figures("disturbed").explained("forks that others had CPU time beside"),
            Column.figures("least, ns"),
            Column.figures("median, ns"),
            Column.figures("most, ns")),
        forks.entrySet().stream()
            .map(e ->
                benchmark(
                    e.getKey().benchmark(),
                    parameters(e.getKey().what(), e.getKey().other(), e.getKey().threads()),
                    e.getValue()))
            .toList());
  }

  private static List<Field> benchmark(String name, String parameters, List<JmhRow> forks) {
    double[] medians = forks.stream().mapToDouble(JmhRow::p50Ns).sorted().toArray();
    double middle = Quantiles.median(medians);
    long disturbed = forks.stream().filter(f -> f.beside().disturbed()).count();
    return List.of(
        Field.of(name),
        Field.of(parameters),
        Field.of(count(medians.length), medians.length),
        Field.of(count(disturbed), (double) disturbed),
        Field.of(number(medians[0]), medians[0]),
        Field.of(number(middle), middle),
        Field.of(number(medians[medians.length - 1]), medians[medians.length - 1]));
  }

  private static String parameters(JmhRow.What what, List<String> other, int threads) {
    List<String> all = new ArrayList<>();
    what.packet().ifPresent(x -> all.add(x.word() + " packet"));
    what.lookup().ifPresent(x -> all.add(x.word()));
    what.target().ifPresent(x -> all.add("to " + x.word()));
    what.servicesCount().ifPresent(x -> all.add(count(x) + " Services"));
    what.endpointsCount().ifPresent(x -> all.add(count(x) + " endpoints"));
    what.table().ifPresent(x -> all.add("table " + x.word()));
    what.connectionsCount().ifPresent(x -> all.add(count(x) + " connections"));
    all.addAll(other);
    if (threads > 1) {
      all.add(threads + " threads");
    }
    return String.join(", ", all);
  }
}
