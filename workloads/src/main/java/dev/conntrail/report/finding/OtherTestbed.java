package dev.conntrail.report.finding;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.result.CellResults;
import dev.conntrail.spec.TestbedKind;
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
        .flatMap(c ->
            there
                .results()
                .cell(c.id())
                .filter(o -> o.testbed() == TestbedKind.NETNS && !o.repetitions().isEmpty())
                .map(o -> new Pair(c, o))
                .stream())
        .toList();
  }

  /** The name of the other run's folder. */
  public String name() {
    return there.results().folder().path().getFileName().toString();
  }
}
