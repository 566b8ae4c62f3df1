package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.analysis.cure.CureGroup;
import dev.conntrail.report.block.CellLink;
import dev.conntrail.report.block.Finding;
import dev.conntrail.report.block.Finding.Evidence;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.block.Tone;
import dev.conntrail.result.CellResults;
import java.util.List;
import java.util.Optional;

/** What proxies take that stand beside each client, against one of their kind for all. */
final class SidecarFindings implements FindingSource {
  private static final double BYTES_PER_MB = 1e6;

  /** What the proxies of a cell take, all together. */
  private record Taken(CellResults cell, double cpuNs, double residentBytes) {
    /** Empty where nobody looked. */
    static Optional<Taken> of(Analysis run, CellResults cell) {
      return run.cure(cell)
          .map(row -> new Taken(cell, row.cpu().proxyCpuNs(), row.memory().proxyResidentBytes()))
          .filter(t -> Double.isFinite(t.cpuNs()));
    }

    Sentence sentence() {
      return Sentence.of("{time} of CPU a request{memory} ({cell})")
          .withTime("time", cpuNs)
          .with(
              "memory",
              Optional.of(residentBytes)
                  .filter(Double::isFinite)
                  .map(b -> Sentence.of(", {mb} MB of memory").with("mb", b / BYTES_PER_MB)))
          .with("cell", cell);
    }
  }

  @Override
  public List<Finding> of(Analysis run) {
    return CureGroup.of(run.results()).stream()
        .flatMap(g -> g.byCourse().stream())
        .flatMap(g ->
            g.cells().stream()
                .filter(c -> c.cell().sidecars())
                .flatMap(c -> finding(run, g, c).stream()))
        .toList();
  }

  private static Optional<Finding> finding(Analysis run, CureGroup group, CellResults cell) {
    Optional<Taken> one =
        group.cells().stream()
            .filter(c -> c.cell().plane().equals(cell.cell().plane()))
            .filter(c -> c.cell().cure().equals(cell.cell().cure().withOneProxy()))
            .findFirst()
            .flatMap(c -> Taken.of(run, c));
    return Taken.of(run, cell).flatMap(each -> one.map(other -> finding(each, other)));
  }

  private static Finding finding(Taken sidecars, Taken one) {
    CellResults cell = sidecars.cell();
    return Rank.CURE.finding(
        "sidecars-" + cell.id(),
        Tone.PLAIN,
        Sentence.of(
                "The sidecars of {clients} took {sidecars} together; one such proxy for all of them took"
                    + " {one}.")
            .with("clients", cell.cell().clients(), "client pod")
            .with("sidecars", sidecars.sentence())
            .with("one", one.sentence()),
        Evidence.of(
                "cures.csv",
                "proxy_cpu_ns, proxy_resident_bytes",
                "CPU time of all proxies by answered requests; memory at the end of the measure phase,"
                    + " mean over repetitions",
                Numbers.counted((long) cell.repetitions().size(), "repetition"))
            .at(CellLink.to(cell)));
  }
}
