package dev.conntrail.report.comparison;

import dev.conntrail.compare.AbResults;
import dev.conntrail.compare.CountChange;
import dev.conntrail.compare.GateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** An ab as lines for a terminal: what changed first, controls last. */
public final class AbText {
  private AbText() {}

  /** The lines below the heading. */
  public static List<String> lines(AbResults ab) {
    List<String> lines = new ArrayList<>(ComparisonText.differing(ab.counts(CountChange.DIFFERS)));
    lines.add(ComparisonText.head("b to a"));
    ab.gate().times().stream()
        .filter(t -> t.timed().primary())
        .sorted(Comparator.comparing(GateTime::control).thenComparing(GateTime::change))
        .map(t -> ForestRow.of(t, ab.gate().margin()))
        .map(r -> ComparisonText.row(r, ab.gate().isVoid()))
        .forEach(lines::add);
    return lines;
  }
}
