package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import java.util.Optional;

/**
 * Pods without a connection where long-lived ones are fewest, against what a fair draw leaves.
 *
 * @param cells with so few
 * @param connections that each was asked for
 * @param pods of each
 * @param observed means over the repetitions of a cell
 * @param expected of a fair draw
 * @param usual where 95 % of such means lie
 * @param within cells whose mean lies there
 * @param text the same in words
 */
public record IdleAnswer(
    int cells,
    int connections,
    int pods,
    Span observed,
    Span expected,
    Span usual,
    int within,
    String text) {
  /** That of a run; empty if no long-lived connections draw their pod. */
  static Optional<IdleAnswer> of(Analysis run) {
    return FewLongLived.of(run)
        .map(few ->
            new IdleAnswer(
                few.cells().size(),
                few.first().cell().connections(),
                few.first().cell().pods(),
                few.idle(),
                few.expected(),
                few.usual(),
                few.within(),
                text(few)));
  }

  private static String text(FewLongLived few) {
    String cells = few.cells().size() == 1 ? "" : " (" + few.cells().size() + " cells)";
    String chance =
        few.alike()
            ? Sentence.of("chance leaves {expected} (95 %: {usual})")
                .with("expected", few.expected())
                .with("usual", few.usual())
                .text()
            : few.chance().text();
    return few.pods().text() + " with " + few.connections().text() + cells + "; " + chance;
  }
}
