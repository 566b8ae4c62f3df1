package dev.conntrail.compare;

import java.util.List;

/**
 * What comparisons will find, before anything is run: from the spread of logarithms that was
 * measured on a machine with two cores, over eight identical runs of the bundled experiments.
 * {@code aa} measures it on another.
 *
 * @param timed which time
 * @param ofRuns the ratio between two runs that is found in 8 of 10 times; infinite where the
 *     repetitions are too few to reject anything
 * @param ofBlocks the ratio that an ab of so many blocks finds
 */
public record Beforehand(Timed timed, double ofRuns, double ofBlocks) {
  /** Spread of repetitions of one run, and of runs. */
  private record Spread(double within, double between) {}

  private static final int AA_RUNS = 8;

  private static Spread of(Timed timed) {
    return switch (timed) {
      case RESPONSE_P50, RESPONSE_P99 -> new Spread(0.20, 0.07);
      case CONNECT_P50, CONNECT_P99 -> new Spread(0.16, 0.03);
    };
  }

  /**
   * For the primary times.
   *
   * @param repetitions of each cell
   * @param cells of a run, all of which are compared
   */
  public static List<Beforehand> of(int repetitions, int cells, Turns turns) {
    int primaries = Timed.primaries().size();
    double ofRuns = Times.LEVEL / Math.max(1, cells * primaries);
    double ofBlocks = turns.level() / Math.max(1, turns.pairs() * primaries);
    return Timed.primaries().stream()
        .map(timed -> {
          Spread s = of(timed);
          Noise noise = new Noise(s.between(), AA_RUNS - 1, AA_RUNS, false);
          return new Beforehand(
              timed,
              new Detectable(s.within(), noise, ofRuns).ratio(repetitions, repetitions),
              new Detectable(s.within(), Noise.NONE, ofBlocks).ofBlocks(turns.blocks()));
        })
        .toList();
  }

  /**
   * How an ab goes.
   *
   * @param blocks at the last look
   * @param level of that look
   * @param pairs of cells that are compared
   */
  public record Turns(int blocks, double level, int pairs) {}
}
