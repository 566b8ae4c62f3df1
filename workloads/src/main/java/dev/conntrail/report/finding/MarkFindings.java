package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.analysis.Marks;
import dev.conntrail.report.block.Finding;
import dev.conntrail.report.block.Finding.Evidence;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.block.Tone;
import dev.conntrail.result.row.Mark;
import dev.conntrail.result.row.SummaryRow;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** How many repetitions are marked, what the marks mean, and what is doubtful because of them. */
final class MarkFindings implements FindingSource {
  @Override
  public List<Finding> of(Analysis run) {
    List<SummaryRow> all =
        run.results().measured().stream()
            .flatMap(c -> c.repetitions().stream())
            .map(r -> r.summary())
            .toList();
    if (all.isEmpty()) {
      return List.of();
    }
    List<SummaryRow> marked = all.stream().filter(s -> !s.marks().isEmpty()).toList();
    return List.of(marked.isEmpty() ? none(all) : some(all, marked));
  }

  private static Finding none(List<SummaryRow> all) {
    return Rank.MARKS.finding(
        "marks",
        Tone.GOOD,
        Sentence.of("None of {all} carries a mark that would make it doubtful.")
            .with("all", all.size(), "repetition"),
        evidence(all));
  }

  private static Finding some(List<SummaryRow> all, List<SummaryRow> marked) {
    Map<Mark, Integer> kinds = new EnumMap<>(Mark.class);
    marked.forEach(s -> s.marks().forEach(m -> kinds.merge(m, 1, Integer::sum)));
    boolean connections = kinds.keySet().stream().anyMatch(MarkText::ofConnections);
    List<Sentence> each =
        kinds.entrySet().stream()
            .map(e ->
                Sentence.of("{n} {mark} ({meaning})")
                    .with("n", e.getValue())
                    .withName("mark", e.getKey().word())
                    .with("meaning", MarkText.of(e.getKey())))
            .toList();
    return (connections ? Rank.DOUBTFUL : Rank.MARKS)
        .finding(
            "marks",
            connections ? Tone.BAD : Tone.UNKNOWN,
            Sentence.of("{marked} of {all} {are} marked: {each}.{times}{landed}")
                .with("marked", marked.size())
                .with("all", all.size(), "repetition")
                .with("are", marked.size() == 1 ? "is" : "are")
                .withAll("each", each, "; ")
                .with(
                    "times",
                    " ",
                    doubtful(marked, MarkText::ofTimes, "Times of {n} say less for it."))
                .with(
                    "landed",
                    " ",
                    doubtful(
                        marked,
                        MarkText::ofConnections,
                        "Where connections of {n} landed is doubtful.")),
            evidence(all));
  }

  private static Optional<Sentence> doubtful(
      List<SummaryRow> marked, Predicate<Mark> which, String template) {
    long n = marked.stream().filter(s -> s.marks().stream().anyMatch(which)).count();
    return Sentence.ifAny(n, template);
  }

  private static Evidence evidence(List<SummaryRow> all) {
    return Evidence.of(
        "summary.csv",
        "marks",
        Sentence.of(
                """
                client-short-of-cpu: requests that found their caller free left late, or threads
                waited for a CPU far longer than they ran, or there were more of them than CPUs;
                cpu-stolen: above {steal} %; rate-missed: below {rate} % of
                the target
                """)
            .with("steal", Marks.STEAL_PCT)
            .with("rate", 100 * Marks.RATE_SHARE)
            .text(),
        Numbers.counted(all.size(), "repetition"));
  }
}
