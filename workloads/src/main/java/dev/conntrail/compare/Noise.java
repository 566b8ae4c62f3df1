package dev.conntrail.compare;

import java.util.ArrayList;
import java.util.List;

/**
 * What moves between identical runs of this machine beyond what their own repetitions show: the
 * between-run part of the variance of logarithms, by analysis of variance with runs as a random
 * effect.
 *
 * @param sd standard deviation of a run's level, of natural logarithms
 * @param df degrees of freedom that it is known with
 * @param runs identical runs that it was had from
 * @param sameCells whether those were of the compared cells, or of others
 */
public record Noise(double sd, int df, int runs, boolean sameCells) {
  /** Fewer identical runs say nothing. */
  public static final int FEWEST_RUNS = 4;

  private static final double LEAST = 0.25;

  /** Between cells of one run nothing of this kind lies. */
  static final Noise NONE = new Noise(0, 1, 1, true);

  /**
   * Of identical runs.
   *
   * @param cells for each cell, a sample for each run
   * @param runs how many
   */
  static Noise of(List<List<Sample>> cells, int runs, boolean sameCells) {
    List<Double> parts = new ArrayList<>();
    for (List<Sample> cell : cells) {
      List<Sample> whole = cell.stream().filter(s -> s.n() > 1).toList();
      if (whole.size() >= FEWEST_RUNS) {
        parts.add(between(whole));
      }
    }
    double mean = parts.stream().mapToDouble(v -> v).average().orElse(Double.NaN);
    return new Noise(Math.sqrt(Math.max(0, mean)), runs - 1, runs, sameCells);
  }

  /**
   * (between mean square - within mean square) / values of a run; where that is next to nothing, or
   * negative, a part of what the mean of a run scatters by, for so little cannot be told from none.
   */
  private static double between(List<Sample> runs) {
    int n = runs.stream().mapToInt(Sample::n).sum();
    int k = runs.size();
    double grand = runs.stream().mapToDouble(s -> s.n() * s.mean()).sum() / n;
    double between =
        runs.stream().mapToDouble(s -> s.n() * (s.mean() - grand) * (s.mean() - grand)).sum()
            / (k - 1);
    double within = runs.stream().mapToDouble(Sample::squares).sum() / (n - k);
    double sizes = runs.stream().mapToDouble(s -> (double) s.n() * s.n()).sum();
    double each = (n - sizes / n) / (k - 1);
    return Math.max(between - within, LEAST * within) / each;
  }

  /** Variance of the difference of two runs. */
  double ofDifference() {
    return 2 * sd * sd;
  }
}
