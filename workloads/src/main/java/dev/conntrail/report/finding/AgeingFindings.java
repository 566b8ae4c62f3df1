package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Finding;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.result.row.Cause;
import java.util.List;

/** What becomes of connections on which nothing is sent for a while. */
final class AgeingFindings implements FindingSource {
  @Override
  public List<Finding> of(Analysis run) {
    return Occurrences.of(run, o -> o.cause().equals(Cause.IDLE)).stream()
        .map(AgeingFindings::finding)
        .toList();
  }

  private static Finding finding(Occurrences group) {
    return group.finding(
        Rank.AGEING,
        "idle-connections",
        Sentence.of("Connections that were idle ({where}): {each}.")
            .with("where", group.where())
            .with("each", group.each(":", AgeingFindings::each)),
        "open_count, open_kept_count, open_reset_count, open_closed_count, open_unanswered_count,"
            + " notice_p50_ms",
        "sums over repetitions; times from the start of the idle phase, each repetition's median,"
            + " lowest to highest");
  }

  private static String each(Occurrence o) {
    long unanswered = o.sum(e -> e.open().unansweredCount());
    return Sentence.of("{kept} of {open} went on{broken}{unanswered}")
        .with("kept", o.sum(e -> e.open().keptCount()))
        .with("open", Numbers.counted(o.sum(e -> e.open().count()), "connection"))
        .with("broken", broken(o))
        .with(
            "unanswered",
            unanswered == 0 ? "" : ", " + Numbers.count(unanswered) + " had no answer")
        .text();
  }

  private static String broken(Occurrence o) {
    if (o.broken() == 0) {
      return "";
    }
    return o.noticed()
        .map(after ->
            Sentence.of(
                    ", {broken} broke ({reset} reset), seen by the client {after} after the idle phase began")
                .with("broken", o.broken())
                .with("reset", o.sum(e -> e.open().resetCount()))
                .with("after", after)
                .text())
        .orElse(", " + Numbers.count(o.broken()) + " broke");
  }
}
