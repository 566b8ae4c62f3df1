package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.CellLink;
import dev.conntrail.report.block.Finding;
import dev.conntrail.report.block.Finding.Evidence;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.block.Tone;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.CounterRow;
import dev.conntrail.spec.CellId;
import dev.conntrail.spec.ClientKind;
import dev.conntrail.spec.Cure;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;

/** What became of very many connections that the event loop held, and what each of them took. */
final class HeldFindings implements FindingSource {
  /** As many as a client has at least whose heap was looked at. */
  private static final int MANY = 1000;

  @Override
  public List<Finding> of(Analysis run) {
    Map<CellId, List<ConnectionRow>> ledger = run.results().connectionsByCell();
    return run.results().measured().stream()
        .filter(c ->
            c.cell().client() == ClientKind.LOOP
                && c.cell().connections() >= MANY * c.cell().clients()
                && c.cell().cure().equals(Cure.NONE)
                && !c.cell().provoking())
        .flatMap(c -> finding(c, ledger.getOrDefault(c.id(), List.of())).stream())
        .toList();
  }

  private static DoubleStream named(List<CounterRow> counters, String counter) {
    return counters.stream()
        .filter(c -> c.counter().equals(counter))
        .mapToDouble(CounterRow::value);
  }

  private static Optional<Finding> finding(CellResults cell, List<ConnectionRow> ledger) {
    List<CounterRow> counters = cell.counters();
    return named(counters, "held_bytes").sum() == 0 || ledger.isEmpty()
        ? Optional.empty()
        : Optional.of(finding(cell, ledger, counters));
  }

  private static Finding finding(
      CellResults cell, List<ConnectionRow> ledger, List<CounterRow> counters) {
    long broken = ledger.stream().filter(c -> c.death().broken()).count();
    double each =
        named(counters, "held_bytes").sum() / cell.cell().connections() / cell.repetitions().size();
    return Rank.HELD.finding(
        "held-" + cell.id(),
        broken == 0 ? Tone.GOOD : Tone.BAD,
        Sentence.of(
                """
                Of {connections} in the ledger ({cell}) {broken} ended before the client wanted it;
                each took {bytes} bytes of a client's Java heap{rate}.
                """)
            .with("connections", ledger.size(), "connection")
            .with("cell", cell)
            .with("broken", broken)
            .with("bytes", each)
            .with(
                "rate",
                named(counters, "opened_before_per_s").average().stream()
                    .mapToObj(
                        s -> Sentence.of(", and {opened} a second were opened").with("opened", s))
                    .findFirst()),
        Evidence.of(
                "connections.csv, counters.csv",
                "death; held_bytes, opened_before_per_s",
                "rows of all repetitions; bytes by what all clients held once all connections were open,"
                    + " with their rows of the ledger and without the kernel's share",
                Numbers.counted((long) cell.repetitions().size(), "repetition"))
            .at(CellLink.to(cell)));
  }
}
