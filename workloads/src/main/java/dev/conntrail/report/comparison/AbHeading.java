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
    boolean none = ab.gate().times().stream().noneMatch(t -> t.timed().primary() && !t.control());
    if (none) {
      parts.add(
          Sentence.of(
              ab.marked() > 0
                  ? "no times to compare, for a mark stands on every block"
                  : "nothing was measured on both sides"));
    } else if (ab.gate().isVoid()) {
      parts.add(
          Sentence.of("void: what has no Service moved, {cells}; no time is believed")
              .withSome("cells", named(ab, ab.gate().moved()), NAMED));
    } else {
      times(ab, parts);
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

  private static void times(AbResults ab, List<Sentence> parts) {
    List<GateTime> beyond = ab.gate().slowerBeyond();
    List<GateTime> slower =
        ab.gate().times(Change.SLOWER).stream().filter(t -> !beyond.contains(t)).toList();
    double margin = ab.gate().margin();
    if (!beyond.isEmpty()) {
      parts.add(
          Sentence.of("b is slower beyond the margin of {margin} in {cells}")
              .with("margin", margin)
              .withSome("cells", named(ab, beyond), NAMED));
    }
    if (!slower.isEmpty()) {
      parts.add(
          Sentence.of("b is slower, but perhaps by less than {margin}, in {cells}")
              .with("margin", margin)
              .withSome("cells", named(ab, slower), NAMED));
    }
    List<GateTime> faster = ab.gate().times(Change.FASTER);
    if (!faster.isEmpty()) {
      parts.add(Sentence.of("b is faster in {cells}").withSome("cells", named(ab, faster), NAMED));
    }
    long all = ab.gate().times().stream().filter(t -> t.timed().primary() && !t.control()).count();
    long same = ab.gate().times(Change.NO_CHANGE).size();
    long untold = ab.gate().times(Change.CANNOT_TELL).size();
    Sentence.ifAny(same, "no change beyond {margin} in {n} of {all} times")
        .map(s -> s.with("margin", margin).with("all", all))
        .ifPresent(parts::add);
    Sentence.ifAny(untold, "{n} of {all} times cannot be told")
        .map(s -> s.with("all", all))
        .ifPresent(parts::add);
  }

  private static List<Sentence> named(AbResults ab, List<GateTime> times) {
    return times.stream()
        .map(t ->
            Sentence.of("{title} ({time} {ratio})")
                .with("title", ForestRow.of(t, ab.gate().margin()).title())
                .with("time", t.timed().word())
                .with("ratio", ForestRow.of(t, ab.gate().margin()).ratioText()))
        .toList();
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
