package dev.conntrail.report.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.report.oracle.Facts.Cell;
import dev.conntrail.report.oracle.Phrase.Filled;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Events by which nothing was lost, of all that happened. */
record OfFreeEvents(Facts facts) {
  /** An event of a cell, with its effects. */
  record Happened(Cell cell, List<Map<String, String>> rows) {
    String name() {
      return rows.getFirst().get("cause") + " in " + cell.name();
    }
  }

  /** All of a run. */
  static List<Happened> occurrences(Facts facts) {
    List<Happened> all = new ArrayList<>();
    for (Cell c : facts.measured()) {
      for (int place = 0; !OfEvents.at(c, place).isEmpty(); place++) {
        OfEvents.at(c, place).stream()
            .collect(Collectors.groupingBy(r -> r.get("cause")))
            .values()
            .forEach(rows -> all.add(new Happened(c, rows)));
      }
    }
    return all;
  }

  /** By which nothing is known to be lost. */
  void check(String text) {
    Filled f =
        Phrase.read(
            "By [n] event[s] no request or connect is known to have failed or to have had no answer, and"
                + " no open connection to have ended before the client wanted it, until the next event"
                + " or the end: [*].",
            text);
    List<String> all =
        occurrences(facts).stream()
            .filter(o -> !o.rows().getFirst().get("cause").equals("idle"))
            .filter(o -> !OfEvents.OF_ENDPOINTS.contains(o.rows().getFirst().get("cause")))
            .filter(o -> OfEvents.sum(o.rows(), "open_count") > 0 && OfEvents.free(o.rows()))
            .map(Happened::name)
            .toList();
    f.is(0, all.size());
    assertThat(all).as(text).containsAll(OfVerdicts.items(f.words(1), all.size()));
  }
}
