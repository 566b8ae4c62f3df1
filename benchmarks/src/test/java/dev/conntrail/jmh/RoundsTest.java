package dev.conntrail.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.AverageTimeResult;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.ResultRole;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.ScalarResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

class RoundsTest {
  static {
    // one run of a millisecond is no reason to fail because JMH measures elsewhere on this machine
    System.setProperty("jmh.ignoreLock", "true");
  }

  private static final List<Choice> CHOICES =
      Choice.sweep(FirstPacketBenchmark.class)
          .over("mode", "ipvs")
          .over("services", "1,2,3,4,5,6,7,8")
          .over("target", "last")
          .choices();

  private final List<String> ran = new ArrayList<>();
  private final List<String> said = new ArrayList<>();

  /** Forks that take so long, with so much of the CPUs in others' hands. */
  private record Told(double ns, double otherPct) {}

  private Rounds rounds(int wanted, Map<String, Deque<Told>> told) {
    return new Rounds(
        CHOICES,
        wanted,
        choice -> {
          String services = choice.values().get("services");
          ran.add(services);
          Deque<Told> left = told.getOrDefault(services, new ArrayDeque<>());
          return List.of(fork(left.isEmpty() ? new Told(100, 1) : left.removeFirst()));
        },
        said::add);
  }

  private static RunResult fork(Told told) {
    IterationResult iteration = new IterationResult(null, null, null);
    iteration.addResult(
        new AverageTimeResult(
            ResultRole.PRIMARY,
            "route",
            1,
            (long) told.ns(),
            java.util.concurrent.TimeUnit.NANOSECONDS));
    iteration.addResult(
        new ScalarResult(OtherWork.OTHER_CPU, told.otherPct(), "%", AggregationPolicy.MAX));
    return new RunResult(null, List.of(new BenchmarkResult(null, List.of(iteration))));
  }

  private static Deque<Told> forks(Told... told) {
    return new ArrayDeque<>(Arrays.asList(told));
  }

  @Test
  void eachRoundRunsEachChoiceOnceInAnOrderOfItsOwn() throws RunnerException {
    Rounds rounds = rounds(2, new HashMap<>());
    rounds.next();
    assertThat(rounds.more()).isTrue();
    rounds.next();
    assertThat(rounds.more()).isFalse();
    List<String> first = ran.subList(0, 8);
    List<String> second = ran.subList(8, 16);
    assertThat(first).containsExactlyInAnyOrder("1", "2", "3", "4", "5", "6", "7", "8");
    assertThat(second).containsExactlyInAnyOrderElementsOf(first).isNotEqualTo(first);
    assertThat(first).isNotEqualTo(List.of("1", "2", "3", "4", "5", "6", "7", "8"));
    assertThat(said).hasSize(16).last().asString().startsWith("round 2 of 2, 8 of 8: FirstPacket");
    assertThat(rounds.doubtful()).isEmpty();
  }

  @Test
  void whatIsDisturbedOrScattersRunsAgainUntilItAgrees() throws RunnerException {
    Rounds rounds =
        rounds(
            2,
            new HashMap<>(
                Map.of(
                    "3", forks(new Told(100, 30), new Told(100, 1), new Told(101, 1)),
                    "5", forks(new Told(100, 1), new Told(160, 1), new Told(160, 1)))));
    rounds.next();
    rounds.next();
    assertThat(rounds.doubtful())
        .extracting(c -> c.values().get("services"))
        .containsExactly("3", "5");
    ran.clear();
    rounds.again();
    assertThat(ran).containsExactlyInAnyOrder("3", "5", "5");
    assertThat(rounds.doubtful()).extracting(c -> c.values().get("services")).containsExactly("5");
  }

  /** On a busy machine all is in doubt for ever: one fork more for each, and no more. */
  @Test
  void againIsBounded() throws RunnerException {
    Map<String, Deque<Told>> told = new HashMap<>();
    for (Choice choice : CHOICES) {
      Told[] busy = new Told[9];
      Arrays.fill(busy, new Told(100, 80));
      told.put(choice.values().get("services"), forks(busy));
    }
    Rounds rounds = rounds(2, told);
    rounds.next();
    rounds.next();
    rounds.again();
    assertThat(ran).hasSize(3 * CHOICES.size());
    assertThat(said.getLast()).startsWith("again, ").endsWith("100.0 ns, others beside it");
  }

  @Test
  void aGlanceIsNotJudgedAndSoNotRunAgain() throws RunnerException {
    Rounds rounds = rounds(1, new HashMap<>(Map.of("3", forks(new Told(100, 30)))));
    rounds.next();
    rounds.again();
    assertThat(ran).hasSize(CHOICES.size());
  }

  /** With JMH itself: rounds become forks of one result, which say what ran beside. */
  @Test
  void roundsOfOneBenchmarkBecomeForksOfOneResult() throws RunnerException {
    Rounds rounds = new Rounds(CHOICES.subList(0, 2), 2, RoundsTest::run, said::add);
    rounds.next();
    rounds.next();
    List<RunResult> merged = rounds.merged();
    assertThat(merged)
        .extracting(r -> r.getParams().getParam("services"))
        .containsExactly("1", "2");
    assertThat(merged)
        .allSatisfy(r -> {
          BenchmarkParams params = r.getParams();
          assertThat(params.getForks()).isEqualTo(2);
          assertThat(params.getParam("packet")).isEqualTo("first");
          assertThat(r.getBenchmarkResults())
              .hasSize(2)
              .allSatisfy(b ->
                  assertThat(b.getIterationResults().iterator().next().getSecondaryResults())
                      .containsKeys(OtherWork.OTHER_CPU, OtherWork.STEAL));
        });
  }

  private static Collection<RunResult> run(Choice choice) throws RunnerException {
    return new Runner(
            choice
                .on(new OptionsBuilder())
                .verbosity(VerboseMode.SILENT)
                .forks(1)
                .warmupIterations(0)
                .measurementIterations(1)
                .measurementTime(TimeValue.milliseconds(1))
                .addProfiler(OtherWork.class)
                .build())
        .run();
  }
}
