package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.result.RepetitionResults;
import dev.conntrail.result.RunResults;
import dev.conntrail.result.row.Mark;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How many repetitions of a run are doubtful, or missing.
 *
 * @param asked repetitions that were to be had
 * @param measured those that have results
 * @param marked of these, those with a mark
 * @param words how many have which mark
 */
public record MarkedRepetitions(long asked, long measured, long marked, Map<Mark, Long> words) {
  /** Those of a run. */
  static MarkedRepetitions of(Analysis run) {
    RunResults results = run.results();
    List<RepetitionResults> all =
        results.measured().stream().flatMap(c -> c.repetitions().stream()).toList();
    Map<Mark, Long> words = new EnumMap<>(Mark.class);
    all.forEach(r -> r.summary().marks().forEach(m -> words.merge(m, 1L, Long::sum)));
    return new MarkedRepetitions(
        results.cells().stream().mapToLong(c -> c.cell().course().repetitions()).sum(),
        all.size(),
        all.stream().filter(r -> !r.summary().marks().isEmpty()).count(),
        words);
  }

  /** In words. */
  String text() {
    String missing =
        measured < asked
            ? Sentence.of("{missing} of {asked} without results")
                .with("missing", asked - measured)
                .with("asked", Numbers.counted(asked, "repetition"))
                .text()
            : "";
    if (measured == 0) {
      return missing;
    }
    String found =
        marked == 0
            ? "none of " + Numbers.counted(measured, "repetition")
            : Sentence.of("{marked} of {all}: {each}")
                .with("marked", marked)
                .with("all", Numbers.counted(measured, "repetition"))
                .with(
                    "each",
                    words.entrySet().stream()
                        .map(e -> Numbers.count(e.getValue()) + " " + e.getKey().word())
                        .collect(Collectors.joining(", ")))
                .text();
    return missing.isEmpty() ? found : found + "; " + missing;
  }
}
