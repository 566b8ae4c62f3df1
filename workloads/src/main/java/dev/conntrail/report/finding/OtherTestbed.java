package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.result.CellResults;
import dev.conntrail.spec.Axes;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.KubeProxy;
import dev.conntrail.spec.TestbedKind;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The same experiment on another testbed.
 *
 * @param here the run of the report
 * @param there the other
 * @param pairs cells that both have, at least one
 */
public record OtherTestbed(Analysis here, Analysis there, List<Pair> pairs) {
  /** A cell that both have: the same set-up by its id. */
  public record Pair(CellResults here, CellResults there) {}

  /** That of a run; none if it has no other run, or no cell in common with it. */
  public static Optional<OtherTestbed> of(Analysis run) {
    return run.other()
        .map(there -> new OtherTestbed(run, there, pairs(run, there)))
        .filter(other -> !other.pairs().isEmpty());
  }

  private static List<Pair> pairs(Analysis here, Analysis there) {
    return here.results().measured().stream()
        .flatMap(c -> onNetns(there, c.cell()).map(o -> new Pair(c, o)).stream())
        .toList();
  }

  private static Optional<CellResults> onNetns(Analysis there, Cell cell) {
    return there
        .results()
        .cell(cell.id())
        .filter(o -> o.testbed() == TestbedKind.NETNS && !o.repetitions().isEmpty());
  }

  /** Cells of the run of the report that the other has with the rules of another kube-proxy. */
  public List<CellResults> otherRules() {
    return here.results().measured().stream()
        .filter(c -> Axes.KUBE_PROXY.appliesTo(c.cell()))
        .filter(c ->
            Arrays.stream(KubeProxy.values())
                .filter(v -> v != c.cell().kubeProxy())
                .anyMatch(v -> onNetns(there, c.cell().with(Axes.KUBE_PROXY, v)).isPresent()))
        .toList();
  }

  /** The name of the other run's folder. */
  public String name() {
    return there.results().folder().path().getFileName().toString();
  }
}
