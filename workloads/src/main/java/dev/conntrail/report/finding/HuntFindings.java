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
import java.util.Optional;

/** How a pool that callers share spreads their requests over its connections. */
final class HuntFindings implements FindingSource {
  @Override
  public List<Finding> of(Analysis run) {
    return run.results().measured().stream()
        .flatMap(cell -> run.hunt(cell).map(h -> finding(cell, h)).stream())
        .toList();
  }

  /**
   * What a run says in its heading that asks for nothing else; none where an event was cut short.
   */
  static Optional<Sentence> heading(Analysis run) {
    return Heading.ofEvery(run, c -> run.hunt(c).map(h -> text(c, h)))
        .map(all -> Sentence.of("{hunts}").withAll("hunts", all, " "));
  }

  private static Finding finding(CellResults cell, HuntRow hunt) {
    return Rank.CURE.finding(
        "hunt-" + cell.id(),
        Tone.PLAIN,
        text(cell, hunt),
        Evidence.of(
                "hunts.csv",
                "first_pct, first_expected_low_pct, first_expected_high_pct, the same of second and"
                    + " third, under_way_low_count, under_way_high_count, p_adjusted,"
                    + " in_turn_found_pct",
                "means over clients of all repetitions; theory with the median service time and with the"
                    + " mean; a t-test of what is more than three points beyond both, corrected for the"
                    + " number of shares",
                Numbers.counted(hunt.batchesCount(), "client"))
            .at(CellLink.to(cell)));
  }

  private static Sentence text(CellResults cell, HuntRow hunt) {
    return Sentence.of(
            """
            Of a client's requests ({cell}) {seen} went over the connections that its warm-up had
            used most; a pool that takes the first that is free has {expected} there by Erlang's
            formula, with {way} of a client's requests under way: {fit}.
            """)
        .with("cell", cell)
        .withList("seen", hunt.shares().stream().map(s -> pct(s.pct())).toList())
        .withList("expected", hunt.shares().stream().map(HuntFindings::expected).toList())
        .with("way", new Span(hunt.underWayLowCount(), hunt.underWayHighCount()))
        .with(
            "fit",
            FitText.of(
                hunt.fit(),
                hunt.pAdjusted(),
                "connections that are taken in turn would be found in {power} % of such runs",
                hunt.inTurnFoundPct()));
  }

  private static Sentence expected(HuntRow.Share share) {
    return Sentence.of("{share} %")
        .with("share", new Span(share.expectedLowPct(), share.expectedHighPct()));
  }

  private static Sentence pct(double pct) {
    return Sentence.of("{share} %").with("share", pct);
  }
}
