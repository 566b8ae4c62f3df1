package dev.conntrail.report.comparison;

import dev.conntrail.compare.AbResults;
import dev.conntrail.compare.Change;
import dev.conntrail.compare.CountChange;
import dev.conntrail.compare.CountComparison;
import dev.conntrail.compare.GateTime;
import dev.conntrail.report.block.Tone;
import dev.conntrail.report.finding.Sentence;
import java.util.ArrayList;
import java.util.List;

/**
 * The one sentence of an ab, made from its verdicts.
 *
 * @param tone whether all is as it should be
 * @param text the sentence
 */
public record AbHeading(Tone tone, String text) {
  private static final int NAMED = 3;

  /** That of an ab. */
  public static AbHeading of(AbResults ab) {
    List<Sentence> parts = new ArrayList<>();
    if (ab.gate().declared().isEmpty()) {
      parts.add(
          Sentence.of(
              ab.marked() > 0
                  ? "no times to compare, for a mark stands on every block"
                  : "nothing was measured on both sides"));
    } else if (ab.gate().isVoid()) {
      parts.add(
          Sentence.of("void: what has no Service moved, {cells}; no time is believed")
              .withSome("cells", TimeSentences.of(rows(ab, ab.gate().moved())), NAMED));
    } else {
      new TimeSentences("b", rows(ab, ab.gate().declared()), ab.gate().margin()).addTo(parts);
    }
    counts(ab, parts);
    String text = String.join("; ", parts.stream().map(Sentence::text).toList()) + ".";
    return new AbHeading(tone(ab), Character.toUpperCase(text.charAt(0)) + text.substring(1));
  }

  private static Tone tone(AbResults ab) {
    if (!ab.counts(CountChange.DIFFERS).isEmpty()) {
      return Tone.BAD;
    }
    if (ab.gate().isVoid()) {
      return Tone.UNKNOWN;
    }
    return !ab.gate().times(Change.SLOWER).isEmpty()
        ? Tone.BAD
        : ab.gate().decided() ? Tone.GOOD : Tone.UNKNOWN;
  }

  private static List<ForestRow> rows(AbResults ab, List<GateTime> times) {
    return times.stream().map(t -> ForestRow.of(t, ab.gate().margin())).toList();
  }

  private static void counts(AbResults ab, List<Sentence> parts) {
    List<CountComparison> differs = ab.counts(CountChange.DIFFERS);
    if (!differs.isEmpty()) {
      parts.add(
          Sentence.of("counts differ: {cells}")
              .withSome("cells", ComparisonHeading.named(differs), NAMED));
    }
  }
}
