package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Finding;
import dev.conntrail.spec.EventKind;
import java.util.List;
import java.util.Optional;

/** What becomes of connections on pods that leave a Service, and what still comes to them. */
final class RemovalFindings implements FindingSource {
  @Override
  public List<Finding> of(Analysis run) {
    return Occurrences.of(run, o -> o.cause().removes()).stream()
        .map(RemovalFindings::finding)
        .toList();
  }

  private static Finding finding(Occurrences group) {
    boolean deleted = group.any().cause().event().equals(Optional.of(EventKind.DELETE_ENDPOINTS));
    return group.finding(
        Rank.REMOVAL,
        deleted ? "deletion" : "removal",
        group
            .sentence("{what} ({where}): {each}.", RemovalFindings::each)
            .with(
                "what",
                deleted
                    ? "Endpoints were deleted, ipvs's real servers at once"
                    : "Endpoints left the Service and their pods lived on"),
        "leaving_count, leaving_kept_count, opened_count, opened_to_removed_count, open_count,"
            + " open_reset_count, open_closed_count, notice_p50_ms, failures_count",
        "sums over repetitions; times from the event's first step, each"
            + " repetition's median, lowest to highest; failures: of requests and connects, in the seconds that end after it");
  }

  private static Sentence each(Occurrence o) {
    long leaving = o.sum(e -> e.leaving().count());
    Sentence went =
        leaving == 0
            ? Sentence.of("no connection was open on them")
            : Sentence.of("{kept} of {leaving} open on them went on")
                .with("kept", o.sum(e -> e.leaving().keptCount()))
                .with("leaving", leaving, "connection");
    long opened = o.sum(e -> e.opened().count());
    Sentence came =
        opened == 0
            ? Sentence.of("none was opened later")
            : Sentence.of("{to} of {opened} opened later came to them")
                .with("to", o.sum(e -> e.opened().toRemovedCount()))
                .with("opened", opened);
    return o.sentence(": {went}, {came}{broken}{failed}")
        .with("went", went)
        .with("came", came)
        .with("broken", broken(o))
        .with("failed", failed(o));
  }

  private static Optional<Sentence> broken(Occurrence o) {
    return o.noticed()
        .map(after ->
            Sentence.of(
                    ", {broken} of {open} open anywhere broke, seen by the client {after} after it began")
                .with("broken", o.broken())
                .with("open", o.sum(e -> e.open().count()))
                .withMillis("after", after));
  }

  /** What failed from then on. */
  private static Optional<Sentence> failed(Occurrence o) {
    long failed = o.sum(e -> e.failuresCount());
    return failed == 0
        ? Optional.empty()
        : Optional.of(Sentence.of(", {n} of a request or connect").with("n", failed, "failure"));
  }
}
