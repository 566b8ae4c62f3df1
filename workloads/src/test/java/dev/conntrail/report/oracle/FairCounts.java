package dev.conntrail.report.oracle;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;
import org.apache.commons.statistics.distribution.PoissonDistribution;

/**
 * What a fair draw gives, worked out in other ways than the program does: by counting all outcomes
 * where they are few, by the chi-square distribution where they are many, and power by drawing.
 */
final class FairCounts {
  private static final int FEW = 30;
  private static final int DRAWS = 4000;
  private static final double SAME = 1e-6;
  private static final Map<List<Integer>, NavigableMap<Double, Double>> KNOWN = new HashMap<>();
  private static final Map<List<Integer>, NavigableMap<Double, Double>> SUMS = new HashMap<>();
  private static final Map<List<Double>, Double> POWERS = new HashMap<>();
  private static final Map<List<Long>, Double> SPREADS = new HashMap<>();

  private FairCounts() {}

  /**
   * Two-sided probability of counts, a row a repetition, the sum of each repetition's statistic.
   */
  static double p(List<long[]> repetitions) {
    List<long[]> filled = repetitions.stream().filter(c -> sum(c) > 0).toList();
    int k = repetitions.getFirst().length;
    if (filled.isEmpty() || k == 1) {
      return 1;
    }
    double statistic = filled.stream().mapToDouble(FairCounts::pearson).sum();
    double least = filled.stream().mapToLong(FairCounts::sum).min().orElseThrow();
    if (least >= (double) FEW * k) {
      ChiSquaredDistribution chi = ChiSquaredDistribution.of((k - 1.0) * filled.size());
      double step = k / least;
      return twice(chi.survivalProbability(statistic), chi.cumulativeProbability(statistic + step));
    }
    List<Integer> question = new ArrayList<>(List.of(k));
    filled.stream().map(c -> (int) sum(c)).sorted().forEach(question::add);
    NavigableMap<Double, Double> last = statistics(question.removeLast(), k);
    NavigableMap<Double, Double> others = SUMS.computeIfAbsent(question, FairCounts::sums);
    return twice(tail(others, last, statistic), head(others, last, statistic));
  }

  /** Probability that the sum of two statistics is at least so much. */
  private static double tail(
      NavigableMap<Double, Double> one, NavigableMap<Double, Double> other, double statistic) {
    return reached(one, other.descendingMap(), (x, y) -> x + y >= statistic - SAME);
  }

  /** Probability that it is at most so much. */
  private static double head(
      NavigableMap<Double, Double> one, NavigableMap<Double, Double> other, double statistic) {
    return reached(one.descendingMap(), other, (x, y) -> x + y < statistic + SAME);
  }

  /** Of pairs that are so: for each of one these are the first of the other, and ever more. */
  private static double reached(
      NavigableMap<Double, Double> one,
      NavigableMap<Double, Double> other,
      BiPredicate<Double, Double> so) {
    List<Map.Entry<Double, Double>> all = List.copyOf(other.entrySet());
    int reached = 0;
    double theirs = 0;
    double sum = 0;
    for (Map.Entry<Double, Double> x : one.entrySet()) {
      while (reached < all.size() && so.test(x.getKey(), all.get(reached).getKey())) {
        theirs += all.get(reached++).getValue();
      }
      sum += x.getValue() * theirs;
    }
    return sum;
  }

  /** The sum of statistics of several repetitions: pods, and connections of each. */
  private static NavigableMap<Double, Double> sums(List<Integer> question) {
    NavigableMap<Double, Double> all = new TreeMap<>(Map.of(0.0, 1.0));
    for (int n : question.subList(1, question.size())) {
      all = plus(all, statistics(n, question.getFirst()));
    }
    return all;
  }

  private static double tail(NavigableMap<Double, Double> all, double statistic) {
    return all.tailMap(statistic - SAME).values().stream().mapToDouble(p -> p).sum();
  }

  private static double head(NavigableMap<Double, Double> all, double statistic) {
    return all.headMap(statistic + SAME).values().stream().mapToDouble(p -> p).sum();
  }

  private static double twice(double above, double below) {
    return Math.min(1, 2 * Math.min(above, below));
  }

  /** Pearson's statistic against equal shares. */
  static double pearson(long[] counts) {
    double mean = (double) sum(counts) / counts.length;
    return Arrays.stream(counts).mapToDouble(c -> (c - mean) * (c - mean) / mean).sum();
  }

  static long sum(long[] counts) {
    return Arrays.stream(counts).sum();
  }

  private static NavigableMap<Double, Double> plus(
      NavigableMap<Double, Double> a, NavigableMap<Double, Double> b) {
    Map<Long, Double> sums = new HashMap<>();
    a.forEach((x, p) ->
        b.forEach((y, q) -> sums.merge(Math.round((x + y) / SAME * 10), p * q, Double::sum)));
    NavigableMap<Double, Double> ordered = new TreeMap<>();
    sums.forEach((x, p) -> ordered.put(x * SAME / 10, p));
    return ordered;
  }

  private static NavigableMap<Double, Double> statistics(int n, int k) {
    return KNOWN.computeIfAbsent(List.of(n, k), _ -> counted(n, k));
  }

  /**
   * The statistic's distribution: outcomes counted by the sum of their squares, pod by pod, and by
   * how many connections are left for the next.
   */
  private static NavigableMap<Double, Double> counted(int n, int k) {
    double[][] byLeft = new double[n + 1][0];
    byLeft[n] = new double[] {1};
    for (int pods = k; pods > 0; pods--) {
      double[][] next = new double[n + 1][];
      Arrays.setAll(next, left -> new double[(n - left) * (n - left) + 1]);
      for (int left = 0; left <= n; left++) {
        BinomialDistribution one = BinomialDistribution.of(left, 1.0 / pods);
        for (int c = 0; c <= left; c++) {
          double p = one.probability(c);
          for (int s = 0; p > 0 && s < byLeft[left].length; s++) {
            next[left - c][s + c * c] += byLeft[left][s] * p;
          }
        }
      }
      byLeft = next;
    }
    NavigableMap<Double, Double> byStatistic = new TreeMap<>();
    for (int s = 0; s < byLeft[0].length; s++) {
      if (byLeft[0][s] > 0) {
        byStatistic.put((double) k * s / n - n, byLeft[0][s]);
      }
    }
    return byStatistic;
  }

  /** How often one pod that draws a share of its own is called too uneven, by drawing. */
  static double power(int n, int k, double share, double level) {
    return POWERS.computeIfAbsent(
        List.of((double) n, (double) k, share, level), _ -> drawn(n, k, share, level));
  }

  private static double drawn(int n, int k, double share, double level) {
    SplittableRandom random = new SplittableRandom(n * 31L + k);
    double critical = critical(n, k, level / 2);
    int found = 0;
    for (int i = 0; i < DRAWS; i++) {
      long[] counts = new long[k];
      for (int c = 0; c < n; c++) {
        counts[random.nextDouble() < share ? 0 : 1 + random.nextInt(k - 1)]++;
      }
      found += pearson(counts) >= critical - SAME ? 1 : 0;
    }
    return (double) found / DRAWS;
  }

  /** The least statistic whose upper tail is no more than a level. */
  private static double critical(int n, int k, double level) {
    if (n >= FEW * k) {
      return ChiSquaredDistribution.of(k - 1.0).inverseSurvivalProbability(level);
    }
    double above = 0;
    double critical = Double.MAX_VALUE;
    for (Map.Entry<Double, Double> e : statistics(n, k).descendingMap().entrySet()) {
      above += e.getValue();
      if (above > level) {
        break;
      }
      critical = e.getKey();
    }
    return critical;
  }

  /**
   * Probability that the fullest of k pods has at most so many connections more than the emptiest.
   */
  static double spreadAtMost(int n, int k, long spread) {
    return SPREADS.computeIfAbsent(List.of((long) n, (long) k, spread), _ -> spread(n, k, spread));
  }

  private static double spread(int n, int k, long spread) {
    double all = 0;
    for (int low = 0; low <= n / k; low++) {
      all += within(n, k, low, low + spread) - within(n, k, low + 1, low + spread);
    }
    return all;
  }

  /** Probability that all counts lie in a range: k Poisson counts, given their sum. */
  private static double within(int n, int k, long low, long high) {
    PoissonDistribution one = PoissonDistribution.of(Math.max(1e-9, (double) n / k));
    double[] sums = new double[n + 1];
    sums[0] = 1;
    for (int pod = 0; pod < k; pod++) {
      double[] next = new double[n + 1];
      for (int have = 0; have <= n; have++) {
        for (long c = low; c <= Math.min(high, n - have) && sums[have] > 0; c++) {
          next[(int) (have + c)] += sums[have] * one.probability((int) c);
        }
      }
      sums = next;
    }
    return sums[n] / PoissonDistribution.of(Math.max(1e-9, n)).probability(n);
  }

  /**
   * Two-sided probability of a matrix with two columns: rows are binomial. All outcomes are counted
   * where they are few.
   *
   * @param share of the first column
   */
  static double matrix(List<long[]> rows, double share) {
    NavigableMap<Double, Double> all = new TreeMap<>(Map.of(0.0, 1.0));
    double statistic = 0;
    for (long[] row : rows) {
      int n = (int) sum(row);
      NavigableMap<Double, Double> one = new TreeMap<>();
      BinomialDistribution first = BinomialDistribution.of(n, share);
      for (int c = 0; c <= n; c++) {
        one.merge(of(c, n, share), first.probability(c), Double::sum);
      }
      statistic += of(row[0], n, share);
      all = plus(all, one);
    }
    return twice(tail(all, statistic), head(all, statistic));
  }

  private static double of(long first, int n, double share) {
    double off = first - n * share;
    return off * off / (n * share) + off * off / (n * (1 - share));
  }
}
