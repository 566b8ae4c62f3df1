package dev.conntrail.jmh;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.WorkloadParams;

/**
 * Makes of a benchmark's results from several rounds one result with as many forks. JMH runs the
 * forks of a benchmark one straight after the other, so that a slow spell of the machine takes all
 * of them; rounds lie apart.
 */
final class Rounds {
  private Rounds() {}

  /** One result a benchmark and choice of parameters, in order of its first round. */
  static List<RunResult> merged(Collection<RunResult> results) {
    Map<String, List<RunResult>> rounds = new LinkedHashMap<>();
    for (RunResult result : results) {
      rounds.computeIfAbsent(result.getParams().id(), _ -> new ArrayList<>()).add(result);
    }
    return rounds.values().stream()
        .map(same -> same.size() == 1 ? same.getFirst() : merged(same))
        .toList();
  }

  private static RunResult merged(List<RunResult> same) {
    List<BenchmarkResult> forks =
        same.stream().flatMap(r -> r.getBenchmarkResults().stream()).toList();
    int count = same.stream().mapToInt(r -> r.getParams().getForks()).sum();
    return new RunResult(withForks(same.getFirst().getParams(), count), forks);
  }

  private static BenchmarkParams withForks(BenchmarkParams p, int forks) {
    WorkloadParams params = new WorkloadParams();
    int position = 0;
    for (String key : p.getParamsKeys()) {
      params.put(key, p.getParam(key), position++);
    }
    return new BenchmarkParams(
        p.getBenchmark(),
        p.generatedBenchmark(),
        p.shouldSynchIterations(),
        p.getThreads(),
        p.getThreadGroups(),
        p.getThreadGroupLabels(),
        forks,
        p.getWarmupForks(),
        p.getWarmup(),
        p.getMeasurement(),
        p.getMode(),
        params,
        p.getTimeUnit(),
        p.getOpsPerInvocation(),
        p.getJvm(),
        p.getJvmArgs(),
        p.getJdkVersion(),
        p.getVmName(),
        p.getVmVersion(),
        p.getJmhVersion(),
        p.getTimeout());
  }
}
