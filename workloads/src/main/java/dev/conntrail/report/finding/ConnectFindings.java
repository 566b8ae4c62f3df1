package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.CellLink;
import dev.conntrail.report.block.Finding;
import dev.conntrail.report.block.Finding.Evidence;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.block.Tone;
import dev.conntrail.result.CellResults;
import java.util.List;
import java.util.Optional;

/** What a TCP connect took by data plane, within one kernel and workload. */
final class ConnectFindings implements FindingSource {
  private static final int LISTED = 8;

  @Override
  public List<Finding> of(Analysis run) {
    return SideBySide.of(run).stream().flatMap(g -> of(run, g).stream()).toList();
  }

  private static Optional<Finding> of(Analysis run, SideBySide group) {
    List<Repeated> cells =
        group.cells().stream()
            .filter(ConnectFindings::compared)
            .flatMap(c -> Repeated.of(c, s -> s.connect().p50Ns()).stream())
            .toList();
    return cells.size() < 2
        ? Optional.empty()
        : Optional.of(finding(group, cells, scatter(run, group)));
  }

  private static boolean compared(CellResults c) {
    return c.cell().plain() && !c.cell().protocol().longLived();
  }

  /** How much such a time differs between repetitions, on the same testbed. */
  private static Sentence scatter(Analysis run, SideBySide group) {
    List<CellResults> cells =
        run.results().measured().stream()
            .filter(c -> c.testbed() == group.testbed() && compared(c))
            .toList();
    return Scatter.of(cells, s -> s.connect().p50Ns())
        .map(s ->
            Sentence.of("Repetitions of one such cell differ {scatter}.")
                .with("scatter", s.sentence()))
        .orElse(
            Sentence.of(
                "No such cell has two repetitions, so nothing tells how well this repeats."));
  }

  private static Finding finding(SideBySide group, List<Repeated> cells, Sentence scatter) {
    return Rank.CONNECT.finding(
        "connect-" + cells.getFirst().cell().id(),
        Tone.PLAIN,
        Sentence.of("A TCP connect took ({workload}; {testbed}) {each}. {scatter}")
            .with("workload", group.workload())
            .with("testbed", group.testbed().word())
            .withSome("each", cells.stream().map(ConnectFindings::each).toList(), LISTED)
            .with("scatter", scatter),
        Evidence.of(
                "summary.csv",
                "connect_p50_ns",
                "the median of the repetitions' medians (lowest to highest repetition); not tested"
                    + " for a difference",
                Numbers.counted(cells.stream().mapToInt(Repeated::repetitions).sum(), "repetition"))
            .at(CellLink.to(cells.getFirst().cell())));
  }

  private static Sentence each(Repeated r) {
    return Sentence.of("{variant} {took}")
        .with("variant", r.cell(), r.cell().cell().variant().text())
        .with("took", r.sentence());
  }
}
