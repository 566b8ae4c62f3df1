package dev.conntrail.analysis.trend;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.PermutationSampler;
import org.apache.commons.rng.simple.RandomSource;

/**
 * Change points by E-divisive: Matteson and James, "A Nonparametric Approach for Multiple Change
 * Point Analysis of Multivariate Data", JASA 109 (2014). The series is split where the energy
 * distance of both sides, with exponent 1 and scaled by their sizes, is largest; a split stands if
 * values in a random order within the segments that there are give as large a one rarely enough;
 * then segments are split further, until one does not stand. The right side of a split reaches to
 * the end of its segment, as in what MongoDB (Daly et al., ICPE 2020) and Apache Otava run over
 * benchmarks; the test is the paper's, which needs no law that values follow.
 *
 * @param level largest probability of a wrong first change point in a series whose values could
 *     have come in any order
 * @param least values on each side of a change point
 * @param permutations random orders of a test, at most; the p of a test is no less than one by one
 *     more than these
 * @param seed of the random orders: the same series gives the same change points
 */
public record EDivisive(double level, int least, int permutations, long seed) {
  /** Two orders of the same values are as far apart as they are with exact arithmetic. */
  private static final double ROUNDING = 1e-9;

  public EDivisive {
    if (!(level > 0 && level < 1) || least < 2 || level * (permutations + 1) < 1) {
      throw new IllegalArgumentException(
          "level %s, least %d, permutations %d: allowed: a level from 1 by permutations + 1 to 1, and 2 or more values"
              .formatted(level, least, permutations));
    }
  }

  /**
   * Fewest values with which anything can be found: of a step in the middle of fewer, too many of
   * all orders are as far apart (two of them are: each side first).
   */
  public int fewest() {
    int n = 2 * least;
    while (2 / halves(n) > level) {
      n++;
    }
    return n;
  }

  /** Ways to choose half of a number of values. */
  private static double halves(int n) {
    double ways = 1;
    for (int i = 1; i <= n / 2; i++) {
      ways *= (double) (n - n / 2 + i) / i;
    }
    return ways;
  }

  /**
   * The change points of a series, in its order; none where it has fewer than {@link #fewest}.
   *
   * @param series finite values, in order of time
   */
  public List<ChangePoint> of(double[] series) {
    if (series.length < fewest()) {
      return List.of();
    }
    double[][] apart = apart(series);
    List<ChangePoint> found = new ArrayList<>();
    List<Integer> ends = new ArrayList<>(List.of(0, series.length));
    while (true) {
      Optional<Split> best = best(apart, IntStream.range(0, series.length).toArray(), ends);
      if (best.isEmpty()) {
        return found;
      }
      double p = probability(apart, ends, best.get().q());
      if (p > level) {
        return found;
      }
      found.add(new ChangePoint(best.get().at(), best.get().q(), p));
      found.sort(Comparator.comparingInt(ChangePoint::index));
      ends.add(best.get().at());
      ends.sort(Comparator.naturalOrder());
    }
  }

  private record Split(int at, double q) {}

  private static double[][] apart(double[] series) {
    double[][] apart = new double[series.length][series.length];
    for (int i = 0; i < series.length; i++) {
      for (int j = 0; j < series.length; j++) {
        apart[i][j] = Math.abs(series[i] - series[j]);
      }
    }
    return apart;
  }

  /**
   * How often values in a random order within segments split as far apart; more than the level as
   * soon as that is sure.
   */
  private double probability(double[][] apart, List<Integer> ends, double q) {
    UniformRandomProvider random = RandomSource.XO_SHI_RO_256_PP.create(seed);
    int asFar = 0;
    for (int i = 0; i < permutations; i++) {
      int[] order = IntStream.range(0, apart.length).toArray();
      for (int s = 0; s + 1 < ends.size(); s++) {
        shuffle(random, order, ends.get(s), ends.get(s + 1));
      }
      double other = best(apart, order, ends).map(Split::q).orElse(0.0);
      asFar += other >= q - Math.abs(q) * ROUNDING ? 1 : 0;
      if ((asFar + 1.0) / (permutations + 1) > level) {
        return 1;
      }
    }
    return (asFar + 1.0) / (permutations + 1);
  }

  private static void shuffle(UniformRandomProvider random, int[] order, int from, int to) {
    int[] part = IntStream.range(from, to).toArray();
    PermutationSampler.shuffle(random, part);
    System.arraycopy(part, 0, order, from, part.length);
  }

  /** The split of any segment whose sides are farthest apart; empty where none is long enough. */
  private Optional<Split> best(double[][] apart, int[] order, List<Integer> ends) {
    Split best = null;
    for (int s = 0; s + 1 < ends.size(); s++) {
      Split split = best(apart, order, ends.get(s), ends.get(s + 1));
      if (split != null && (best == null || split.q() > best.q())) {
        best = split;
      }
    }
    return Optional.ofNullable(best);
  }

  /** That of a segment: sums of distances follow from split to split. */
  private Split best(double[][] apart, int[] order, int from, int to) {
    Split best = null;
    double across = 0;
    double left = 0;
    double right = 0;
    for (int i = from; i < to; i++) {
      for (int j = i + 1; j < to; j++) {
        right += apart[order[i]][order[j]];
      }
    }
    for (int at = from + 1; at < to; at++) {
      double before = 0;
      double after = 0;
      for (int i = from; i < at - 1; i++) {
        before += apart[order[at - 1]][order[i]];
      }
      for (int j = at; j < to; j++) {
        after += apart[order[at - 1]][order[j]];
      }
      across += after - before;
      left += before;
      right -= after;
      if (at - from >= least && to - at >= least) {
        double q = q(across, left, right, at - from, to - at);
        if (best == null || q > best.q()) {
          best = new Split(at, q);
        }
      }
    }
    return best;
  }

  /** The paper's Q: twice the mean distance across, less those within, by the sizes of both. */
  private static double q(double across, double left, double right, double n, double m) {
    return m
        * n
        / (m + n)
        * (2 * across / (m * n) - left / (n * (n - 1) / 2) - right / (m * (m - 1) / 2));
  }
}
