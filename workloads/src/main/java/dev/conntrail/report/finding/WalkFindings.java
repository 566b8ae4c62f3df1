package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Finding;
import dev.conntrail.report.block.Finding.Evidence;
import dev.conntrail.report.block.Tone;
import dev.conntrail.result.row.Comparison;
import dev.conntrail.result.row.GrowthRow;
import dev.conntrail.result.row.Lookup;
import dev.conntrail.result.row.Packet;
import dev.conntrail.result.row.RatioRow;
import dev.conntrail.result.row.Source;
import dev.conntrail.result.row.Target;
import dev.conntrail.result.row.Trend;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a first packet pays where rules are walked, and how like the kernel the model is. */
public final class WalkFindings implements FindingSource {
  private static final int WEIGHT = 40;
  private static final int RATIO_WEIGHT = 20;

  @Override
  public List<Finding> of(Analysis run) {
    return of(LookupRows.of(run));
  }

  static List<Finding> of(LookupRows rows) {
    return Arrays.stream(Lookup.values())
        .filter(Lookup::walked)
        .flatMap(lookup -> Stream.concat(walk(rows, lookup).stream(), ratios(rows, lookup)))
        .toList();
  }

  private static Optional<Finding> walk(LookupRows rows, Lookup lookup) {
    List<GrowthRow> fits = rows.of(Packet.FIRST, Target.LAST, lookup);
    if (fits.isEmpty()) {
      return Optional.empty();
    }
    GrowthRow first = fits.getFirst();
    List<Sentence> others =
        fits.stream()
            .skip(1)
            .map(g ->
                Sentence.of("In {source} it {told}.")
                    .with("source", GrowthText.source(g.source()))
                    .with("told", GrowthText.told(g)))
            .toList();
    return Optional.of(
        finding(
            "walk-" + lookup.word(),
            GrowthText.walkTone(first),
            Sentence.of(
                    "In {source}{head} before its own: through {lookup} the cost of one to the last"
                        + " Service {told}."
                        + (others.isEmpty() ? "{others}" : " {others}"))
                .with("source", GrowthText.source(first.source()))
                .with("head", head(first))
                .withName("lookup", lookup.word())
                .with("told", GrowthText.told(first))
                .withAll("others", others, " "),
            evidence(fits),
            WEIGHT));
  }

  /** By the verdict of the most real of the sources. */
  private static String head(GrowthRow first) {
    if (first.grows()) {
      return " a first packet pays for each Service";
    }
    return first.trend() == Trend.CONSTANT
        ? " a first packet does not pay for the Services"
        : " it cannot be told whether a first packet pays for the Services";
  }

  static Evidence evidence(List<GrowthRow> fits) {
    return new Evidence(
        "growth.csv",
        "slope_ns, fit_line_p, trend",
        "one observation for each load of rules (kernel: median of paired differences of connect()"
            + " to the last and to the first Service) or fork (model: median of iterations); least"
            + " squares over their means, 95 % interval from how loads of the same number of"
            + " Services differ; lack-of-fit test before a line is said",
        fits.stream()
            .map(g -> GrowthText.source(g.source()) + ": " + GrowthText.loads(g))
            .distinct()
            .collect(Collectors.joining("; ")),
        Optional.empty(),
        Optional.empty());
  }

  private static Stream<Finding> ratios(LookupRows rows, Lookup lookup) {
    return Stream.of(Comparison.MODEL_TO_KERNEL, Comparison.MODEL_TO_GUEST)
        .flatMap(c -> rows.ratio(c, lookup, Target.LAST).stream())
        .map(WalkFindings::ratio);
  }

  private static Finding ratio(RatioRow r) {
    Source source =
        r.comparison() == Comparison.MODEL_TO_KERNEL ? Source.KERNEL : Source.GUEST_KERNEL;
    return finding(
        r.comparison().word() + "-" + r.lookup().word(),
        Tone.PLAIN,
        Sentence.of(
                """
                The model of {lookup} grows {times} as much with each Service as {source}: it is
                {difference}.
                """)
            .withName("lookup", r.lookup().word())
            .with("times", RatioText.times(r))
            .with("source", GrowthText.source(source))
            .with("difference", RatioText.differenceOf(r)),
        new Evidence(
            "ratios.csv",
            "ratio, ratio_low, ratio_high",
            "both by least squares over means of medians of independent loads, of the same "
                + r.servicesCounts().size()
                + " numbers of Services ("
                + RatioText.services(r)
                + "); interval by Fieller's theorem",
            r.upperLoadsCount() + " forks, " + r.lowerLoadsCount() + " loads of rules",
            Optional.empty(),
            Optional.empty()),
        RATIO_WEIGHT);
  }

  /** A finding about lookups. */
  static Finding finding(String id, Tone tone, Sentence text, Evidence evidence, int weight) {
    return new Finding(id, tone, text.text(), text.figures(), evidence, weight);
  }
}
