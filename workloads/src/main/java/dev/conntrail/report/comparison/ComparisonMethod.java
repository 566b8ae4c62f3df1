package dev.conntrail.report.comparison;

import dev.conntrail.compare.Comparison;
import dev.conntrail.compare.Noise;
import dev.conntrail.compare.Timed;
import dev.conntrail.report.block.Numbers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** How a comparison was made, in sentences that hold for it. */
final class ComparisonMethod {
  private ComparisonMethod() {}

  static List<String> of(Comparison c) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "Unit: the repetition. Value: the logarithm of a percentile of its histogram, less that of a `direct` cell of the same protocol in the same repetition, where there is one.");
    lines.add(
        "Ratio: Hodges and Lehmann's median of all pairs. Interval: 95 %, of the exact rank test"
            + (c.by().isPresent()
                ? "; both sides are of one run, so nothing between runs widens it."
                : ", widened by what moves between identical runs of this machine: "
                    + noise(c)
                    + "."));
    lines.add(
        "Verdicts were declared for "
            + Timed.primaries().stream().map(Timed::word).collect(Collectors.joining(" and "))
            + ": slower or faster where the probability, corrected by Holm over all of them, is at most 0.05; no change where the whole interval lies within the margin of "
            + Numbers.number(c.margin())
            + "; else it cannot be told. The 99th percentiles are shown without a verdict.");
    lines.add(
        "Counts: Pearson's chi-square of homogeneity, once over repetitions together and once summed over repetitions, which sees a fault that moves from pod to pod; by drawing where expected counts are below five; corrected by Holm. Each connection is a draw of its own, so one repetition is enough; cells whose pod is a hash of an address are left out of what is said of pods. Requests without an answer come in clumps and count by the clump.");
    return lines;
  }

  private static String noise(Comparison c) {
    if (!c.comparable()) {
      return "not known between runs that are not comparable";
    }
    Optional<Noise> noise = c.times().stream().flatMap(t -> t.noise().stream()).findFirst();
    return noise
        .map(n ->
            "had from %s%s"
                .formatted(
                    Numbers.counted((long) n.runs(), "stored run"),
                    n.sameCells() ? "" : " of another experiment"))
        .orElse(
            "not known, for %s comparable, and it takes %d (`conntrail aa` makes them)"
                .formatted(
                    c.aaRuns() == 1
                        ? "1 stored run is"
                        : Numbers.count(c.aaRuns()) + " stored runs are",
                    Noise.FEWEST_RUNS));
  }
}
