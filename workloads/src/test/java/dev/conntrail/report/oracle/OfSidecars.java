package dev.conntrail.report.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.report.oracle.Facts.Cell;
import dev.conntrail.report.oracle.Phrase.Filled;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the proxies of a cell take, read anew from the processes of each repetition. */
record OfSidecars(Facts facts) {
  private static final String BESIDE = ",proxies=sidecars";

  private List<String[]> proxies(Cell cell, Map<String, String> summary) {
    return facts.text().raw(cell.id(), CsvText.count(summary, "repetition"), "processes").stream()
        .map(line -> line.split(",", -1))
        .filter(r -> r[3].equals("proxy"))
        .toList();
  }

  private double cpu(Cell cell) {
    double ns = 0;
    double answered = 0;
    for (Map<String, String> s : cell.summaries()) {
      ns += proxies(cell, s).stream().mapToDouble(r -> Double.parseDouble(r[6])).sum();
      answered += CsvText.count(s, "requests_answered_count");
    }
    return ns / answered;
  }

  private double megabytes(Cell cell) {
    List<Double> sums = new ArrayList<>();
    for (Map<String, String> s : cell.summaries()) {
      sums.add(proxies(cell, s).stream().mapToDouble(r -> Double.parseDouble(r[7])).sum());
    }
    return sums.stream().mapToDouble(x -> x).average().orElseThrow() / 1e6;
  }

  private static Map<String, String> asked(Cell cell) {
    Map<String, String> row = new HashMap<>(cell.row());
    List.of("number", "cell_id", "cell", "title", "cure", "block").forEach(row::remove);
    return row;
  }

  void finding(String id, String text) {
    Cell c = facts.measured().stream().filter(x -> id.endsWith(x.id())).findFirst().orElseThrow();
    assertThat(c.is("cure")).contains(BESIDE);
    Cell one =
        facts
            .measured(o ->
                o.is("cure").equals(c.is("cure").replace(BESIDE, "")) && asked(o).equals(asked(c)))
            .getFirst();
    Filled f =
        Phrase.read(
            "The sidecars of [n] client pod[s] took [t] of CPU a request, [n] MB of memory ([*]) together;"
                + " one such proxy for all of them took [t] of CPU a request, [n] MB of memory ([*]).",
            text);
    f.is(0, c.count("clients_count"));
    f.spansTimes(1, List.of(cpu(c)));
    f.is(2, megabytes(c));
    assertThat(f.words(3)).isEqualTo(c.name());
    f.spansTimes(4, List.of(cpu(one)));
    f.is(5, megabytes(one));
    assertThat(f.words(6)).isEqualTo(one.name());
  }
}
