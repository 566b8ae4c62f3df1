package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.CellLink;
import dev.conntrail.report.block.Finding;
import dev.conntrail.report.block.Finding.Evidence;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.block.Tone;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.row.CureRow;
import java.util.List;
import java.util.Optional;

/** How soon a maximum age has connections opened anew when pods have joined, and in theory. */
public final class RenewalFindings implements FindingSource {
  private static final double NS_PER_MS = 1e6;

  @Override
  public List<Finding> of(Analysis run) {
    return run.results().measured().stream().flatMap(c -> finding(run, c).stream()).toList();
  }

  private static Optional<Finding> finding(Analysis run, CellResults cell) {
    return run.cure(cell)
        .map(CureRow::onAge)
        .filter(age -> age.ageFit().isPresent())
        .map(age ->
            Rank.CURE.finding(
                "anew-" + cell.id(),
                Tone.PLAIN,
                text(cell, age),
                Evidence.of(
                        "cures.csv",
                        "half_expected_ms, half_ms, old_count, looked_after_ms, anew_count,"
                            + " age_p_adjusted, twice_age_found_pct",
                        "how many were opened anew by one moment, against each one's own age then; 5 %"
                            + " of the age, and a connection's next use, are no difference",
                        Numbers.counted(Math.round(age.oldCount()), "connection"))
                    .at(CellLink.to(cell))));
  }

  private static Sentence text(CellResults cell, CureRow.OnAge age) {
    return Sentence.of(
            "Of {old} that were open when pods had joined ({cell}), half {found}; theory of that"
                + " maximum age has {expected}: {fit}.")
        .with("old", Math.round(age.oldCount()), "connection")
        .with("cell", cell)
        .with(
            "found",
            Double.isNaN(age.halfMs())
                ? Sentence.of("were not opened anew while the cell was watched")
                : Sentence.of("were opened anew within {time}")
                    .withTime("time", NS_PER_MS * age.halfMs()))
        .withTime("expected", NS_PER_MS * age.halfExpectedMs())
        .with(
            "fit",
            FitText.of(
                age.ageFit().orElseThrow(),
                age.agePAdjusted(),
                "an age twice as long would be found in {power} % of such runs",
                age.twiceAgeFoundPct()));
  }
}
