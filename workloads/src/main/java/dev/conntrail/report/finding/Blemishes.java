package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.row.SummaryRow;
import java.util.ArrayList;
import java.util.List;

/** What a run has besides its verdicts that must not be passed over when these are well. */
final class Blemishes {
  private Blemishes() {}

  /** A clause each; none if there is nothing. */
  static List<Sentence> of(Analysis run) {
    List<CellResults> measured = run.results().measured();
    List<Sentence> clauses = new ArrayList<>();
    long strays =
        measured.stream()
            .filter(c -> c.cell().route().pins())
            .mapToLong(c -> c.sum(s -> s.connections().straysCount()))
            .sum();
    add(
        clauses,
        strays,
        "{n} {noun} came from another pod than the connection's first",
        "reply",
        "replies");
    long differ =
        measured.stream().mapToLong(c -> c.sum(s -> s.crossCheck().disagreementsCount())).sum();
    add(clauses, differ, "the witnesses differ on {n} {noun}", "connection", "connections");
    long lost =
        measured.stream()
            .filter(c -> !c.cell().provoking())
            .mapToLong(c -> c.sum(Blemishes::lost))
            .sum();
    add(clauses, lost, "{n} {noun} failed or had no answer", "request", "requests");
    long doubtful =
        measured.stream()
            .mapToLong(
                c -> c.sum(s -> s.marks().stream().anyMatch(MarkText::ofConnections) ? 1 : 0))
            .sum();
    if (strays == 0 && differ == 0) {
      add(clauses, doubtful, "{n} {noun} cannot be trusted whole", "repetition", "repetitions");
    }
    return clauses;
  }

  private static long lost(SummaryRow s) {
    return s.requests().failedCount() + s.requests().unansweredCount();
  }

  private static void add(
      List<Sentence> clauses, long n, String template, String one, String several) {
    if (n > 0) {
      clauses.add(Sentence.of(template).with("n", n).with("noun", n == 1 ? one : several));
    }
  }
}
