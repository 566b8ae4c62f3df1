package dev.conntrail.analysis.chance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.DiscreteSampler;
import org.apache.commons.rng.sampling.distribution.GuideTableDiscreteSampler;
import org.apache.commons.statistics.distribution.BinomialDistribution;

/**
 * Pearson's test of a matrix, from whom to where: given how many connections each row has, each
 * takes any pod alike, so columns expect the share of their pods.
 */
public final class MatrixFit {
  private static final double LEFT_OUT = 1e-12;

  private final List<long[]> rows = new ArrayList<>();
  private final double[] shares;

  private MatrixFit(long[][] counts, int[] pods) {
    int[] filled = columns(pods);
    double all = Arrays.stream(pods).sum();
    shares = Arrays.stream(filled).mapToDouble(c -> pods[c] / all).toArray();
    for (long[] row : counts) {
      long[] kept = Arrays.stream(filled).mapToLong(c -> row[c]).toArray();
      if (row.length != pods.length || Arrays.stream(kept).sum() != Arrays.stream(row).sum()) {
        throw new IllegalArgumentException(
            "matrix: found %s; allowed: one count for each of %d columns, 0 where there are no pods"
                .formatted(Arrays.toString(row), pods.length));
      }
      if (Arrays.stream(row).sum() > 0) {
        rows.add(kept);
      }
    }
  }

  /** Columns with pods. */
  private static int[] columns(int[] pods) {
    return IntStream.range(0, pods.length).filter(c -> pods[c] > 0).toArray();
  }

  /**
   * Tests.
   *
   * @param counts connections by row (client's node) and column (pod's node)
   * @param pods how many pods each column has
   * @throws IllegalArgumentException if a row has another number of columns, or connections where
   *     there are no pods
   */
  public static TestResult test(long[][] counts, int[] pods) {
    return new MatrixFit(counts, pods).result();
  }

  private TestResult result() {
    double statistic = rows.stream().mapToDouble(r -> statistic(r, Arrays.stream(r).sum())).sum();
    int df = rows.size() * (shares.length - 1);
    if (df <= 0) {
      return new TestResult(0, 1, 1, new Method.Exact());
    }
    double least = Arrays.stream(shares).min().orElseThrow();
    if (rows.stream().allMatch(r -> least * Arrays.stream(r).sum() >= Uniformity.ASYMPTOTIC_FROM)) {
      return Uniformity.chiSquare(
          statistic,
          df,
          rows.stream().mapToDouble(r -> 1 / (least * Arrays.stream(r).sum())).max().orElseThrow());
    }
    long[] question =
        LongStream.concat(
                rows.stream().mapToLong(r -> Arrays.stream(r).sum()),
                Arrays.stream(shares).mapToLong(Double::doubleToLongBits))
            .toArray();
    return Draws.test(statistic, question, this::drawing);
  }

  private double statistic(long[] row, long n) {
    double sum = 0;
    for (int c = 0; c < row.length; c++) {
      double expected = n * shares[c];
      sum += (row[c] - expected) * (row[c] - expected) / expected;
    }
    return sum;
  }

  /** Draws rows column by column: of what is left, a column gets a binomial number. */
  private DoubleSupplier drawing(UniformRandomProvider random) {
    List<Map<Long, DiscreteSampler>> samplers =
        Arrays.stream(shares).<Map<Long, DiscreteSampler>>mapToObj(_ -> new HashMap<>()).toList();
    double[] ofTheRest = new double[shares.length];
    double rest = 1;
    for (int c = 0; c < shares.length; c++) {
      ofTheRest[c] = shares[c] / rest;
      rest -= shares[c];
    }
    long[] totals = rows.stream().mapToLong(r -> Arrays.stream(r).sum()).toArray();
    long[] drawn = new long[shares.length];
    return () -> {
      double sum = 0;
      for (long n : totals) {
        long left = n;
        for (int c = 0; c < drawn.length - 1; c++) {
          double share = ofTheRest[c];
          drawn[c] =
              samplers.get(c).computeIfAbsent(left, m -> binomial(random, m, share)).sample();
          left -= drawn[c];
        }
        drawn[drawn.length - 1] = left;
        sum += statistic(drawn, n);
      }
      return sum;
    };
  }

  private static DiscreteSampler binomial(UniformRandomProvider random, long n, double share) {
    if (n == 0) {
      return () -> 0;
    }
    BinomialDistribution binomial = BinomialDistribution.of(Math.toIntExact(n), share);
    int from = binomial.inverseCumulativeProbability(LEFT_OUT);
    int to = binomial.inverseSurvivalProbability(LEFT_OUT);
    double[] probabilities = new double[to - from + 1];
    Arrays.setAll(probabilities, i -> binomial.probability(from + i));
    DiscreteSampler above = GuideTableDiscreteSampler.of(random, probabilities);
    return () -> from + above.sample();
  }
}
