package dev.conntrail.report.oracle;

import static dev.conntrail.report.oracle.CsvText.number;

import dev.conntrail.report.oracle.Facts.Cell;
import dev.conntrail.report.oracle.Phrase.Filled;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What retries made of an event: counted anew from bins of 100 ms, beside the same without. */
@SuppressWarnings("LongDoubleConversion") // counts are far below 2^53
record OfRetries(Facts facts) {
  private static final int FAILED = 7;
  private static final int RETRIED = 8;

  void check(String id, String text) {
    new OfEvents(facts).made("retries", id, text, this::without, this::each);
  }

  private void each(
      String item, List<Map<String, String>> with, List<Map<String, String>> without) {
    long retried = sum(with, RETRIED);
    Filled f =
        Phrase.read(
            "[n] request[s] failed with [n] "
                + (retried == 1 ? "retry" : "retries")
                + ", and [n] without",
            item);
    f.is(0, sum(with, FAILED));
    f.is(1, retried);
    f.is(2, sum(without, FAILED));
  }

  /** Effects of the same event in the same cell with retries off, watched as often. */
  private Optional<List<Map<String, String>>> without(
      Cell with, List<Map<String, String>> rows, int place) {
    String without = with.is("cell").replace(" retries=library", "");
    return facts
        .measured(c ->
            with.retried()
                && c.is("testbed").equals(with.is("testbed"))
                && c.is("cell").equals(without))
        .stream()
        .map(c -> OfEvents.at(c, place))
        .filter(o ->
            !o.isEmpty()
                && o.getFirst().get("cause").equals(rows.getFirst().get("cause"))
                && watched(o) == watched(rows)
                && watched(o) > 0)
        .findFirst();
  }

  private long watched(List<Map<String, String>> rows) {
    return rows.stream().filter(r -> facts.watched(facts.cell(r), r.get("repetition"))).count();
  }

  /** In the bins from that in which the event begins to that in which the next one does. */
  private long sum(List<Map<String, String>> effects, int column) {
    long sum = 0;
    for (Map<String, String> effect : effects) {
      Cell cell = facts.cell(effect);
      String repetition = effect.get("repetition");
      double from = number(effect, "from_ms");
      double until = OfAutoscaler.next(from, cell.steps(repetition));
      sum +=
          cell.bins(repetition, Math.floor(from / 100) * 100, Math.floor(until / 100) * 100)
              .mapToLong(bin -> Long.parseLong(bin.get(column)))
              .sum();
    }
    return sum;
  }
}
