package dev.conntrail.analysis.chance;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;

/**
 * Pearson's test that pods draw equal shares, over one or more repetitions of the same draw, in two
 * forms: what finds a pod that differs in all repetitions alike, and what finds a difference that
 * moves from pod to pod.
 *
 * @param connections of all repetitions
 * @param pods of each repetition
 * @param pooled counts summed over repetitions, pod by pod
 * @param stratified the sum of each repetition's own statistic; none where only one repetition has
 *     connections, for that is the pooled form
 */
public record Uniformity(
    long connections, int pods, TestResult pooled, Optional<TestResult> stratified) {
  /**
   * From so many connections a pod the chi-square distribution stands for Pearson's statistic. At
   * ten pods its tail of 1e-5 is then a quarter too small; at 0.15 connections a pod it would be 44
   * times too small.
   */
  public static final int ASYMPTOTIC_FROM = 30;

  /** Draws of a Monte-Carlo test. */
  public static final int DRAWS = 1_000_000;

  /** The two forms. */
  public enum Form {
    POOLED("pooled"),
    STRATIFIED("stratified");

    private final String text;

    Form(String text) {
      this.text = text;
    }

    /** For people and files. */
    public String text() {
      return text;
    }
  }

  /**
   * A form of the test, with its result.
   *
   * @param form which
   * @param result what came out
   */
  public record Tested(Form form, TestResult result) {}

  /**
   * Tests.
   *
   * @param counts connections of each repetition, pod by pod
   * @throws IllegalArgumentException if there is no pod, repetitions differ in pods, a count is
   *     negative, or all together are over 1e9
   */
  public static Uniformity test(long[][] counts) {
    long[] sums = sums(counts);
    long n = Arrays.stream(sums).sum();
    int k = sums.length;
    List<long[]> filled = Arrays.stream(counts).filter(c -> Arrays.stream(c).sum() > 0).toList();
    return new Uniformity(
        n,
        k,
        combined(List.of(sums), k),
        filled.size() > 1 ? Optional.of(combined(filled, k)) : Optional.empty());
  }

  /** What there is to correct for: one form, or two. */
  public List<Tested> tests() {
    return Stream.concat(
            Stream.of(new Tested(Form.POOLED, pooled)),
            stratified.stream().map(t -> new Tested(Form.STRATIFIED, t)))
        .toList();
  }

  /** The pooled form of counts that are already sums. */
  public static TestResult pooled(long[] counts) {
    return combined(List.of(sums(new long[][] {counts})), counts.length);
  }

  /** Counts by pod, summed over repetitions. */
  public static long[] sums(long[][] counts) {
    if (counts.length == 0 || counts[0].length == 0) {
      throw new IllegalArgumentException("counts: found none; allowed: one for each pod");
    }
    long[] sums = new long[counts[0].length];
    long all = 0;
    for (long[] repetition : counts) {
      if (repetition.length != sums.length) {
        throw new IllegalArgumentException(
            "counts: found repetitions of %d and %d pods; allowed: the same pods in each"
                .formatted(sums.length, repetition.length));
      }
      for (int i = 0; i < sums.length; i++) {
        all += checked(repetition[i], all);
        sums[i] += repetition[i];
      }
    }
    return sums;
  }

  private static long checked(long count, long before) {
    if (count < 0 || count > Pairs.MOST_CONNECTIONS - before) {
      throw new IllegalArgumentException(
          "counts: found %d; allowed: 0 to %d in all".formatted(count, Pairs.MOST_CONNECTIONS));
    }
    return count;
  }

  /** Whether the chi-square distribution is taken for so many connections. */
  static boolean asymptotic(long n, int k) {
    return n >= (long) ASYMPTOTIC_FROM * k;
  }

  /**
   * From the chi-square distribution. Counts are whole numbers, so the statistic goes in steps, and
   * where there are few pods its least value is met by many draws (two pods, 60 connections: 30
   * each in one draw of ten), while the distribution says never. So the lower tail reaches half a
   * step further: for two and three pods that is 0.8 to 1.8 of the exact probability.
   *
   * @param halfStep half of the most that the statistic changes by, near its least value, when one
   *     connection goes elsewhere
   */
  static TestResult chiSquare(double statistic, int df, double halfStep) {
    ChiSquaredDistribution chi = ChiSquaredDistribution.of(df);
    return new TestResult(
        statistic,
        chi.survivalProbability(statistic),
        chi.cumulativeProbability(statistic + halfStep),
        new Method.ChiSquare(df));
  }

  /** The sum of each repetition's statistic, in its own distribution. */
  private static TestResult combined(List<long[]> counts, int k) {
    long[] n = counts.stream().mapToLong(c -> Arrays.stream(c).sum()).toArray();
    long[] pairs = counts.stream().mapToLong(Pairs::of).toArray();
    double statistic = 0;
    for (int r = 0; r < n.length; r++) {
      statistic += Pairs.pearson(pairs[r], n[r], k);
    }
    if (Arrays.stream(n).sum() == 0 || k == 1) {
      return new TestResult(0, 1, 1, new Method.Exact());
    }
    if (Arrays.stream(n).allMatch(m -> asymptotic(m, k))) {
      int df = Math.multiplyExact(n.length, k - 1);
      return chiSquare(
          statistic, df, Arrays.stream(n).mapToDouble(m -> (double) k / m).max().orElseThrow());
    }
    if (Arrays.stream(n).distinct().count() > 1) {
      return UnequalRepetitions.test(statistic, n, k);
    }
    FairPairs fair = FairPairs.of((int) n[0], k, n.length);
    long all = Arrays.stream(pairs).sum();
    return new TestResult(statistic, fair.atLeast(all), fair.atMost(all), new Method.Exact());
  }
}
