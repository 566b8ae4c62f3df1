package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.CellLink;
import dev.conntrail.report.block.Finding;
import dev.conntrail.report.block.Finding.Evidence;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.block.Tone;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.row.HuntRow;
import java.util.List;

/** How a pool that callers share spreads their requests over its connections. */
final class HuntFindings implements FindingSource {
  @Override
  public List<Finding> of(Analysis run) {
    return run.results().measured().stream()
        .flatMap(cell ->
            run.hunts().stream()
                .filter(h -> h.cellId().equals(cell.id()))
                .map(h -> finding(cell, h)))
        .toList();
  }

  private static Finding finding(CellResults cell, HuntRow hunt) {
    return Rank.CURE.finding(
        "hunt-" + cell.id(),
        Tone.PLAIN,
        Sentence.of(
                """
                Of a client's requests ({cell}) {seen} went over the connections that its warm-up had
                used most; a pool that takes the first that is free has {expected} there by Erlang's
                formula, with {way} of a client's requests under way: {fit}.
                """)
            .with("cell", cell)
            .withList("seen", hunt.shares().stream().map(s -> pct(s.pct())).toList())
            .withList("expected", hunt.shares().stream().map(s -> pct(s.expectedPct())).toList())
            .with("way", hunt.underWayCount())
            .with(
                "fit",
                FitText.of(
                    hunt.fit(),
                    hunt.pAdjusted(),
                    "connections that are taken in turn would be found in {power} % of such runs",
                    hunt.inTurnFoundPct())),
        Evidence.of(
                "hunts.csv",
                "first_pct, second_pct, third_pct and their expected_pct, under_way_count,"
                    + " p_adjusted, in_turn_found_pct",
                "means over clients of all repetitions; a t-test over these of each difference beyond"
                    + " three points, corrected for their number",
                Numbers.counted(hunt.batchesCount(), "client"))
            .at(CellLink.to(cell)));
  }

  private static Sentence pct(double pct) {
    return Sentence.of("{share} %").with("share", pct);
  }
}
