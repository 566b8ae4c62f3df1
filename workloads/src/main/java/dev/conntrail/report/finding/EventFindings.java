package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Finding;
import dev.conntrail.spec.EventKind;
import java.util.List;
import java.util.Optional;

/** What an event cost that does more than to change which endpoints a Service has. */
final class EventFindings implements FindingSource {
  @Override
  public List<Finding> of(Analysis run) {
    return Occurrences.of(run, EventFindings::isOne).stream().map(EventFindings::finding).toList();
  }

  private static boolean isOne(Occurrence o) {
    return o.cause().event().filter(kind -> !kind.ofEndpoints()).isPresent()
        && o.sum(e -> e.open().count()) > 0;
  }

  private static Finding finding(Occurrences group) {
    EventKind kind = group.any().cause().event().orElseThrow();
    return group.finding(
        Rank.EVENT,
        "event",
        group
            .sentence("What {kind} cost ({where}): {each}.", EventFindings::each)
            .with("kind", kind.word()),
        "open_count, open_struck_count, open_reset_count, open_closed_count, open_unanswered_count, failures_count",
        "sums over repetitions: connections that were open when it began, and requests and connects"
            + " that failed in the seconds that end after that");
  }

  /** What was spared tells nothing of what the event costs, and that is said first. */
  private static Sentence each(Occurrence o) {
    String cost =
        "{broken} of {open} open ended before the client wanted it{unanswered},"
            + " {failed} of a request or connect from then on";
    return o.sentence(
            o.spared()
                ? ": no connection was open on a pod that it struck, so what it costs is not told ("
                    + cost
                    + ")"
                : ": " + cost)
        .with("broken", o.broken())
        .with("open", o.sum(e -> e.open().count()), "connection")
        .with("unanswered", unanswered(o))
        .with("failed", o.sum(e -> e.failuresCount()), "failure");
  }

  private static Optional<Sentence> unanswered(Occurrence o) {
    long n = o.sum(e -> e.open().unansweredCount());
    return n == 0
        ? Optional.empty()
        : Optional.of(Sentence.of(", on {n} nothing sent afterwards was answered").with("n", n));
  }
}
