package dev.conntrail.cli;

import dev.conntrail.analysis.Verdicts;
import dev.conntrail.report.finding.Answer;
import dev.conntrail.report.finding.CellWord;
import dev.conntrail.report.finding.EventCost;
import dev.conntrail.report.finding.IdleAnswer;
import dev.conntrail.report.finding.MarkedRepetitions;
import dev.conntrail.report.finding.Span;
import dev.conntrail.report.finding.WordCounts;
import dev.conntrail.report.finding.WorstCell;
import dev.conntrail.result.Manifest;
import dev.conntrail.result.row.Departure;
import dev.conntrail.result.row.RunStatus;
import dev.conntrail.result.row.VerdictRow;
import dev.conntrail.spec.CellId;
import dev.conntrail.spec.Named;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An answer as {@code --json} prints it: every field is there in every run, and null where there is
 * nothing to say. results/README.md explains the fields.
 *
 * @param run the run's name
 * @param experiment its name
 * @param status how the run ended
 * @param folder its results, an absolute path
 * @param report the page, an absolute path; null if none was written
 * @param verdict the one word for the run
 * @param tone whether that is as it should be
 * @param sentence the report's heading
 * @param cells by word, all words
 * @param matrices from node to node
 * @param tests what probabilities are corrected for
 * @param worst the cell to look at first
 * @param idle pods without a long-lived connection
 * @param events what they cost, a cell each
 * @param repetitions how many there are
 * @param marks repetitions by mark, those marks that there are
 * @param exitCode what the command ends with
 */
record AnswerJson(
    String run,
    String experiment,
    RunStatus status,
    String folder,
    Optional<String> report,
    CellWord verdict,
    String tone,
    String sentence,
    Map<String, Integer> cells,
    Matrices matrices,
    Tests tests,
    Optional<Worst> worst,
    Optional<Idle> idle,
    List<Events> events,
    Repetitions repetitions,
    Map<String, Long> marks,
    int exitCode) {

  /** Matrices of connections from node to node. */
  record Matrices(int testedCount, int notChanceCount) {}

  /**
   * The family of tests.
   *
   * @param count how many
   * @param level chance of any false alarm among them
   */
  record Tests(int count, double level) {}

  /**
   * A cell. Figures that are not known are null.
   *
   * @param cellId joins the tables
   * @param number its place in the run
   * @param title as a person would say it
   * @param cell its key
   * @param verdict in one word
   * @param departure in which way it is not as it should be
   * @param pAdjusted of the test that decided, after Holm's correction
   * @param connectionsMaxOverMean connections of the fullest pod over the mean
   * @param requestsMaxOverMean requests of the busiest pod over the mean
   */
  record Worst(
      CellId cellId,
      int number,
      String title,
      String cell,
      CellWord verdict,
      Optional<Departure> departure,
      Optional<Double> pAdjusted,
      Optional<Double> connectionsMaxOverMean,
      Optional<Double> requestsMaxOverMean) {
    private static Worst of(WorstCell w) {
      return new Worst(
          w.cell().id(),
          w.cell().number(),
          w.cell().title(),
          w.cell().cell().key(),
          w.word(),
          w.connections().flatMap(VerdictRow::departure),
          w.pAdjusted(),
          w.connections().map(VerdictRow::maxOverMean).flatMap(AnswerJson::known),
          known(w.busiest()));
    }
  }

  /**
   * Pods without a connection, in the cells with fewest long-lived ones.
   *
   * @param cellsCount cells of this kind
   * @param connectionsCount asked for in each
   * @param podsCount of each
   * @param observed from the cell with fewest to that with most, means over repetitions
   * @param expected of a fair draw
   * @param usual where 95 % of such means lie
   * @param usualCellsCount cells whose mean lies there
   */
  record Idle(
      int cellsCount,
      int connectionsCount,
      int podsCount,
      Span observed,
      Span expected,
      Span usual,
      int usualCellsCount) {
    private static Idle of(IdleAnswer i) {
      return new Idle(
          i.cells(), i.connections(), i.pods(), i.observed(), i.expected(), i.usual(), i.within());
    }
  }

  /**
   * What the events of a cell cost, all repetitions together.
   *
   * @param cellId joins the tables
   * @param number its place in the run
   * @param title as a person would say it
   * @param dueCount requests that were due in the measure phase
   * @param answeredCount of these, answered
   * @param openCount connections that were open when the first event began
   * @param endedCount of these, ended before the client wanted it, and before a second event began
   * @param joinedCount pods that joined, where that was watched
   * @param joinedReachedCount of these, those that got a connection
   */
  record Events(
      CellId cellId,
      int number,
      String title,
      long dueCount,
      long answeredCount,
      long openCount,
      long endedCount,
      long joinedCount,
      long joinedReachedCount) {
    private static Events of(EventCost c) {
      return new Events(
          c.cell().id(),
          c.cell().number(),
          c.cell().title(),
          c.due(),
          c.answered(),
          c.open(),
          c.ended(),
          c.joined().size(),
          c.reached());
    }
  }

  /** How many repetitions were asked for, have results, and carry a mark. */
  record Repetitions(long askedCount, long measuredCount, long markedCount) {}

  /** A figure; null in JSON where it is not known. */
  static Optional<Double> known(double figure) {
    return Optional.of(figure).filter(Double::isFinite);
  }

  /** That of a run, by a command that ends with a code. */
  static AnswerJson of(Answered answered, int exitCode) {
    Manifest manifest = answered.run().results().manifest();
    Answer answer = answered.answer();
    WordCounts words = answer.words();
    MarkedRepetitions repetitions = answer.repetitions();
    return new AnswerJson(
        manifest.run(),
        manifest.experiment(),
        manifest.status(),
        answered.folder().toString(),
        answered.page().map(Object::toString),
        words.headline(),
        answer.tone().word(),
        answer.verdict(),
        byWord(words.cells()),
        new Matrices(words.matrices(), words.matricesNotChance()),
        new Tests(answered.run().tests(), Verdicts.FAMILY_ERROR),
        answer.worst().map(Worst::of),
        answer.idle().map(Idle::of),
        answer.events().stream().map(Events::of).toList(),
        new Repetitions(repetitions.asked(), repetitions.measured(), repetitions.marked()),
        byWord(repetitions.words()),
        exitCode);
  }

  private static <N> Map<String, N> byWord(Map<? extends Named, N> counts) {
    Map<String, N> words = new LinkedHashMap<>();
    counts.forEach((named, n) -> words.put(named.word(), n));
    return words;
  }
}
