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

  /** How long the run is expected to take. */
  public Duration expectedDuration() {
    Duration repetition = phases.sending().plus(REPETITION_OVERHEAD);
    return RUN_OVERHEAD.plus(repetition.multipliedBy((long) cells.size() * repetitions));
  }
}
