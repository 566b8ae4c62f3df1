package dev.conntrail.jmh;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.WorkloadParams;

/**
 * Runs choices in rounds, one fork each, in an order drawn anew: JMH runs the forks of a benchmark
 * one straight after the other, so that a slow spell of the machine takes all of them, and its
 * parameters in order, so that it takes neighbours. What scatters, or had others beside it, is run
 * again, as often as {@link #AGAIN} and the number of choices allow.
 */
final class Rounds {
  /** Rounds of what is in doubt. */
  static final int AGAIN = 2;

  /** Largest over smallest median of the forks of a choice that is not in doubt. */
  static final double SPREAD = 1.25;

  private final List<Choice> choices;
  private final int rounds;
  private final Measure measure;
  private final Consumer<String> progress;
  private final Random random = new Random(FirstPacketBenchmark.SEED);
  private final Map<Choice, List<RunResult>> results = new LinkedHashMap<>();
  private int done;

  /** Runs one fork of a choice. */
  @FunctionalInterface
  interface Measure {
    Collection<RunResult> of(Choice choice) throws RunnerException;
  }

  /**
   * Nothing is run yet.
   *
   * @param rounds forks of each that are wanted
   * @param progress is told each fork
   */
  Rounds(List<Choice> choices, int rounds, Measure measure, Consumer<String> progress) {
    this.choices = choices;
    this.rounds = rounds;
    this.measure = measure;
    this.progress = progress;
  }

  /** Runs one round. */
  void next() throws RunnerException {
    done++;
    round(choices, "round " + done + " of " + rounds);
  }

  /** Whether another round is wanted. */
  boolean more() {
    return done < rounds;
  }

  /** Runs again what is in doubt: at most one fork more for each choice, all in all. */
  void again() throws RunnerException {
    int left = choices.size();
    for (int i = 0; i < AGAIN && rounds > 1; i++) {
      List<Choice> doubtful = doubtful();
      List<Choice> those = doubtful.subList(0, Math.min(left, doubtful.size()));
      left -= those.size();
      round(those, "again");
    }
  }

  private void round(List<Choice> those, String title) throws RunnerException {
    List<Choice> order = new ArrayList<>(those);
    Collections.shuffle(order, random);
    int at = 0;
    for (Choice choice : order) {
      at++;
      Collection<RunResult> result = measure.of(choice);
      results.computeIfAbsent(choice, _ -> new ArrayList<>()).addAll(result);
      progress.accept(
          "%s, %d of %d: %s: %s"
              .formatted(title, at, order.size(), choice.title(), said(forks(result))));
    }
  }

  private static String said(List<Fork> forks) {
    Fork fork = forks.getLast();
    return "%.4g ns%s".formatted(fork.median(), fork.disturbed() ? ", others beside it" : "");
  }

  /** Choices without enough undisturbed forks that agree. */
  List<Choice> doubtful() {
    return choices.stream()
        .filter(c -> !Fork.enough(forks(results.getOrDefault(c, List.of())), rounds, SPREAD))
        .toList();
  }

  private static List<Fork> forks(Collection<RunResult> results) {
    return results.stream().flatMap(r -> r.getBenchmarkResults().stream()).map(Fork::of).toList();
  }

  /** One result for each choice, with the forks of all rounds. */
  List<RunResult> merged() {
    return choices.stream().map(results::get).map(Rounds::merged).toList();
  }

  private static RunResult merged(List<RunResult> same) {
    if (same.size() == 1) {
      return same.getFirst();
    }
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
