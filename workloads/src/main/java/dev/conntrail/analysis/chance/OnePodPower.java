package dev.conntrail.analysis.chance;

import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;

/**
 * The probability to find one pod that draws a share of its own, whatever its share: given what
 * that pod got, the others are a fair draw of the rest, which does not depend on the share.
 *
 * <p>The non-central chi-square distribution would be simpler and says too much, for it takes the
 * scatter of that pod to be that of the others: 0.90 where draws give 0.88 (8,668 connections, one
 * of ten pods at 0.12, level 0.0005), 0.58 where they give 0.54 (300, 0.2, 0.000025).
 */
final class OnePodPower {
  private record Question(int n, int k, double level) {}

  private static final Memo<Question, OnePodPower> KNOWN = new Memo<>();

  private static final double LEFT_OUT = 1e-13;

  /** Probability that it is not found, given how many connections that pod got. */
  @FunctionalInterface
  private interface Missed {
    double given(int count);
  }

  private final int n;
  private final int fewest;
  private final int most;
  private final Missed missed;

  private OnePodPower(int n, int fewest, int most, Missed missed) {
    this.n = n;
    this.fewest = fewest;
    this.most = most;
    this.missed = missed;
  }

  /**
   * For a test.
   *
   * @param level two-sided
   */
  static OnePodPower of(int n, int k, double level) {
    Question question = new Question(n, k, level);
    return Uniformity.asymptotic(n, k)
        ? chiSquare(question)
        : KNOWN.get(question, OnePodPower::exact);
  }

  /** Probability to find the pod. */
  double at(double share) {
    BinomialDistribution count = BinomialDistribution.of(n, share);
    int from = Math.max(fewest, count.inverseCumulativeProbability(LEFT_OUT));
    int to = Math.min(most, count.inverseSurvivalProbability(LEFT_OUT));
    double sum = 0;
    for (int c = from; c <= to; c++) {
      sum += count.probability(c) * missed.given(c);
    }
    return Math.clamp(1 - sum, 0, 1);
  }

  private static OnePodPower exact(Question q) {
    int n = q.n();
    int k = q.k();
    long critical = FairPairs.of(n, k, 1).critical(q.level() / 2);
    int[] counts =
        IntStream.rangeClosed(0, n)
            .filter(c -> Pairs.most(c) + Pairs.least(n - c, k - 1) < critical)
            .toArray();
    if (counts.length == 0) {
      return new OnePodPower(n, 1, 0, _ -> 0);
    }
    int[] others = IntStream.of(counts).map(c -> n - c).toArray();
    PairsTransform rest = new PairsTransform(new PoissonPods(k - 1, (double) n / k, others), 1);
    double[] missed =
        IntStream.range(0, counts.length)
            .parallel()
            .mapToDouble(i -> rest.below(i, critical - Pairs.most(counts[i])))
            .toArray();
    int first = counts[0];
    return new OnePodPower(n, first, counts[counts.length - 1], c -> missed[c - first]);
  }

  /**
   * With d what the pod has above n/k, and m connections on the others: X² = (k/n)(d² k/(k-1) +
   * (m/(k-1)) Y), where Y is Pearson's statistic of the others, with k - 2 degrees of freedom.
   */
  private static OnePodPower chiSquare(Question q) {
    double n = q.n();
    double k = q.k();
    double critical =
        ChiSquaredDistribution.of(k - 1).inverseSurvivalProbability(q.level() / 2) * n / k;
    double far = Math.sqrt(critical * (k - 1) / k);
    Missed missed =
        c -> {
          double above = c - n / k;
          double y = (critical - above * above * k / (k - 1)) * (k - 1) / (n - c);
          return q.k() == 2 || c == q.n()
              ? 1
              : ChiSquaredDistribution.of(k - 2).cumulativeProbability(y);
        };
    return new OnePodPower(
        q.n(),
        (int) Math.max(0, Math.ceil(n / k - far)),
        (int) Math.min(n, Math.floor(n / k + far)),
        missed);
  }
}
