package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.result.Tables;
import dev.conntrail.spec.ClosedBy;
import java.util.List;
import java.util.Optional;

/** Who closed the connections of cells with events, as their pods saw it. */
final class Closers {
  private Closers() {}

  /** A sentence; empty where no pod said it of any. */
  static Optional<Sentence> of(Analysis run) {
    List<ClosedBy> seen =
        run.results().measured().stream()
            .filter(c -> !c.cell().course().events().isEmpty())
            .flatMap(c -> c.repetitions().stream())
            .flatMap(r -> r.rows(Tables.ECHO).stream())
            .flatMap(r -> r.seen().closedBy().stream())
            .toList();
    if (seen.isEmpty()) {
      return Optional.empty();
    }
    long pods = seen.stream().filter(ClosedBy::pods).count();
    long open = seen.stream().filter(by -> by == ClosedBy.OPEN).count();
    return Optional.of(
        Sentence.of(
                """
                In cells with events pods saw {peer} of {seen} closed by who had opened them, {pod} by
                pods or after a pod's goodbye, and {open} by nobody.
                """)
            .with("peer", seen.size() - pods - open)
            .with("seen", seen.size(), "connection")
            .with("pod", pods)
            .with("open", open));
  }
}
