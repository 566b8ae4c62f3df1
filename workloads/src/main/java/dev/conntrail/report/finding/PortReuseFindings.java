package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.CellLink;
import dev.conntrail.report.block.Finding;
import dev.conntrail.report.block.Finding.Evidence;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.block.Tone;
import dev.conntrail.result.row.Unit;
import dev.conntrail.spec.Setting;
import java.util.List;
import java.util.Optional;

/** Where new connections on old ports go through ipvs ({@code conn_reuse_mode}). */
final class PortReuseFindings implements FindingSource {
  private static final int LISTED = 8;

  @Override
  public List<Finding> of(Analysis run) {
    return SideBySide.of(run).stream().flatMap(g -> of(run, g).stream()).toList();
  }

  private static Optional<Finding> of(Analysis run, SideBySide group) {
    List<Judged> cells =
        group.cells().stream()
            .filter(c -> c.cell().find(Setting.CONN_REUSE_MODE).isPresent())
            .flatMap(c -> run.verdict(c, Unit.CONNECTIONS).map(v -> new Judged(c, v)).stream())
            .filter(j -> j.verdict().observedCount() > 0)
            .toList();
    return cells.isEmpty() ? Optional.empty() : Optional.of(finding(group, cells));
  }

  private static Finding finding(SideBySide group, List<Judged> cells) {
    return Rank.PORT_REUSE.finding(
        "port-reuse-" + cells.getFirst().cell().id(),
        Tone.PLAIN,
        Sentence.of("Ports used again through ipvs ({workload}; {testbed}): {each}.")
            .with("workload", group.workload())
            .with("testbed", group.testbed().word())
            .withSome("each", cells.stream().map(PortReuseFindings::each).toList(), LISTED),
        Evidence.of(
                "verdicts.csv",
                "max_over_mean, idle_mean_count of unit connections",
                "connections of the busiest pod over the mean, all repetitions together",
                Numbers.counted(
                    cells.stream().mapToLong(j -> j.verdict().observedCount()).sum(), "connection"))
            .at(CellLink.to(cells.getFirst().cell())));
  }

  private static Sentence each(Judged j) {
    return Sentence.of(
            "{variant}: the busiest pod got {busiest} times the mean of connections, {idle} of {pods} none")
        .with("variant", j.cell(), j.cell().cell().variant().text())
        .with("busiest", j.verdict().maxOverMean())
        .with("idle", j.verdict().idle().meanCount())
        .with("pods", j.verdict().podsCount(), "pod");
  }
}
