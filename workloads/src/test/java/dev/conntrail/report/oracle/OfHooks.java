package dev.conntrail.report.oracle;

import static dev.conntrail.report.oracle.CsvText.number;

import dev.conntrail.report.oracle.Facts.Cell;
import dev.conntrail.report.oracle.Phrase.Filled;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a {@code preStop} hook made of an event: counted anew from bins of 100 ms in which requests
 * were due, beside the same without it.
 */
@SuppressWarnings("LongDoubleConversion") // counts are far below 2^53
record OfHooks(Facts facts) {
  private static final String HOOK = "pre-stop=\\d+ms";
  private static final String NO_HOOK = "pre-stop=0ms";
  private static final int AT_MS = 3;
  private static final int DUE = 4;
  private static final int FAILED = 6;
  private static final int UNANSWERED = 7;

  void check(String id, String text) {
    new OfEvents(facts).made("preStop", id, text, this::without, this::each);
  }

  private void each(
      String item, List<Map<String, String>> with, List<Map<String, String>> without) {
    Filled f =
        Phrase.read(
            "[n] of [n] request[s] lost with it, and [n] of [n] request[s] lost without", item);
    f.is(0, sum(with, FAILED) + sum(with, UNANSWERED));
    f.is(1, sum(with, DUE));
    f.is(2, sum(without, FAILED) + sum(without, UNANSWERED));
    f.is(3, sum(without, DUE));
  }

  /** Effects of the same event in the same cell without a hook, recorded as often. */
  private Optional<List<Map<String, String>>> without(
      Cell with, List<Map<String, String>> rows, int place) {
    String cause = rows.getFirst().get("cause");
    boolean hooked =
        List.of(with.is("events").split(";", -1)).stream()
            .filter(e -> e.startsWith(cause + "="))
            .anyMatch(e -> e.matches(".*" + HOOK + ".*") && !e.contains(NO_HOOK));
    String hookless = with.is("cell").replaceAll(HOOK, NO_HOOK);
    return facts
        .measured(c ->
            hooked && c.is("testbed").equals(with.is("testbed")) && c.is("cell").equals(hookless))
        .stream()
        .map(c -> OfEvents.at(c, place).stream().filter(r -> r.get("cause").equals(cause)).toList())
        .filter(o -> recorded(o) == recorded(rows) && recorded(o) > 0)
        .findFirst();
  }

  private long recorded(List<Map<String, String>> rows) {
    return rows.stream()
        .filter(r -> facts.watched(facts.cell(r), r.get("repetition")) && !bins(r).isEmpty())
        .count();
  }

  private List<String> bins(Map<String, String> effect) {
    return facts.text().raw(effect.get("cell_id"), Long.parseLong(effect.get("repetition")), "due");
  }

  /** In the bins from that in which the event begins to that in which the next one does. */
  private long sum(List<Map<String, String>> effects, int column) {
    long sum = 0;
    for (Map<String, String> effect : effects) {
      Cell cell = facts.cell(effect);
      if (facts.watched(cell, effect.get("repetition"))) {
        double from = Math.floor(number(effect, "from_ms") / 100) * 100;
        double next =
            OfAutoscaler.next(number(effect, "from_ms"), cell.steps(effect.get("repetition")));
        double until = Math.ceil(Math.min(OfEvents.lengthMs(cell), next) / 100) * 100;
        sum +=
            bins(effect).stream()
                .map(line -> line.split(",", -1))
                .filter(bin -> Double.parseDouble(bin[AT_MS]) >= from)
                .filter(bin -> Double.parseDouble(bin[AT_MS]) < until)
                .mapToLong(bin -> Long.parseLong(bin[column]))
                .sum();
      }
    }
    return sum;
  }
}
