package dev.conntrail.report.finding;

import static dev.conntrail.report.block.Numbers.number;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Figure;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.block.Tone;
import dev.conntrail.result.RepetitionResults;
import dev.conntrail.result.row.Mark;
import dev.conntrail.result.row.Unit;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a run answers, in a few lines: for the heading of its page, and for the terminal.
 *
 * @param tone whether all is as it should be
 * @param verdict one sentence: the heading
 * @param worst the cell whose busiest pod got most
 * @param idle pods without a connection, against what chance leaves
 * @param marks what makes repetitions doubtful
 * @param figures of the heading, by the names of their places
 * @param alarm whether a cell is not what chance or its law gives
 */
public record Answer(
    Tone tone,
    String verdict,
    String worst,
    String idle,
    String marks,
    Map<String, Figure> figures,
    boolean alarm) {

  /** That of a run. */
  public static Answer of(Analysis run) {
    Heading heading = Heading.of(run);
    return new Answer(
        heading.tone(),
        heading.text(),
        worst(run),
        idle(run),
        marks(run),
        heading.figures(),
        heading.alarm());
  }

  /** The judged cell whose busiest pod got the largest share of requests, against the mean. */
  private static String worst(Analysis run) {
    return Judged.of(run, Unit.REQUESTS).stream()
        .filter(j -> j.behindService() && Double.isFinite(j.verdict().maxOverMean()))
        .max(Comparator.comparingDouble(j -> j.verdict().maxOverMean()))
        .map(j ->
            "busiest pod "
                + number(j.verdict().maxOverMean())
                + " times the mean of requests: "
                + j.name())
        .orElse("no cell behind a Service whose requests can be counted by pod");
  }

  private static String idle(Analysis run) {
    return FewLongLived.of(run)
        .map(few ->
            few.pods().text()
                + " idle with "
                + few.connections().text()
                + "; "
                + few.chance().text())
        .orElse("no long-lived connections that draw their pod");
  }

  private static String marks(Analysis run) {
    List<RepetitionResults> all =
        run.results().measured().stream().flatMap(c -> c.repetitions().stream()).toList();
    Map<Mark, Long> kinds = new EnumMap<>(Mark.class);
    all.forEach(r -> r.summary().marks().forEach(m -> kinds.merge(m, 1L, Long::sum)));
    long marked = all.stream().filter(r -> !r.summary().marks().isEmpty()).count();
    return marked == 0
        ? "none of " + Numbers.counted(all.size(), "repetition")
        : Numbers.count(marked)
            + " of "
            + Numbers.counted(all.size(), "repetition")
            + ": "
            + kinds.entrySet().stream()
                .map(e -> e.getValue() + " " + e.getKey().word())
                .collect(Collectors.joining(", "));
  }
}
