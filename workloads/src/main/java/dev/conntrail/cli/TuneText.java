package dev.conntrail.cli;

import static dev.conntrail.analysis.chance.Figures.number;
import static dev.conntrail.analysis.chance.Figures.percent;

import dev.conntrail.analysis.theory.PoolSize;
import dev.conntrail.report.block.Numbers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The answer of {@code conntrail tune} as lines for a terminal of 80 columns. */
final class TuneText {
  private static final int COLUMNS = 80;
  private static final String HEAD = "%-14s";
  private static final int INDENT = 14;
  private static final String ROW = "%-9s%-13s%-8s%-12s%s";

  private final List<String> lines = new ArrayList<>();

  private TuneText() {}

  static List<String> lines(TuneAnswer answer) {
    TuneText text = new TuneText();
    text.asked(answer);
    text.ages(answer);
    text.draw(answer);
    text.pool(answer);
    text.silent(answer);
    return text.lines;
  }

  private void add(String what, String text) {
    String head = what;
    for (String line : Wrapped.lines(text, COLUMNS - INDENT)) {
      lines.add(HEAD.formatted(head) + line);
      head = "";
    }
  }

  private static String seconds(double s) {
    return Numbers.number(s) + " s";
  }

  private static String times(double ratio) {
    return number(ratio) + " times the mean";
  }

  private static String connections(long n) {
    return Numbers.counted(n, "connection");
  }

  private void asked(TuneAnswer a) {
    TuneAnswer.Asked asked = a.asked();
    add(
        "asked",
        "%s of %s on %s, %d after a scale-out; all opened anew within %s, busiest pod at most %s"
            .formatted(
                connections(asked.connectionsCount()),
                Numbers.counted((long) asked.clientsCount(), "client"),
                Numbers.counted((long) asked.podsCount(), "pod"),
                asked.scaleToCount(),
                seconds(asked.balancedWithinS()),
                times(asked.imbalance())));
    add(
        "without age",
        "new pods get nothing until connections end; fair would be %s of all"
            .formatted(percent(a.fairShare())));
  }

  private void ages(TuneAnswer a) {
    lines.add(
        HEAD.formatted("maximum age")
            + ROW.formatted("jitter", "ages", "set to", "connects/s", "most in 1 s, calm after"));
    for (TuneAnswer.Age age : a.ages()) {
      lines.add(
          " ".repeat(INDENT)
              + ROW.formatted(
                  age.jitter(),
                  age.low() == age.high()
                      ? "all alike"
                      : "x " + number(age.low()) + " to " + number(age.high()),
                  seconds(age.ageS()),
                  Numbers.number(age.connectsPerS()),
                  Numbers.number(age.herdConnects()) + ", " + calm(age.herdCalmAfter())));
    }
    add(
        "at random",
        "a mean age of %s renews %s in that time, at %s connects/s"
            .formatted(
                seconds(a.random().meanAgeS()),
                percent(a.random().share()),
                Numbers.number(a.random().connectsPerS())));
  }

  private static String calm(Optional<Integer> cycles) {
    return cycles.map(c -> Numbers.counted((long) c, "cycle")).orElse("never");
  }

  private void draw(TuneAnswer a) {
    TuneAnswer.Draw draw = a.draw();
    add(
        "how sure",
        "then the bound holds in %s of draws; the busiest pod has %s on average, and at most %s in %s of draws; %s of %d pods idle"
            .formatted(
                percent(draw.probability()),
                times(draw.maxOverMean()),
                number(draw.surelyAtMost()),
                percent(a.asked().sure()),
                number(draw.idlePods()),
                a.asked().scaleToCount()));
  }

  private void pool(TuneAnswer a) {
    int now = a.asked().connectionsCount() / a.asked().clientsCount();
    add(
        "pool size",
        a.pool()
            .map(p ->
                p.connectionsEach() <= now
                    ? "with %s a client the bound holds in %s of draws: the pool is large enough"
                        .formatted(connections(p.connectionsEach()), percent(p.probability()))
                    : "with %s a client, not %d (%s in all), the bound holds in %s of draws, at %s times the connects"
                        .formatted(
                            connections(p.connectionsEach()),
                            now,
                            Numbers.count(p.connectionsCount()),
                            percent(p.probability()),
                            number(p.connectsTimes())))
            .orElse(
                "no pool of up to %s in all holds the bound in %s of draws: balance requests instead"
                    .formatted(connections(PoolSize.MOST_CONNECTIONS), percent(a.asked().sure()))));
  }

  private void silent(TuneAnswer a) {
    TuneAnswer.Silent silent = a.silent();
    add(
        "silent pod",
        "a client that sends nothing never notices it; one that sends data does after %s, with tcp-retries %d after %s; with pings every %s, each answered before the next, any does within %s"
            .formatted(
                seconds(silent.usuallyAfterS()),
                silent.tcpRetriesCount(),
                seconds(silent.afterS()),
                seconds(silent.pingEveryS()),
                seconds(a.asked().balancedWithinS())));
  }
}
