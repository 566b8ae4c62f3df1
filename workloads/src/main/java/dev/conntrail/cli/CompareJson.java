package dev.conntrail.cli;

import dev.conntrail.compare.Comparison;
import dev.conntrail.compare.ComparisonRow;
import dev.conntrail.compare.Obstacle;
import dev.conntrail.compare.SetAside;
import dev.conntrail.report.comparison.ComparisonHeading;
import dev.conntrail.result.row.Mark;
import dev.conntrail.spec.CellId;
import java.util.List;
import java.util.Optional;

/**
 * A comparison as {@code --format json} prints it. What is not known is null.
 *
 * @param a folder of A
 * @param b folder of B
 * @param sentence the heading
 * @param tone whether all is as it should be
 * @param comparable whether times may be compared
 * @param obstacles what forbids it
 * @param differences what else differs
 * @param margin the ratio that matters
 * @param setAside repetitions with marks
 * @param rows as in compare.csv
 * @param exitCode what the command ends with
 */
record CompareJson(
    String a,
    String b,
    String sentence,
    String tone,
    boolean comparable,
    List<Obstacle> obstacles,
    List<Obstacle> differences,
    double margin,
    List<Aside> setAside,
    List<Row> rows,
    int exitCode) {
  /** A repetition that was set aside. */
  record Aside(String side, CellId cellId, int repetition, List<Mark> marks) {
    private static Aside of(SetAside s) {
      return new Aside(s.side().word(), s.cell().id(), s.repetition(), s.marks());
    }
  }

  /** A row, whose figures may be missing. */
  record Row(
      CellId cellIdA,
      CellId cellIdB,
      String pair,
      String measure,
      boolean controlled,
      int repetitionsACount,
      int repetitionsBCount,
      Optional<Double> a,
      Optional<Double> b,
      Optional<Double> ratio,
      Optional<Double> ratioLow,
      Optional<Double> ratioHigh,
      Optional<Double> p,
      Optional<Double> pAdjusted,
      Optional<String> method,
      String verdict,
      Optional<Double> found,
      Optional<Integer> neededRepetitionsCount) {
    private static Row of(ComparisonRow r) {
      return new Row(
          r.cellIdA(),
          r.cellIdB(),
          r.pair(),
          r.measure(),
          r.controlled(),
          r.repetitionsACount(),
          r.repetitionsBCount(),
          AnswerJson.known(r.a()),
          AnswerJson.known(r.b()),
          AnswerJson.known(r.ratio()),
          AnswerJson.known(r.ratioLow()),
          AnswerJson.known(r.ratioHigh()),
          AnswerJson.known(r.p()),
          AnswerJson.known(r.pAdjusted()),
          r.method(),
          r.verdict(),
          AnswerJson.known(r.found()),
          r.neededRepetitionsCount());
    }
  }

  static CompareJson of(Comparison c, int exitCode) {
    ComparisonHeading heading = ComparisonHeading.of(c);
    return new CompareJson(
        c.a().folder().path().toString(),
        c.b().folder().path().toString(),
        heading.text(),
        heading.tone().word(),
        c.comparable(),
        c.comparability().obstacles(),
        c.comparability().notes(),
        c.margin(),
        c.setAside().stream().map(Aside::of).toList(),
        ComparisonRow.of(c).stream().map(Row::of).toList(),
        exitCode);
  }
}
