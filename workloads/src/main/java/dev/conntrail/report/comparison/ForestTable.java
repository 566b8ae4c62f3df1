package dev.conntrail.report.comparison;

import dev.conntrail.compare.Change;
import dev.conntrail.report.block.Block;
import dev.conntrail.report.block.Column;
import dev.conntrail.report.block.Field;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.chart.IntervalBar;
import java.util.Comparator;
import java.util.List;
import java.util.stream.DoubleStream;

/** Ratios of times as a forest plot: a table whose rows share an axis; what changed comes first. */
final class ForestTable {
  private static final double LEAST_AXIS = 1.5;
  private static final double MOST_AXIS = 8;
  private static final List<Change> ORDER =
      List.of(
          Change.SLOWER,
          Change.FASTER,
          Change.CANNOT_TELL,
          Change.NOISE_UNKNOWN,
          Change.NOT_COMPARABLE,
          Change.NO_CHANGE,
          Change.SHOWN);

  private ForestTable() {}

  /**
   * The table.
   *
   * @param n what the values of a side are
   */
  static Block.Table of(String id, String caption, String n, List<ForestRow> rows, double margin) {
    double farthest = axis(rows, margin);
    IntervalBar bar = new IntervalBar(farthest, margin);
    String axis =
        "on a logarithmic axis from %s to %s; grey: the margin, %s to %s"
            .formatted(
                Numbers.number(1 / farthest),
                Numbers.number(farthest),
                Numbers.number(1 / margin),
                Numbers.number(margin));
    boolean found = rows.stream().anyMatch(r -> !r.finds().isEmpty());
    List<Column> columns =
        java.util.stream.Stream.of(
                Column.words("cell"),
                Column.words("time"),
                Column.words("B to A").explained("Ratio and interval, " + axis + "."),
                Column.words("ratio (interval)"),
                Column.words("verdict"),
                Column.figures("p")
                    .explained("Of no difference, corrected for all that were declared."),
                Column.figures("A"),
                Column.figures("B"),
                Column.figures("n").explained(n),
                Column.words("finds")
                    .explained(
                        "The ratio that such a comparison finds in 8 of 10 times, and how many repetitions would find the margin."))
            .limit(found ? 10 : 9)
            .toList();
    return new Block.Table(
        id,
        caption + ", " + axis,
        columns,
        rows.stream()
            .sorted(Comparator.comparingInt(r -> ORDER.indexOf(r.change())))
            .map(r -> new Block.Row(fields(r, bar, found), java.util.Optional.empty()))
            .toList(),
        true);
  }

  private static List<Field> fields(ForestRow r, IntervalBar bar, boolean found) {
    String colour = "var(--" + (r.tone().word().equals("plain") ? "soft" : r.tone().word()) + ")";
    List<Field> fields =
        List.of(
            Field.of(r.title()),
            Field.of(r.timed().word()),
            Field.of("", r.ratio())
                .withPicture(bar.svg(r.ratio(), r.interval().low(), r.interval().high(), colour)),
            Field.of(r.ratioText(), r.ratio()),
            Field.of(r.verdict())
                .withTone(r.verdict().isEmpty() ? dev.conntrail.report.block.Tone.PLAIN : r.tone()),
            Field.of(Double.isNaN(r.adjustedP()) ? "" : Numbers.p(r.adjustedP()), r.adjustedP()),
            Field.of(Numbers.time(r.nsA()), r.nsA()),
            Field.of(Numbers.time(r.nsB()), r.nsB()),
            Field.of(r.n()),
            Field.of(r.finds(), r.found()));
    return fields.subList(0, found ? 10 : 9);
  }

  /** As far as ratios and bounded intervals go, within reason. */
  private static double axis(List<ForestRow> rows, double margin) {
    double far =
        rows.stream()
            .flatMapToDouble(
                r -> DoubleStream.of(r.ratio(), r.interval().low(), r.interval().high()))
            .filter(x -> x > 0 && Double.isFinite(x))
            .map(x -> Math.max(x, 1 / x))
            .max()
            .orElse(LEAST_AXIS);
    return Math.min(MOST_AXIS, Math.max(far, Math.max(LEAST_AXIS, margin * margin)));
  }
}
