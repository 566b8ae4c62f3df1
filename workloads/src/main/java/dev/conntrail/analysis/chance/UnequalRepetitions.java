package dev.conntrail.analysis.chance;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.DiscreteSampler;
import org.apache.commons.rng.sampling.distribution.GuideTableDiscreteSampler;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;
import org.apache.commons.statistics.distribution.ContinuousDistribution;

/**
 * The sum of the statistics of repetitions that differ in their number of connections: it has no
 * distribution of its own that is cheap to work out, so each repetition's statistic is drawn from
 * its own (exact, or chi-square where that holds) and the draws are added.
 */
final class UnequalRepetitions {
  private UnequalRepetitions() {}

  static TestResult test(double statistic, long[] n, int k) {
    long[] question = LongStream.concat(LongStream.of(k), Arrays.stream(n)).toArray();
    List<Function<UniformRandomProvider, DoubleSupplier>> each =
        Arrays.stream(n).mapToObj(m -> statistic(m, k)).toList();
    return Draws.test(statistic, question, random -> sum(each, random));
  }

  private static DoubleSupplier sum(
      List<Function<UniformRandomProvider, DoubleSupplier>> each, UniformRandomProvider random) {
    List<DoubleSupplier> samplers = each.stream().map(e -> e.apply(random)).toList();
    return () -> {
      double sum = 0;
      for (DoubleSupplier sampler : samplers) {
        sum += sampler.getAsDouble();
      }
      return sum;
    };
  }

  private static Function<UniformRandomProvider, DoubleSupplier> statistic(long n, int k) {
    if (Uniformity.asymptotic(n, k)) {
      ContinuousDistribution chi = ChiSquaredDistribution.of(k - 1.0);
      return random -> chi.createSampler(random)::sample;
    }
    FairPairs fair = FairPairs.of((int) n, k, 1);
    double[] probabilities = fair.probabilities();
    return random -> {
      DiscreteSampler pairs = GuideTableDiscreteSampler.of(random, probabilities);
      return () -> Pairs.pearson(fair.least() + pairs.sample(), n, k);
    };
  }
}
