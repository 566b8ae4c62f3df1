package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.CellLink;
import dev.conntrail.report.block.Finding;
import dev.conntrail.report.block.Finding.Evidence;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.block.Tone;
import dev.conntrail.result.CellResults;
import dev.conntrail.spec.IpvsScheduler;
import dev.conntrail.spec.PodChoice;
import java.util.List;

/** How many pods are reached where a scheduler hashes. */
final class HashingFinding implements FindingSource {
  private static final int LISTED = 8;

  @Override
  public List<Finding> of(Analysis run) {
    List<CellResults> cells =
        run.results().measured().stream()
            .filter(c -> c.cell().dataPlane().scheduled() && c.cell().behindService())
            .filter(c -> c.cell().choice() != PodChoice.CLIENT_PINNED)
            .filter(c -> !c.cell().provoking())
            .filter(c -> !hashed(c.cell().scheduler()).isEmpty())
            .toList();
    return cells.isEmpty() ? List.of() : List.of(finding(cells));
  }

  /** What is hashed, in words; empty for schedulers that do not hash. */
  private static String hashed(IpvsScheduler scheduler) {
    return switch (scheduler) {
      case SH -> "a client's address";
      case DH -> "the Service's address";
      case MH -> "a client's address and port";
      case RR, WRR, LC, WLC, SED, NQ -> "";
    };
  }

  private static Finding finding(List<CellResults> cells) {
    return Rank.HASHING.finding(
        "hashing",
        Tone.PLAIN,
        Sentence.of("Pods reached where ipvs's scheduler hashes: {each}.")
            .withSome("each", cells.stream().map(HashingFinding::each).toList(), LISTED),
        Evidence.of(
                "summary.csv",
                "pods_reached_count",
                "pods with a connection, lowest to highest over repetitions",
                Numbers.counted(
                    cells.stream().mapToInt(c -> c.repetitions().size()).sum(), "repetition"))
            .at(CellLink.to(cells.getFirst())));
  }

  private static Sentence each(CellResults c) {
    return Sentence.of("{title}, from {clients}: {reached} of {pods} by {hashed}")
        .with("title", c)
        .with("clients", c.cell().clients(), "client")
        .with(
            "reached", Span.of(c.repetitions(), r -> r.summary().podsReachedCount()).orElseThrow())
        .with("pods", c.cell().pods(), "pod")
        .with("hashed", hashed(c.cell().scheduler()));
  }
}
