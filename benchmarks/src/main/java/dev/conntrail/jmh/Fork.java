package dev.conntrail.jmh;

import java.util.Collection;
import java.util.Map;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.util.ListStatistics;

/**
 * One fork of a benchmark.
 *
 * @param median of its iterations
 * @param disturbed whether others had more of the machine than a measurement bears
 */
record Fork(double median, boolean disturbed) {
  /** CPU time of other processes that a measurement bears, per cent of all CPUs. */
  static final double OTHER_CPU_PCT = 5;

  /** CPU time taken by the hypervisor that it bears. */
  static final double STEAL_PCT = 2;

  private static final double HALF = 50;

  /** That of a result. */
  static Fork of(BenchmarkResult result) {
    ListStatistics times = new ListStatistics();
    double other = 0;
    double steal = 0;
    for (IterationResult iteration : result.getIterationResults()) {
      times.addValue(iteration.getPrimaryResult().getScore());
      other = last(iteration, OtherWork.OTHER_CPU, other);
      steal = last(iteration, OtherWork.STEAL, steal);
    }
    return new Fork(times.getPercentile(HALF), other > OTHER_CPU_PCT || steal > STEAL_PCT);
  }

  private static double last(IterationResult iteration, String label, double before) {
    Map<String, ? extends Result<?>> results = secondary(iteration);
    return results.containsKey(label) ? results.get(label).getScore() : before;
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // JMH's own type is raw
  private static Map<String, ? extends Result<?>> secondary(IterationResult iteration) {
    return (Map) iteration.getSecondaryResults();
  }

  /** Whether so many undisturbed forks are there, and agree. */
  static boolean enough(Collection<Fork> forks, int wanted, double spread) {
    double[] quiet = forks.stream().filter(f -> !f.disturbed()).mapToDouble(Fork::median).toArray();
    double least = Double.POSITIVE_INFINITY;
    double most = 0;
    for (double median : quiet) {
      least = Math.min(least, median);
      most = Math.max(most, median);
    }
    return quiet.length >= wanted && most <= spread * least;
  }
}
