package dev.conntrail.compare;

import dev.conntrail.result.CellResults;
import dev.conntrail.result.Environment;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.RunResults;
import dev.conntrail.result.row.RunStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Identical runs of this machine, as {@code aa} stores them: what moves between runs is had from
 * them. Runs of other machines, kernels or Javas, with planted faults, and those that are not whole
 * or cannot be read, are passed over.
 */
public final class AaStore {
  /** Its place in a folder of results. */
  public static final String FOLDER = "aa";

  private final List<RunResults> runs;

  private AaStore(List<RunResults> runs) {
    this.runs = runs;
  }

  /** None. */
  public static AaStore empty() {
    return new AaStore(List.of());
  }

  /**
   * Reads those that are comparable with a run.
   *
   * @param folder of result folders; none if it is not there
   */
  public static AaStore read(Path folder, RunResults like) throws IOException {
    List<RunResults> runs = new ArrayList<>();
    for (RunFolder run : RunFolder.in(folder)) {
      readable(run)
          .filter(r -> r.manifest().status() == RunStatus.COMPLETE && alike(r, like))
          .ifPresent(runs::add);
    }
    return new AaStore(runs);
  }

  private static Optional<RunResults> readable(RunFolder run) {
    try {
      return Optional.of(RunResults.read(run));
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  private static boolean alike(RunResults run, RunResults like) {
    Environment a = run.environment();
    Environment b = like.environment();
    return a.machine().equals(b.machine())
        && a.kernel().equals(b.kernel())
        && a.java().equals(b.java())
        && !run.manifest().planted()
        && run.manifest().testbeds().equals(like.manifest().testbeds());
  }

  /** How many there are. */
  public int size() {
    return runs.size();
  }

  /**
   * What moves between runs: of the runs with the same cells, if they are enough; else of those of
   * any other experiment with most runs; none if there is none with enough.
   */
  public Optional<Noise> noise(RunResults like, Timed timed, boolean controlled) {
    CellSet cells = CellSet.of(like);
    List<RunResults> same = runs.stream().filter(r -> CellSet.of(r).equals(cells)).toList();
    if (same.size() >= Noise.FEWEST_RUNS) {
      return known(same, timed, controlled, true);
    }
    return runs.stream()
        .map(CellSet::of)
        .distinct()
        .map(set -> runs.stream().filter(r -> CellSet.of(r).equals(set)).toList())
        .filter(group -> group.size() >= Noise.FEWEST_RUNS)
        .max(java.util.Comparator.comparingInt(List::size))
        .flatMap(group -> known(group, timed, controlled, false));
  }

  private static Optional<Noise> known(
      List<RunResults> group, Timed timed, boolean controlled, boolean sameCells) {
    List<List<Sample>> cells = new ArrayList<>();
    for (CellResults first : group.getFirst().measured()) {
      Optional<CellResults> control = CellPairs.control(group.getFirst(), first);
      if (!controlled || control.isPresent()) {
        cells.add(group.stream().map(run -> sample(run, first, timed, controlled)).toList());
      }
    }
    Noise noise = Noise.of(cells, group.size(), sameCells);
    return Double.isNaN(noise.sd()) ? Optional.empty() : Optional.of(noise);
  }

  private static Sample sample(RunResults run, CellResults like, Timed timed, boolean controlled) {
    return run.cell(like.id())
        .map(cell ->
            Sample.of(cell, controlled ? CellPairs.control(run, cell) : Optional.empty(), timed))
        .orElse(Sample.NONE);
  }
}
