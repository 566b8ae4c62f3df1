package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.analysis.around.Around;
import dev.conntrail.report.block.Finding;
import dev.conntrail.result.row.AroundRow;
import dev.conntrail.result.row.Window;
import dev.conntrail.spec.EventKind;
import java.util.List;
import java.util.Optional;

/**
 * What an event cost that does more than to change which endpoints a Service has. Of all that lost
 * nothing one line says so.
 */
final class EventFindings implements FindingSource {
  @Override
  public List<Finding> of(Analysis run) {
    Around around = run.around();
    return Occurrences.findings(
        run,
        EventFindings::isOne,
        o -> free(around, o),
        group -> finding(around, group),
        EventFindings::free);
  }

  /** Whether it struck what it could, and nothing came of that. */
  private static boolean free(Around around, Occurrence o) {
    return !o.spared()
        && o.broken() == 0
        && o.sum(e -> e.open().unansweredCount()) == 0
        && o.sum(e -> e.failuresCount()) == 0
        && lost(Seen.of(around, o).windows(Window.SINCE)).isEmpty();
  }

  private static Finding free(List<Occurrences> all) {
    return Occurrences.folded(
        all,
        Rank.WITHOUT_LOSS,
        "event-without-loss",
        "By {n} no request or connect is known to have failed or to have had no answer, and no open"
            + " connection to have ended before the client wanted it, until the next event or the"
            + " end: {each}.",
        "effects.csv, around.csv",
        "open_reset_count, open_closed_count, open_unanswered_count, failures_count;"
            + " response_censored_count of the window since",
        "all are 0 in each repetition, where they were recorded");
  }

  private static boolean isOne(Occurrence o) {
    return o.cause().event().filter(kind -> !kind.ofEndpoints()).isPresent()
        && o.sum(e -> e.open().count()) > 0;
  }

  private static Finding finding(Around around, Occurrences group) {
    EventKind kind = group.any().cause().event().orElseThrow();
    return group.finding(
        Rank.EVENT,
        "event",
        group
            .sentence("What {kind} cost ({where}): {each}.", o -> each(around, o))
            .with("kind", kind.word()),
        group.evidence(
            "effects.csv, around.csv",
            "open_count, open_struck_count, open_reset_count, open_closed_count, open_unanswered_count,"
                + " failures_count; response_count, response_censored_count of the window since",
            "sums over repetitions: connections that were open when it began; requests and connects"
                + " that failed in the seconds that end after that; and requests that were due then;"
                + " all until the next event began, where there is one"));
  }

  /** What was spared tells nothing of what the event costs, and that is said first. */
  private static Sentence each(Around around, Occurrence o) {
    String cost =
        "{broken} of {open} open ended before the client wanted it{unanswered},"
            + " {failed} of a request or connect {since}{lost}";
    return o.sentence(
            o.spared()
                ? ": no connection was open on a pod that it struck, so what it costs is not told ("
                    + cost
                    + ")"
                : ": " + cost)
        .with("broken", o.broken())
        .with("open", o.sum(e -> e.open().count()), "connection")
        .with("unanswered", unanswered(o))
        .with("failed", o.sum(e -> e.failuresCount()), "failure")
        .with("since", followed(o) ? "until the next event" : "from then on")
        .with("lost", lost(Seen.of(around, o).windows(Window.SINCE)));
  }

  private static boolean followed(Occurrence o) {
    return Occurrence.of(o.cell()).stream().anyMatch(other -> other.place() > o.place());
  }

  /** Also of what never came back, which is no failure; where it was recorded. */
  private static Optional<Sentence> lost(List<AroundRow> since) {
    long lost =
        since.stream().flatMap(w -> w.response().censoredCount().stream()).mapToLong(n -> n).sum();
    return lost == 0
        ? Optional.empty()
        : Optional.of(
            Sentence.of("; {lost} of {due} that were due then had no answer")
                .with("lost", lost)
                .with("due", since.stream().mapToLong(w -> w.response().count()).sum(), "request"));
  }

  private static Optional<Sentence> unanswered(Occurrence o) {
    long n = o.sum(e -> e.open().unansweredCount());
    return n == 0
        ? Optional.empty()
        : Optional.of(Sentence.of(", on {n} nothing sent afterwards was answered").with("n", n));
  }
}
