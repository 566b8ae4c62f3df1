package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Figure;
import dev.conntrail.report.block.Tone;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a run answers: for the heading of its page, for the terminal and for programs.
 *
 * @param tone whether all is as it should be
 * @param verdict one sentence: the heading
 * @param words how many cells have which verdict
 * @param worst the cell to look at first; empty if none has a verdict and replies
 * @param idle pods without a connection, against what chance leaves; empty if no long-lived
 *     connections draw their pod
 * @param events what they cost, a cell each
 * @param repetitions what makes repetitions doubtful
 * @param figures of the heading, by the names of their places
 * @param alarm whether a cell is not what chance or its law gives
 */
public record Answer(
    Tone tone,
    String verdict,
    WordCounts words,
    Optional<WorstCell> worst,
    Optional<IdleAnswer> idle,
    List<EventCost> events,
    MarkedRepetitions repetitions,
    Map<String, Figure> figures,
    boolean alarm) {

  /**
   * A line for the terminal.
   *
   * @param label what it is about, in a word
   * @param text what is said
   */
  public record Line(String label, String text) {}

  /** That of a run. */
  public static Answer of(Analysis run) {
    Heading heading = Heading.of(run);
    return new Answer(
        heading.tone(),
        heading.text(),
        WordCounts.of(run),
        WorstCell.of(run),
        IdleAnswer.of(run),
        EventCost.of(run),
        MarkedRepetitions.of(run),
        heading.figures(),
        heading.alarm());
  }

  /**
   * The verdict, the worst cell, idle pods and marks: true of every run. Where none is judged, the
   * worst cell is that whose events cost most, and pods that may idle are those that joined.
   */
  public List<Line> lines() {
    return List.of(
        new Line("verdict", verdict),
        new Line(
            "worst",
            worst
                .map(WorstCell::text)
                .or(() -> EventCost.dearest(events).map(EventCost::text))
                .orElse("no cell behind a Service is judged")),
        new Line(
            "idle",
            idle.map(IdleAnswer::text)
                .or(() -> EventCost.newPods(events))
                .orElse(
                    "not judged: no cell that nothing was done to has long-lived connections whose pods are drawn")),
        new Line("marks", repetitions.text()));
  }
}
