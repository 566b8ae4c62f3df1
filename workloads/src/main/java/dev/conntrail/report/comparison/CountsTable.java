package dev.conntrail.report.comparison;

import dev.conntrail.compare.CountChange;
import dev.conntrail.compare.CountComparison;
import dev.conntrail.compare.Counted;
import dev.conntrail.report.block.Block;
import dev.conntrail.report.block.Column;
import dev.conntrail.report.block.Field;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.block.Tone;
import dev.conntrail.result.Side;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Counts side by side; what differs comes first. */
final class CountsTable {
  private static final List<CountChange> ORDER =
      List.of(
          CountChange.DIFFERS, CountChange.TOO_FEW, CountChange.NO_DIFFERENCE, CountChange.ALIKE);
  private static final double PCT = 100;

  private CountsTable() {}

  static Block.Table of(List<CountComparison> counts) {
    return new Block.Table(
        "counts",
        "What was counted, side by side: tests of homogeneity, pooled and stratified by repetition",
        List.of(
            Column.words("cell"),
            Column.words("what"),
            Column.words("A"),
            Column.words("B"),
            Column.words("verdict"),
            Column.figures("p")
                .explained("The smaller of both tests, corrected for all tests of counts."),
            Column.words("finds")
                .explained("The share in B that would have been found in 9 of 10 times.")),
        counts.stream()
            .sorted(Comparator.comparingInt(c -> ORDER.indexOf(c.change())))
            .map(c -> new Block.Row(fields(c), Optional.empty()))
            .toList(),
        true);
  }

  private static List<Field> fields(CountComparison c) {
    double p = c.strongest().map(CountComparison.Test::adjustedP).orElse(Double.NaN);
    return List.of(
        Field.of(c.pair().title()),
        Field.of(c.counted().title()),
        side(c, Side.A),
        side(c, Side.B),
        Field.of(verdict(c)).withTone(tone(c.change())),
        Field.of(Double.isNaN(p) ? "" : Numbers.p(p), p),
        Field.of(Double.isNaN(c.found()) ? "" : Numbers.number(PCT * c.found()) + " %", c.found()));
  }

  /** Pods as bars; anything else as so many of so many. */
  private static Field side(CountComparison c, Side side) {
    List<Long> counts = side == Side.A ? c.a() : c.b();
    long all = counts.stream().mapToLong(n -> n).sum();
    if (c.counted() != Counted.POD_SHARES) {
      return Field.of(
          Numbers.count(counts.getFirst()) + " of " + Numbers.count(all), c.share(side));
    }
    double most = counts.stream().mapToLong(n -> n).max().orElse(1);
    return Field.of(Numbers.count(all), (double) all)
        .withBars(counts.stream().map(n -> n / Math.max(1, most)).toList());
  }

  static String verdict(CountComparison c) {
    return switch (c.change()) {
      case DIFFERS -> "differs";
      case NO_DIFFERENCE -> "no difference found";
      case TOO_FEW -> "too few to tell";
      case ALIKE -> "alike";
    };
  }

  private static Tone tone(CountChange change) {
    return switch (change) {
      case DIFFERS -> Tone.BAD;
      case NO_DIFFERENCE, ALIKE -> Tone.GOOD;
      case TOO_FEW -> Tone.UNKNOWN;
    };
  }
}
