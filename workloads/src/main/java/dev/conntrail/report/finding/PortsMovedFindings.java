package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Finding;
import dev.conntrail.result.row.EffectRow;
import java.util.List;

/** Clients' ends that come to another pod although theirs stayed: what a hash moves. */
final class PortsMovedFindings implements FindingSource {
  private static final double PCT = 100;

  @Override
  public List<Finding> of(Analysis run) {
    return Occurrences.of(run, o -> o.cause().removes() && o.sum(e -> e.ports().againCount()) > 0)
        .stream()
        .map(PortsMovedFindings::finding)
        .toList();
  }

  private static Finding finding(Occurrences group) {
    return group.finding(
        Rank.PORTS_MOVED,
        "ports-moved",
        group.sentence(
            """
            Clients' ends (address and port) that were used before and after an endpoint left,
            and whose pod stayed ({where}): to another pod came: {each}.
            """,
            PortsMovedFindings::each),
        "ports_again_count, ports_moved_count",
        "share in each repetition, lowest to highest");
  }

  private static Sentence each(Occurrence o) {
    return o.sentence(" {moved} % of {again}")
        .with("moved", o.span(PortsMovedFindings::movedPct).orElseThrow())
        .with("again", o.sum(e -> e.ports().againCount()));
  }

  /** Not a number if none was used again. */
  private static double movedPct(EffectRow e) {
    return PCT * e.ports().movedCount() / e.ports().againCount();
  }
}
