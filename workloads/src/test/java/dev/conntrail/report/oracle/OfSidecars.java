package dev.conntrail.report.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.report.oracle.Facts.Cell;
import dev.conntrail.report.oracle.Phrase.Filled;
import java.util.List;

/** What sidecars take, against one such proxy. */
record OfSidecars(Facts facts) {
  private static final String BESIDE = ",proxies=sidecars";

  private double cpu(Cell cell) {
    return new OfProcesses(facts).cpu(cell, "proxy");
  }

  private double megabytes(Cell cell) {
    return new OfProcesses(facts).memory(cell, "proxy").average().orElseThrow() / 1e6;
  }

  void finding(String id, String text) {
    Cell c = facts.measured().stream().filter(x -> id.endsWith(x.id())).findFirst().orElseThrow();
    assertThat(c.is("cure")).contains(BESIDE);
    Cell one =
        facts
            .measured(
                o -> o.is("cure").equals(c.is("cure").replace(BESIDE, "")) && o.alike(c, "cure"))
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
