package dev.conntrail.report.oracle;

import static dev.conntrail.report.oracle.CsvText.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.conntrail.report.oracle.Facts.Cell;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Which share of connections is on pods that joined, worked out connection by connection. */
record OfNewShares(Facts facts) {
  private static final double SAME = 2e-5;

  /** A connection of the ledger, in milliseconds after pods had joined. */
  private record Life(double born, double died, boolean onNew) {
    boolean open(double ms) {
      return born <= ms && died > ms;
    }

    /** How likely it is on one of them some time later, or what took its place is. */
    double later(OfRenewals.Ages ages, double times, double lag, double ms, double fair) {
      double moved = ages.by(times, lag, -born, ms);
      return (onNew ? 1 - moved : 0) + moved * fair;
    }
  }

  /** What a cell's repetition has. */
  private static List<Life> lives(Cell c, String repetition) {
    List<Map<String, String>> joins =
        c.steps(repetition).stream().filter(e -> e.get("step").equals("joined")).toList();
    double from = joins.stream().mapToDouble(e -> number(e, "done_ms")).max().orElseThrow();
    Set<String> added =
        joins.stream().flatMap(e -> Cell.podsOf(e).stream()).collect(Collectors.toSet());
    return c.rows("connections").stream()
        .filter(r -> r.get("repetition").equals(repetition) && !r.get("pod").equals("NA"))
        .map(r -> {
          double born = number(r, "born_ms");
          double lived =
              r.get("lived_ms").equals("NA") ? Double.POSITIVE_INFINITY : number(r, "lived_ms");
          return new Life(born - from, born + lived - from, added.contains(r.get("pod")));
        })
        .toList();
  }

  private static double fair(Cell c) {
    double joined =
        c.steps(c.counted().getFirst().get("repetition")).stream()
            .filter(e -> e.get("step").equals("joined"))
            .flatMap(e -> Cell.podsOf(e).stream())
            .distinct()
            .count();
    return joined / (c.count("pods_count") + joined);
  }

  /** Whether a chart is called by cells that can be drawn in it. */
  boolean drawn(String names) {
    List<String> there =
        facts
            .measured(c -> c.is("cure").contains("max-age=") && OfCures.grows(c) && !c.proxied())
            .stream()
            .map(c -> new OfCures.Measured(c, 0, false).name())
            .toList();
    return there.containsAll(List.of(names.split("; ", -1)));
  }

  /** Rows of new_shares.csv say this. */
  void areTheRows() {
    Set<String> cells =
        facts.text().rows("cures").stream()
            .filter(r -> !r.get("age_fit").equals("NA"))
            .map(r -> r.get("cell_id"))
            .collect(Collectors.toSet());
    List<Cell> all = facts.measured(c -> !c.rows("new_shares").isEmpty());
    assertThat(all).isNotEmpty().extracting(Cell::id).containsExactlyInAnyOrderElementsOf(cells);
    all.forEach(OfNewShares::areTheRows);
  }

  private static void areTheRows(Cell c) {
    List<Life> lives = new ArrayList<>();
    c.counted().forEach(s -> lives.addAll(lives(c, s.get("repetition"))));
    List<Life> old = lives.stream().filter(l -> l.open(0)).toList();
    OfRenewals.Ages ages = OfRenewals.ages(c);
    double fair = fair(c);
    List<Map<String, String>> rows = c.rows("new_shares");
    for (int i = 0; i < rows.size(); i++) {
      Map<String, String> row = rows.get(i);
      double at = i * c.count("measure_ms") / 20.0;
      is(row, "after_ms", at);
      is(row, "open_count", (double) lives.stream().filter(l -> l.open(at)).count());
      is(row, "new_count", (double) lives.stream().filter(l -> l.open(at) && l.onNew()).count());
      double expected = 0;
      double least = 0;
      double most = 0;
      for (Life l : old) {
        double late = l.later(ages, 1.05, ages.gap(), at, fair);
        double early = l.later(ages, 0.95, 0, at, fair);
        expected += 100 * l.later(ages, 1, ages.gap() / 2, at, fair) / old.size();
        least += 100 * (late < early ? late : early) / old.size();
        most += 100 * (late < early ? early : late) / old.size();
      }
      is(row, "expected_pct", expected);
      is(row, "least_pct", least);
      is(row, "most_pct", most);
    }
    double last = number(rows.getLast(), "after_ms");
    assertThat(last).isPositive().isLessThanOrEqualTo(c.count("measure_ms"));
  }

  private static void is(Map<String, String> row, String column, double own) {
    assertThat(number(row, column)).as(column).isCloseTo(own, within(SAME * own + 1e-9));
  }
}
