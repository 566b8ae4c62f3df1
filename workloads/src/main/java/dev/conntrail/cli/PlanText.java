package dev.conntrail.cli;

import dev.conntrail.analysis.Hindrance;
import dev.conntrail.analysis.Prospect;
import dev.conntrail.analysis.Prospect.Connections.Known;
import dev.conntrail.analysis.Prospect.Outlook;
import dev.conntrail.analysis.Prospects;
import dev.conntrail.analysis.chance.Figures;
import dev.conntrail.analysis.chance.Sensitivity;
import dev.conntrail.compare.Beforehand;
import dev.conntrail.compare.Timed;
import dev.conntrail.experiment.Looks;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.result.Side;
import dev.conntrail.spec.Course;
import dev.conntrail.spec.Experiment;
import dev.conntrail.spec.Phases;
import dev.conntrail.spec.TestbedKind;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What cells will be able to tell, as rows of a table and what it means. */
final class PlanText {
  private static final String ROW = "%4s  %11s  %6s  %-15s  %s";

  /** A title that is longer goes on below. */
  private static final int COLUMNS = 100;

  private static final int TITLE_AT = ROW.formatted("", "", "", "", "").length();

  /** That of ab, unless another is named. */
  private static final Duration BUDGET = Duration.ofMinutes(6);

  private static final MathContext ABOUT = new MathContext(2);

  private PlanText() {}

  /** The heads of the columns. */
  static String head() {
    return ROW.formatted("#", "connections", "fair", "finds", "cell");
  }

  /** A cell's row: of one that is not judged, why, below. */
  static List<String> row(int number, Prospect p) {
    List<String> titles = Wrapped.lines(p.cell().title(), COLUMNS - TITLE_AT);
    List<String> finds = finds(p);
    List<String> lines = new ArrayList<>();
    lines.add(
        ROW.formatted(
            number, connections(p.connections()), fair(p), finds.getFirst(), titles.getFirst()));
    for (int i = 1; i < Math.max(titles.size(), finds.size()); i++) {
      String below = i < finds.size() ? finds.get(i) : "";
      String title = i < titles.size() ? titles.get(i) : "";
      lines.add(ROW.formatted("", "", "", below, title).stripTrailing());
    }
    return lines;
  }

  private static String connections(Prospect.Connections c) {
    String known =
        switch (c.known()) {
          case EXACTLY -> "";
          case ABOUT -> "about ";
          case AT_MOST -> "up to ";
        };
    return known + Numbers.count(c.count());
  }

  private static String fair(Prospect p) {
    return switch (p.outlook()) {
      case Outlook.Tells(Sensitivity s) -> Figures.percent(s.fairShare());
      case Outlook.TooFew(Sensitivity s) -> Figures.percent(s.fairShare());
      case Outlook.ByDesign _, Outlook.NotJudged _ -> "";
    };
  }

  private static List<String> finds(Prospect p) {
    return switch (p.outlook()) {
      case Outlook.Tells(Sensitivity s) ->
          List.of(
              s.smallestShare().map(Figures::percent).orElse("nothing")
                  + (p.connections().known() == Known.AT_MOST ? " or more" : ""));
      case Outlook.TooFew _ -> List.of("too few to tell");
      case Outlook.ByDesign _ -> List.of("by design");
      case Outlook.NotJudged(Hindrance why) -> List.of("not judged:", why.brief());
    };
  }

  /** How often, and how long, the cells of a block are tried. */
  static String course(Course course) {
    Phases phases = course.phases();
    return "%s: warm-up %s, %smeasure %s, drain at most %s"
        .formatted(
            course.repetitions() == 1 ? "once" : course.repetitions() + " times",
            TimeText.of(phases.warmup()),
            phases.idle().isZero() ? "" : "idle " + TimeText.of(phases.idle()) + ", ",
            TimeText.of(phases.measure()),
            TimeText.of(phases.drain()));
  }

  /** Which testbed was asked for, and where it leaves that open, which are used for how many. */
  static String testbed(TestbedKind asked, Map<TestbedKind, Integer> used) {
    boolean open = !used.isEmpty() && !used.keySet().equals(Set.of(asked));
    return asked.word()
        + (open
            ? used.entrySet().stream()
                .map(e -> e.getKey().word() + ": " + Numbers.counted(e.getValue(), "cell"))
                .collect(Collectors.joining(", ", " (", ")"))
            : "");
  }

  /** What the columns mean, and what it would take to find a small fault. */
  static List<String> notes(Prospects prospects) {
    List<String> notes = new ArrayList<>();
    notes.add("connections: of all repetitions");
    if (!prospects.needed().isEmpty()) {
      notes.add(
          "finds: the smallest share of one pod, instead of its fair one, found in 9 of 10 runs");
      notes.add(
          "       (corrected for %s: any false alarm in 1 of 1,000 runs)"
              .formatted(Numbers.counted(prospects.tests(), "test")));
      notes.addAll(needed(prospects));
    }
    return notes;
  }

  /** What a comparison with another run, and an ab, will find. */
  static List<String> comparing(Experiment e) {
    int pairs = (int) e.cells().stream().filter(c -> c.dataPlane().service()).count();
    int times = Math.max(1, pairs) * Timed.primaries().size();
    Looks looks = Looks.within(BUDGET, e.expectedRound().multipliedBy(Side.values().length), times);
    int repetitions = e.cells().stream().mapToInt(c -> c.course().repetitions()).min().orElse(0);
    List<Beforehand> found =
        Beforehand.of(
            repetitions,
            e.cells().size(),
            new Beforehand.Turns(looks.most(), looks.level(), Math.max(1, pairs)));
    List<String> lines = new ArrayList<>();
    boolean few = found.stream().noneMatch(b -> Double.isFinite(b.ofRuns()));
    lines.add(
        few
            ? "compared with another run: no verdict on times, for %s %s too few"
                .formatted(
                    Numbers.counted((long) repetitions, "repetition"),
                    repetitions == 1 ? "is" : "are")
            : "compared with another run: finds, in 8 of 10 times, "
                + found.stream()
                    .map(b -> b.timed().word() + ratio(b.ofRuns()))
                    .collect(Collectors.joining(", ")));
    lines.add(
        "by ab of "
            + looks.most()
            + " blocks: finds "
            + found.stream()
                .map(b -> b.timed().word() + ratio(b.ofBlocks()))
                .collect(Collectors.joining(", "))
            + " (spread as measured on 2 cores; `aa` measures yours)");
    return lines.stream().flatMap(l -> Wrapped.lines(l, COLUMNS).stream()).toList();
  }

  private static String ratio(double ratio) {
    return Double.isFinite(ratio)
        ? " of " + Numbers.number(ratio) + " times"
        : " of no size, for they are too few";
  }

  private static List<String> needed(Prospects prospects) {
    List<String> each =
        prospects.needed().entrySet().stream()
            .filter(e -> e.getValue().isPresent())
            .map(e ->
                String.format(
                    Locale.ROOT,
                    "%,d on %s",
                    new BigDecimal(e.getValue().getAsLong()).round(ABOUT).longValue(),
                    Numbers.counted(e.getKey(), "pod")))
            .toList();
    return each.isEmpty()
        ? List.of()
        : Wrapped.lines(
            "to find one pod at 1.2 times its share so often, connections: about "
                + String.join(", ", each),
            COLUMNS);
  }
}
