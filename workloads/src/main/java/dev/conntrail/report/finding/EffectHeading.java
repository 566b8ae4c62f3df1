package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.result.row.Cause;
import dev.conntrail.result.row.EffectRow;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The one sentence of a run in which every cell changes its Service or idles. */
final class EffectHeading {
  private static final double PCT = 100;

  private EffectHeading() {}

  /** None if no effect was seen, and no event was cut short. */
  static Optional<Sentence> of(Analysis run) {
    return CutShort.with(
        run,
        EventHeading.of(run)
            .or(() -> scaleOut(effects(run, Cause::adds)))
            .or(() -> removal(effects(run, Cause::removes)))
            .or(() -> IdleHeading.of(run)));
  }

  private static List<EffectRow> effects(Analysis run, Predicate<Cause> which) {
    return Occurrences.of(run, o -> which.test(o.cause())).stream()
        .flatMap(group -> group.each().stream())
        .map(Occurrence.Of::effect)
        .toList();
  }

  private static Optional<Sentence> scaleOut(List<EffectRow> effects) {
    return Span.of(effects, e -> PCT * e.opened().toAddedCount() / e.opened().count())
        .map(span ->
            Sentence.of(
                    "New pods got {span} % of the connections that were opened after they joined.")
                .with("span", span));
  }

  private static Optional<Sentence> removal(List<EffectRow> effects) {
    long all = effects.stream().mapToLong(e -> e.leaving().count()).sum();
    return all == 0
        ? Optional.empty()
        : Optional.of(
            Sentence.of("{kept} of {all} open connections on pods that left went on.")
                .with("kept", effects.stream().mapToLong(e -> e.leaving().keptCount()).sum())
                .with("all", all));
  }
}
