package dev.conntrail.report.comparison;

import dev.conntrail.compare.Change;
import dev.conntrail.compare.Comparison;
import dev.conntrail.compare.CountChange;
import dev.conntrail.compare.CountComparison;
import dev.conntrail.compare.Obstacle;
import dev.conntrail.report.block.Numbers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A comparison as lines for a terminal: what changed first, what is alike counted. */
public final class ComparisonText {
  private ComparisonText() {}

  /** The lines below the heading. */
  public static List<String> lines(Comparison c) {
    List<String> lines = new ArrayList<>();
    for (Obstacle o : c.comparability().obstacles()) {
      lines.add("not comparable: " + o.text());
    }
    for (Obstacle o : c.comparability().notes()) {
      lines.add("differs too: " + o.text());
    }
    if (!c.setAside().isEmpty()) {
      lines.add(
          "set aside: "
              + Numbers.counted((long) c.setAside().size(), "repetition")
              + " with marks");
    }
    counts(c, lines);
    if (!c.times().isEmpty()) {
      lines.add("");
      lines.add(head("B to A"));
      List<ForestRow> shown = shown(c);
      shown.forEach(r -> lines.add(row(r, false)));
      legend(shown).ifPresent(lines::add);
    }
    return lines;
  }

  private static List<ForestRow> shown(Comparison c) {
    return Arrays.stream(Change.values())
        .flatMap(change -> c.times(change).stream())
        .filter(t -> t.timed().primary())
        .map(t -> ForestRow.of(t, c.margin()))
        .toList();
  }

  /** What a verdict that cannot be told says beside it; empty where none is shown. */
  private static Optional<String> legend(List<ForestRow> shown) {
    Map<Boolean, Long> numbered =
        shown.stream()
            .filter(r -> r.change() == Change.CANNOT_TELL)
            .collect(Collectors.partitioningBy(r -> r.needed().isPresent(), Collectors.counting()));
    List<String> parts = new ArrayList<>();
    if (numbered.get(true) > 0) {
      parts.add("needs: repetitions a side that would find the margin");
    }
    if (numbered.get(false) > 0) {
      parts.add(
          (numbered.get(true) > 0 ? "without: " : "cannot tell: ") + "no number would, `ab` may");
    }
    return Optional.of(String.join("; ", parts)).filter(text -> !text.isEmpty());
  }

  /** The heads of the columns. */
  static String head(String ratio) {
    return row("verdict", ratio, "time", "p", "cell");
  }

  /** A time. */
  static String row(ForestRow r, boolean isVoid) {
    String verdict = isVoid ? "void" : brief(r);
    return row(verdict, r.ratioText(), r.timed().word(), p(r.adjustedP()), r.title());
  }

  private static String brief(ForestRow r) {
    return switch (r.change()) {
      case NOISE_UNKNOWN -> "noise unknown";
      case CANNOT_TELL ->
          r.needed().isPresent()
              ? "cannot tell (needs " + r.needed().getAsInt() + ")"
              : "cannot tell";
      default -> r.verdict();
    };
  }

  private static String row(String a, String b, String c, String d, String e) {
    return String.format(Locale.ROOT, "%-27s  %-24s  %-12s  %-9s  %s", a, b, c, d, e)
        .stripTrailing();
  }

  private static String p(double p) {
    return Double.isNaN(p) ? "" : Numbers.p(p);
  }

  private static void counts(Comparison c, List<String> lines) {
    if (c.counts().isEmpty()) {
      return;
    }
    lines.add("");
    lines.addAll(differing(c.counts(CountChange.DIFFERS)));
    lines.add(
        "counts: %d differ, %d without a difference, %d alike, %d too few to tell"
            .formatted(
                c.counts(CountChange.DIFFERS).size(),
                c.counts(CountChange.NO_DIFFERENCE).size(),
                c.counts(CountChange.ALIKE).size(),
                c.counts(CountChange.TOO_FEW).size()));
  }

  /** Counts that differ, a line each. */
  static List<String> differing(List<CountComparison> counts) {
    return counts.stream()
        .map(n ->
            "counts differ: %s of %s, %s"
                .formatted(
                    n.counted().title(),
                    n.pair().title(),
                    Numbers.test(n.strongest().orElseThrow().adjustedP())))
        .toList();
  }
}
