package dev.conntrail.spec;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A question, and the cells that answer it.
 *
 * @param name names the result folder
 * @param question what the experiment answers, in one sentence
 * @param testbed where the pods are
 * @param blocks every point of the sweep, in the order of the file; the cells of a block are
 *     compared with each other, so they run in one kernel
 * @param seed orders the cells and picks what a client picks at random
 * @param source the YAML text as read, kept with the results
 */
public record Experiment(
    String name,
    String question,
    TestbedKind testbed,
    List<List<Cell>> blocks,
    long seed,
    String source) {

  /**
   * What a repetition costs beyond its phases: starting the load process, rules, cross-check;
   * measured on 2 cores.
   */
  public static final Duration REPETITION_OVERHEAD = Duration.ofMillis(1700);

  /** What a run costs beyond its repetitions: testbed, echo, report; measured on 2 cores. */
  public static final Duration RUN_OVERHEAD = Duration.ofSeconds(12);

  /** What a repetition costs beyond that on a cluster: the API and looks at nodes; measured. */
  public static final Duration CLUSTER_REPETITION_OVERHEAD = Duration.ofMillis(300);

  /** What each cluster of kind costs: making it, loading the image, pods; measured on 2 cores. */
  public static final Duration CLUSTER_OVERHEAD = Duration.ofSeconds(100);

  public Experiment {
    blocks = blocks.stream().map(List::copyOf).toList();
  }

  /** All cells, in the order of the file. */
  public List<Cell> cells() {
    return blocks.stream().flatMap(List::stream).toList();
  }

  /** Those that can be on its testbed, wherever that is. */
  public List<Cell> possible() {
    return cells().stream().filter(c -> testbed.lacks(c).isEmpty()).toList();
  }

  /** The same with these cells only, on this testbed. */
  public Experiment only(Collection<Cell> cells, TestbedKind on) {
    List<List<Cell>> kept =
        blocks.stream()
            .map(block -> block.stream().filter(cells::contains).toList())
            .filter(block -> !block.isEmpty())
            .toList();
    return new Experiment(name, question, on, kept, seed, source);
  }

  /** The same with every cell repeated so often. */
  public Experiment repeated(int times) {
    return new Experiment(
        name,
        question,
        testbed,
        blocks.stream().map(b -> b.stream().map(c -> c.repeated(times)).toList()).toList(),
        seed,
        source);
  }

  /** The places of cells in the order of the file, from 0. */
  public List<Integer> places(Collection<Cell> cells) {
    List<Cell> all = cells();
    return IntStream.range(0, all.size()).filter(i -> cells.contains(all.get(i))).boxed().toList();
  }

  /** Repetitions over all cells. */
  public int tries() {
    return cells().stream().mapToInt(c -> c.course().repetitions()).sum();
  }

  /** The most repetitions that a cell has. */
  public int mostRepetitions() {
    return cells().stream().mapToInt(c -> c.course().repetitions()).max().orElse(0);
  }

  /** How long the run is expected to take. */
  public Duration expectedDuration() {
    Duration run = RUN_OVERHEAD;
    if (testbed.kubernetes()) {
      run = run.plus(CLUSTER_OVERHEAD.multipliedBy(Math.max(1, clusters())));
    }
    for (Cell cell : cells()) {
      run = run.plus(expectedOnce(cell).multipliedBy(cell.course().repetitions()));
    }
    return run;
  }

  /** How many clusters kind makes: one for each mode and number of nodes. */
  private long clusters() {
    record Cluster(DataPlane mode, int nodes) {}
    return cells().stream()
        .filter(c -> c.dataPlane().service())
        .map(c -> new Cluster(c.dataPlane(), c.nodes()))
        .distinct()
        .count();
  }

  /** How long every cell once is expected to take, on a testbed that is there. */
  public Duration expectedRound() {
    return cells().stream().map(this::expectedOnce).reduce(Duration.ZERO, Duration::plus);
  }

  private Duration expectedOnce(Cell cell) {
    Duration overhead =
        testbed.kubernetes()
            ? REPETITION_OVERHEAD.plus(CLUSTER_REPETITION_OVERHEAD)
            : REPETITION_OVERHEAD;
    return cell.course().phases().length().plus(overhead);
  }
}
