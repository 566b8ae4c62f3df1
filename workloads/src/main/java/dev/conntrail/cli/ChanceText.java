package dev.conntrail.cli;

import static dev.conntrail.analysis.chance.Figures.number;
import static dev.conntrail.analysis.chance.Figures.percent;

import dev.conntrail.analysis.chance.Figures;
import dev.conntrail.analysis.chance.Judgement;
import dev.conntrail.analysis.chance.Verdict;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The answer of {@code conntrail chance} as lines for a terminal of 80 columns. */
final class ChanceText {
  private static final MathContext ABOUT = new MathContext(2);

  private final List<String> lines = new ArrayList<>();

  private ChanceText() {}

  static List<String> lines(ChanceAnswer answer) {
    ChanceText text = new ChanceText();
    text.counted(answer);
    answer.found().ifPresent(text::tests);
    text.add("verdict", verdict(answer));
    text.power(answer.power(), answer.found().isPresent());
    return text.lines;
  }

  private void add(String what, String text) {
    lines.add("%-14s%s".formatted(what, text));
  }

  private void counted(ChanceAnswer a) {
    ChanceAnswer.Chance chance = a.chance();
    String repetitions =
        a.repetitionsCount() == 1 ? "" : " in %d repetitions".formatted(a.repetitionsCount());
    add(
        "counts",
        "%s on %d pods%s, fair share %s"
            .formatted(
                a.connectionsCount() == 1
                    ? "1 connection"
                    : String.format(Locale.ROOT, "%,d connections", a.connectionsCount()),
                a.podsCount(),
                repetitions,
                percent(1.0 / a.podsCount())));
    add(
        "idle pods",
        a.found().map(f -> number(f.idleMean()) + "; ").orElse("")
            + "chance leaves %s (%s to %s in 95 %% of draws)"
                .formatted(
                    number(chance.idle().expected()),
                    number(chance.idle().low()),
                    number(chance.idle().high())));
    add(
        "busiest pod",
        a.found().map(f -> number(f.maxOverMean()) + " times the mean; ").orElse("")
            + "chance gives "
            + number(chance.maxOverMean())
            + (a.found().isPresent() ? "" : " times the mean"));
    add(
        "band",
        String.format(
            Locale.ROOT,
            "%,d to %,d on every pod in %s of draws",
            chance.band().low(),
            chance.band().high(),
            percent(ChanceAnswer.BAND)));
  }

  private void tests(ChanceAnswer.Found found) {
    String what = "test";
    for (ChanceAnswer.Test test : found.tests()) {
      String form = found.tests().size() == 1 ? "" : test.form() + ": ";
      add(what, "%s%s (%s)".formatted(form, Figures.p(test.p()), test.method()));
      what = "";
    }
  }

  private static String verdict(ChanceAnswer a) {
    return a.found()
        .map(ChanceAnswer.Found::sentence)
        .orElse(
            a.power().atTwice() < Judgement.ENOUGH_POWER
                ? Verdict.TOO_FEW.text()
                : "enough connections to tell");
  }

  private void power(ChanceAnswer.Power p, boolean counted) {
    String would = counted ? "would have found" : "would find";
    add(
        "power",
        p.smallestShare()
            .map(s -> "%s one pod that takes %s of the connections".formatted(would, percent(s)))
            .orElse(would + " no pod, not even one that takes all connections"));
    add("", "(fair: %s) in 9 of 10 runs".formatted(percent(p.fairShare())));
    add("", "one pod at twice its share: in %s of runs".formatted(percent(p.atTwice())));
    p.connectionsForFifth()
        .ifPresent(n ->
            add(
                "needed",
                String.format(
                    Locale.ROOT,
                    "about %,d connections to find one pod at 1.2 times its share",
                    new BigDecimal(n).round(ABOUT).longValue())));
  }
}
