package dev.conntrail.compare;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;
import org.apache.commons.statistics.distribution.PoissonDistribution;

/**
 * Whether two lists of counts come from the same shares: Pearson's chi-square of the table with two
 * rows, summed over tables. Where an expected count is below {@link #ENOUGH} its distribution is
 * drawn, by dealing what was counted anew to both rows; p = (hits + 1) / (draws + 1).
 */
final class Homogeneity {
  /**
   * Expected counts from which the chi-square distribution holds (Cochran, Biometrics 10, 1954).
   */
  static final double ENOUGH = 5;

  private static final int DRAWS = 20_000;
  private static final long SEED = 1337;
  private static final double SAME = 1e-9;

  /** A table: counts of one side and of the other, of the same length. */
  static final class Table {
    private final long[] a;
    private final long[] b;

    Table(long[] a, long[] b) {
      this.a = a;
      this.b = b;
    }

    long[] a() {
      return a;
    }

    long[] b() {
      return b;
    }

    private static long of(long[] row) {
      return Arrays.stream(row).sum();
    }

    /** Whether both sides have anything, in at least two places: else there is nothing to test. */
    boolean tells() {
      return of(a) > 0 && of(b) > 0 && df() > 0;
    }

    int df() {
      return (int) IntStream.range(0, a.length).filter(i -> a[i] + b[i] > 0).count() - 1;
    }

    private double expected(int i) {
      return (double) (a[i] + b[i]) * of(a) / (of(a) + of(b));
    }

    boolean large() {
      double smaller = (double) Math.min(of(a), of(b)) / (of(a) + of(b));
      return IntStream.range(0, a.length)
          .filter(i -> a[i] + b[i] > 0)
          .allMatch(i -> (a[i] + b[i]) * smaller >= ENOUGH);
    }

    /**
     * Both terms of a column are had from A's, for they differ by the same from what is expected.
     */
    double statistic() {
      double ofA = of(a);
      double ofB = of(b);
      double sum = 0;
      for (int i = 0; i < a.length; i++) {
        double expected = expected(i);
        if (a[i] + b[i] > 0) {
          sum += (a[i] - expected) * (a[i] - expected) * (1 + ofA / ofB) / expected;
        }
      }
      return sum;
    }

    /** The same sums, dealt anew; the largest column takes what is left. */
    Table dealt(SplittableRandom random) {
      long[] sums = IntStream.range(0, a.length).mapToLong(i -> a[i] + b[i]).toArray();
      int largest = IntStream.range(0, sums.length).reduce(0, (x, y) -> sums[y] > sums[x] ? y : x);
      long room = of(a);
      long all = of(sums);
      long[] first = new long[sums.length];
      for (int i = 0; i < sums.length; i++) {
        for (long n = i == largest ? 0 : sums[i]; n > 0; n--) {
          if (random.nextLong(all--) < room) {
            room--;
            first[i]++;
          }
        }
      }
      first[largest] = room;
      return new Table(
          first, IntStream.range(0, sums.length).mapToLong(i -> sums[i] - first[i]).toArray());
    }
  }

  /**
   * A result.
   *
   * @param statistic the sum of chi-squares
   * @param p of at least as much
   * @param df degrees of freedom
   * @param method how p was had
   */
  record Result(double statistic, double p, int df, String method) {}

  private Homogeneity() {}

  /** The counts of all repetitions as one table. */
  static Table pooled(List<long[]> a, List<long[]> b) {
    return new Table(sum(a), sum(b));
  }

  /** Counts of at least one repetition, together. */
  static long[] sum(List<long[]> counts) {
    return counts.stream()
        .reduce((x, y) -> IntStream.range(0, x.length).mapToLong(i -> x[i] + y[i]).toArray())
        .orElseThrow();
  }

  /** Tests tables that each tell something. */
  static Result test(List<Table> tables) {
    double statistic = tables.stream().mapToDouble(Table::statistic).sum();
    int df = tables.stream().mapToInt(Table::df).sum();
    if (tables.stream().allMatch(Table::large)) {
      double p = ChiSquaredDistribution.of(df).survivalProbability(statistic);
      return new Result(statistic, p, df, "chi-square, " + df + " df");
    }
    SplittableRandom random = new SplittableRandom(SEED);
    int hits = 0;
    for (int draw = 0; draw < DRAWS; draw++) {
      double drawn = tables.stream().mapToDouble(t -> t.dealt(random).statistic()).sum();
      hits += drawn >= statistic - SAME ? 1 : 0;
    }
    return new Result(
        statistic, (hits + 1.0) / (DRAWS + 1), df, "Monte-Carlo, " + DRAWS + " draws");
  }

  /**
   * The probability to find a difference: the upper tail of the non-central chi-square
   * distribution, as a Poisson mixture of central ones.
   *
   * @param shift the non-centrality
   */
  static double power(double shift, int df, double level) {
    double critical = ChiSquaredDistribution.of(df).inverseSurvivalProbability(level);
    if (shift <= 0) {
      return level;
    }
    PoissonDistribution extra = PoissonDistribution.of(shift / 2);
    int last = extra.inverseSurvivalProbability(1e-10);
    return IntStream.rangeClosed(0, last)
        .mapToDouble(j ->
            extra.probability(j)
                * ChiSquaredDistribution.of(df + 2.0 * j).survivalProbability(critical))
        .sum();
  }
}
