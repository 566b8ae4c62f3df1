package dev.conntrail.spec;

import java.time.Duration;
import java.util.List;

/**
 * A question, and the cells that answer it.
 *
 * @param name names the result folder
 * @param question what the experiment answers, in one sentence
 * @param testbed where the pods are
 * @param cells every point of the sweep, in the order of the file
 * @param phases of each repetition
 * @param repetitions tries of each cell
 * @param seed orders the cells and picks what a client picks at random
 * @param source the YAML text as read, kept with the results
 */
public record Experiment(
    String name,
    String question,
    TestbedKind testbed,
    List<Cell> cells,
    Phases phases,
    int repetitions,
    long seed,
    String source) {

  /**
   * What a repetition costs beyond its phases: starting the load process, rules, cross-check;
   * measured on 2 cores.
   */
  public static final Duration REPETITION_OVERHEAD = Duration.ofMillis(1700);

  /** What a run costs beyond its repetitions: testbed, echo, report; measured on 2 cores. */
  public static final Duration RUN_OVERHEAD = Duration.ofSeconds(12);

  public Experiment {
    cells = List.copyOf(cells);
  }

  /** What a repetition costs beyond that on a cluster: the API and looks at nodes; measured. */
  public static final Duration CLUSTER_REPETITION_OVERHEAD = Duration.ofMillis(1500);

  /** What each cluster of kind costs: making it, loading the image, pods; measured on 2 cores. */
  public static final Duration CLUSTER_OVERHEAD = Duration.ofSeconds(90);

  /** How long the run is expected to take. */
  public Duration expectedDuration() {
    Duration repetition = phases.sending().plus(REPETITION_OVERHEAD);
    Duration run = RUN_OVERHEAD;
    if (testbed.kubernetes()) {
      repetition = repetition.plus(CLUSTER_REPETITION_OVERHEAD);
      long modes =
          cells.stream().map(Cell::dataPlane).filter(p -> p != DataPlane.DIRECT).distinct().count();
      run = run.plus(CLUSTER_OVERHEAD.multipliedBy(Math.max(1, modes)));
    }
    return run.plus(repetition.multipliedBy((long) cells.size() * repetitions));
  }
}
