package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.CellLink;
import dev.conntrail.report.block.Finding;
import dev.conntrail.report.block.Finding.Evidence;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.block.Tone;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.row.CureRow;
import dev.conntrail.result.row.Fit;
import dev.conntrail.spec.Jitter;
import dev.conntrail.spec.Recycling;
import java.util.List;
import java.util.Optional;

/** How dense the herd is that a maximum age makes of connections which began together. */
public final class HerdFindings implements FindingSource {
  private static final double NS_PER_MS = 1e6;
  private static final int LISTED = 6;

  @Override
  public List<Finding> of(Analysis run) {
    return run.results().measured().stream().flatMap(c -> finding(run, c).stream()).toList();
  }

  /**
   * What a run says in its heading of which every cell has a herd: how dense each was where theory
   * has it densest; none where an event was cut short.
   */
  static Optional<Sentence> heading(Analysis run) {
    return Heading.ofEvery(run, c -> brief(run, c))
        .map(all ->
            Sentence.of(
                    "Of connections that began together were opened anew, in the tenth of the age in which"
                        + " theory has most: {each}.")
                .withSome("each", all, LISTED));
  }

  private static Optional<Sentence> brief(Analysis run, CellResults cell) {
    return run.cure(cell)
        .map(CureRow::onHerd)
        .flatMap(herd ->
            herd.herdFit()
                .map(fit ->
                    Sentence.of("{found} a second with {cure}, in theory {expected} ({fit})")
                        .with("found", herd.densePerS())
                        .with(
                            "cure",
                            cell,
                            CureFindings.name(cell.cell()) + " (#" + cell.number() + ")")
                        .with("expected", herd.denseExpectedPerS())
                        .with("fit", words(fit))));
  }

  private static String words(Fit fit) {
    return switch (fit) {
      case AGREES -> "the herd agrees";
      case DIFFERS -> "the herd differs";
      case CANNOT_TELL -> "too little to tell";
    };
  }

  private static Optional<Finding> finding(Analysis run, CellResults cell) {
    return run.cure(cell)
        .map(CureRow::onHerd)
        .filter(herd -> herd.herdFit().isPresent())
        .map(herd ->
            Rank.CURE.finding(
                "herd-" + cell.id(),
                Tone.PLAIN,
                text(cell, herd),
                Evidence.of(
                        "cures.csv, herds.csv",
                        "together_count, dense_ms, dense_expected_per_s, dense_per_s, most_per_s,"
                            + " herd_p_adjusted, other_jitter_found_pct",
                        "connects in each tenth of the age, and until any can have made two, against the least and the most that theory"
                            + " has; lives 2 % shorter or 5 % longer than set, and a connection's next"
                            + " use, are no difference; rates are means over repetitions",
                        Numbers.counted(Math.round(herd.togetherCount()), "connection"))
                    .at(CellLink.to(cell))));
  }

  private static Sentence text(CellResults cell, CureRow.OnHerd herd) {
    return Sentence.of(
            "Of {together} that began together ({cell}), theory of that maximum age has most opened anew"
                + " {when} after the start, {expected} a second; {found} a second were, and up to {most} in"
                + " any tenth of the age: {fit}.")
        .with("together", Math.round(herd.togetherCount()), "connection")
        .with("cell", cell)
        .withTime("when", NS_PER_MS * herd.denseMs())
        .with("expected", herd.denseExpectedPerS())
        .with("found", herd.densePerS())
        .with("most", herd.mostPerS())
        .with(
            "fit",
            FitText.of(
                herd.herdFit().orElseThrow(),
                herd.herdPAdjusted(),
                other(cell) + " would be found in {power} % of such runs at least",
                herd.otherJitterFoundPct()));
  }

  private static String other(CellResults cell) {
    return cell.cell()
            .cure()
            .recycling()
            .map(Recycling::jitter)
            .filter(j -> j != Jitter.NONE)
            .isPresent()
        ? "ages without jitter"
        : "ages with the jitter of gRPC";
  }
}
