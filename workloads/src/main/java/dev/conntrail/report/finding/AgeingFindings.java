package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Finding;
import dev.conntrail.result.row.Cause;
import java.util.List;
import java.util.Optional;

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
        group.sentence("Connections that were idle ({where}): {each}.", AgeingFindings::each),
        "open_count, open_kept_count, open_reset_count, open_closed_count, open_unanswered_count,"
            + " notice_p50_ms",
        "sums over repetitions; times from the start of the idle phase, each repetition's median,"
            + " lowest to highest");
  }

  private static Sentence each(Occurrence o) {
    long unanswered = o.sum(e -> e.open().unansweredCount());
    return o.sentence(": {kept} of {open} went on{broken}{unanswered}")
        .with("kept", o.sum(e -> e.open().keptCount()))
        .with("open", o.sum(e -> e.open().count()), "connection")
        .with("broken", broken(o))
        .with("unanswered", Sentence.ifAny(unanswered, ", {n} had no answer"));
  }

  private static Optional<Sentence> broken(Occurrence o) {
    if (o.broken() == 0) {
      return Optional.empty();
    }
    return o.noticed()
        .map(after ->
            Sentence.of(
                    ", {n} broke ({reset} reset), seen by the client {after} after the idle phase began")
                .with("n", o.broken())
                .with("reset", o.sum(e -> e.open().resetCount()))
                .withMillis("after", after))
        .or(() -> Sentence.ifAny(o.broken(), ", {n} broke"));
  }
}
