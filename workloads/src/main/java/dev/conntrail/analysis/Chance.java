package dev.conntrail.analysis;

import java.util.Arrays;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;

/**
 * Counts of n things that fall on k pods, each pod as likely as any other and each thing for
 * itself.
 */
public final class Chance {
  /** Additions that an exact distribution may take: about a second. */
  private static final double EXACT_BUDGET = 3e8;

  private static final int SIMULATIONS = 4000;

  /**
   * A test that counts are a fair draw.
   *
   * @param statistic Pearson's chi-square against equal shares
   * @param pUneven probability, if all is fair, of a statistic at least as large
   * @param pEven probability, if all is fair, of a statistic at most as large
   * @param method how the probabilities were had
   */
  public record Test(double statistic, double pUneven, double pEven, String method) {
    /** Two-sided: twice the smaller tail, at most 1. Too even is as suspect as too uneven. */
    public double p() {
      return Math.min(1, 2 * Math.min(pUneven, pEven));
    }

    /** Whether the smaller tail is that of evenness. */
    public boolean tooEven() {
      return pEven < pUneven;
    }
  }

  private Chance() {}

  /**
   * Pearson's test against equal shares. Exact (the multinomial's own distribution) where that is
   * cheap; else by the chi-square distribution, which for equal shares holds from n at least 10 and
   * n^2/k at least 10 (Koehler and Larntz, JASA 75, 1980).
   */
  public static Test test(long[] counts) {
    int k = counts.length;
    long n = Arrays.stream(counts).sum();
    if (n == 0 || k < 2) {
      return new Test(Double.NaN, 1, 1, "none: nothing to compare");
    }
    long squares = Arrays.stream(counts).map(c -> c * c).sum();
    double statistic = (double) squares * k / n - n;
    double states = (double) k * n * n * n * n / 4;
    if (states <= EXACT_BUDGET) {
      return exact(statistic, squares, (int) n, k);
    }
    ChiSquaredDistribution chi = ChiSquaredDistribution.of(k - 1.0);
    return new Test(
        statistic,
        chi.survivalProbability(statistic),
        chi.cumulativeProbability(statistic),
        "chi-square, " + (k - 1) + " df");
  }

  /** The distribution of the sum of squares of a multinomial draw, pod by pod. */
  private static Test exact(double statistic, long squares, int n, int k) {
    double[][] ways = new double[n + 1][];
    ways[0] = new double[] {1};
    for (int pod = 1; pod <= k; pod++) {
      double[][] next = new double[n + 1][];
      double share = 1.0 / (k - pod + 1);
      // Of the m not yet placed on earlier pods, c fall on this one: binomial(m, 1 / pods left).
      for (int placed = 0; placed <= n; placed++) {
        if (ways[placed] == null) {
          continue;
        }
        BinomialDistribution here = BinomialDistribution.of(n - placed, share);
        for (int c = 0; c <= n - placed; c++) {
          double p = here.probability(c);
          if (p > 0) {
            spread(next, ways[placed], placed + c, (long) c * c, p);
          }
        }
      }
      ways = next;
    }
    double[] sums = ways[n];
    double atLeast = 0;
    double atMost = 0;
    for (int s = 0; s < sums.length; s++) {
      atLeast += s >= squares ? sums[s] : 0;
      atMost += s <= squares ? sums[s] : 0;
    }
    return new Test(statistic, Math.min(1, atLeast), Math.min(1, atMost), "exact multinomial");
  }

  private static void spread(double[][] next, double[] from, int placed, long square, double p) {
    int size = from.length + (int) square;
    if (next[placed] == null) {
      next[placed] = new double[size];
    } else if (next[placed].length < size) {
      next[placed] = Arrays.copyOf(next[placed], size);
    }
    double[] into = next[placed];
    for (int s = 0; s < from.length; s++) {
      into[s + (int) square] += from[s] * p;
    }
  }

  /** How many of k pods are expected to get none of n: k (1 - 1/k)^n. */
  public static double expectedIdle(long n, int k) {
    return k * Math.pow(1 - 1.0 / k, (double) n);
  }

  /**
   * The counts that a fair draw gives to every one of k pods, with a given probability for all pods
   * together (Bonferroni).
   *
   * @return the lowest and the highest such count
   */
  public static long[] band(long n, int k, double confidence) {
    BinomialDistribution one =
        BinomialDistribution.of((int) Math.min(n, Integer.MAX_VALUE), 1.0 / k);
    double tail = (1 - confidence) / (2 * k);
    return new long[] {
      one.inverseCumulativeProbability(tail), one.inverseSurvivalProbability(tail)
    };
  }

  /** Largest over mean count; 1 is perfectly even, k is all on one pod. */
  public static double maxOverMean(long[] counts) {
    long n = Arrays.stream(counts).sum();
    return n == 0 ? Double.NaN : (double) Arrays.stream(counts).max().orElse(0) * counts.length / n;
  }

  /** What {@link #maxOverMean} is on average in a fair draw, by simulation from a fixed seed. */
  public static double expectedMaxOverMean(long n, int k) {
    if (n == 0) {
      return Double.NaN;
    }
    UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(n * 31 + k);
    int draws = (int) Math.min(n, 20_000);
    double scale = Math.sqrt((double) draws / n);
    double sum = 0;
    int simulations = (int) Math.max(50, Math.min(SIMULATIONS, 4_000_000L / draws));
    for (int i = 0; i < simulations; i++) {
      long[] counts = new long[k];
      for (int j = 0; j < draws; j++) {
        counts[random.nextInt(k)]++;
      }
      // The excess over 1 shrinks with the square root of n: large n is scaled from a smaller draw.
      sum += 1 + (maxOverMean(counts) - 1) * scale;
    }
    return sum / simulations;
  }

  /**
   * Jain's index, (sum x)^2 / (k sum x^2): 1 is perfectly even, 1/k is all on one pod (Jain, Chiu,
   * Hawe 1984).
   */
  public static double jain(long[] counts) {
    double sum = Arrays.stream(counts).sum();
    double squares = Arrays.stream(counts).mapToDouble(c -> (double) c * c).sum();
    return squares == 0 ? Double.NaN : sum * sum / (counts.length * squares);
  }

  /**
   * Holm's correction: probabilities such that comparing each with a level keeps the chance of any
   * false alarm among all of them at that level (Holm, Scand. J. Stat. 6, 1979).
   */
  public static double[] holm(double[] p) {
    Integer[] order = new Integer[p.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, java.util.Comparator.comparingDouble(i -> p[i]));
    double[] adjusted = new double[p.length];
    double running = 0;
    for (int rank = 0; rank < order.length; rank++) {
      running = Math.max(running, Math.min(1, p[order[rank]] * (p.length - rank)));
      adjusted[order[rank]] = running;
    }
    return adjusted;
  }
}
