package dev.conntrail.cli;

import dev.conntrail.compare.AbRow;
import dev.conntrail.compare.CountComparison;
import dev.conntrail.experiment.AbPlan;
import dev.conntrail.experiment.AbRun;
import dev.conntrail.report.comparison.AbHeading;
import dev.conntrail.result.row.RunStatus;
import dev.conntrail.spec.CellId;
import java.util.List;
import java.util.Optional;

/**
 * How {@code ab} ended, as {@code --json} prints it.
 *
 * @param folder its results, an absolute path
 * @param page an absolute path
 * @param status how it ended
 * @param sentence what it answers
 * @param isVoid whether a negative control moved
 * @param decided whether every declared time has its verdict
 * @param differs what differs between the sides, in words
 * @param blocksCount blocks that are whole
 * @param seed of their orders
 * @param notes what was limited or added
 * @param failures why repetitions failed
 * @param rows as in ab.csv
 * @param counts of all pairs; empty with {@code --jar}
 * @param exitCode what the command ends with
 */
record AbJson(
    String folder,
    String page,
    RunStatus status,
    String sentence,
    boolean isVoid,
    boolean decided,
    String differs,
    int blocksCount,
    long seed,
    List<String> notes,
    List<String> failures,
    List<Counts> counts,
    List<Row> rows,
    int exitCode) {
  /** Counts of a pair of cells. */
  record Counts(String pair, String measure, List<Long> a, List<Long> b, String verdict) {
    private static Counts of(CountComparison c) {
      return new Counts(c.pair().title(), c.counted().word(), c.a(), c.b(), c.change().word());
    }
  }

  /** A time. What is not known is null. */
  record Row(
      CellId cellIdA,
      CellId cellIdB,
      boolean control,
      String measure,
      int blocksCount,
      long aFailedCount,
      long aUnansweredCount,
      long bFailedCount,
      long bUnansweredCount,
      Optional<Double> ratio,
      Optional<Double> ratioLow,
      Optional<Double> ratioHigh,
      Optional<Double> pAdjusted,
      Optional<String> verdict) {
    private static Row of(AbRow r) {
      return new Row(
          r.cellIdA(),
          r.cellIdB(),
          r.control(),
          r.measure(),
          r.blocksCount(),
          r.aFailedCount(),
          r.aUnansweredCount(),
          r.bFailedCount(),
          r.bUnansweredCount(),
          AnswerJson.known(r.ratio()),
          AnswerJson.known(r.ratioLow()),
          AnswerJson.known(r.ratioHigh()),
          AnswerJson.known(r.pAdjusted()),
          r.verdict());
    }
  }

  static AbJson of(AbPlan plan, AbRun.Ended ended, AbAnswer answer, int exitCode) {
    return new AbJson(
        answer.results().folder().path().toAbsolutePath().normalize().toString(),
        answer.page().toString(),
        ended.status(),
        AbHeading.of(answer.results()).text(),
        answer.results().gate().isVoid(),
        answer.results().gate().decided(),
        plan.differs(),
        ended.blocks().size(),
        plan.seed(),
        plan.notes(),
        ended.failures(),
        answer.results().counts().stream().map(Counts::of).toList(),
        AbRow.of(answer.results()).stream().map(Row::of).toList(),
        exitCode);
  }
}
