package dev.conntrail.report.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.report.oracle.Facts.Cell;
import dev.conntrail.report.oracle.Phrase.Filled;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.DoubleStream;

/** What very many connections took, and how many were lost. */
record OfHeld(Facts facts) {
  private static final Set<String> WANTED = Set.of("open", "client-close", "retired");

  private DoubleStream counters(Cell cell, String counter) {
    return cell.summaries().stream()
        .flatMap(s -> cell.raw(s, "counters"))
        .filter(r -> r[4].equals(counter))
        .mapToDouble(r -> Double.parseDouble(r[5]));
  }

  void finding(String id, String text) {
    Cell c = facts.measured().stream().filter(x -> id.endsWith(x.id())).findFirst().orElseThrow();
    List<Map<String, String>> ledger =
        facts.text().rows("connections").stream()
            .filter(r -> r.get("cell_id").equals(c.id()))
            .toList();
    Filled f =
        Phrase.read(
            "Of [n] connections in the ledger ([*]) [n] ended before the client wanted it; each took [n]"
                + " bytes of a client's Java heap, and [n] a second were opened.",
            text);
    f.is(0, ledger.size());
    assertThat(f.words(1)).isEqualTo(c.name());
    f.is(2, (double) ledger.stream().filter(r -> !WANTED.contains(r.get("death"))).count());
    f.is(3, counters(c, "held_bytes").sum() / c.count("connections_count") / c.summaries().size());
    f.is(4, counters(c, "opened_before_per_s").average().orElseThrow());
  }
}
