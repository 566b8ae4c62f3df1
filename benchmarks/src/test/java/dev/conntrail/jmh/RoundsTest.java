package dev.conntrail.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

class RoundsTest {
  @Test
  void roundsOfOneBenchmarkBecomeForksOfOneResult() throws Exception {
    List<RunResult> rounds = new ArrayList<>();
    rounds.addAll(run("1", "10"));
    rounds.addAll(run("1"));

    List<RunResult> merged = Rounds.merged(rounds);

    assertThat(merged)
        .extracting(r -> r.getParams().getParam("services"))
        .containsExactly("1", "10");
    RunResult twice = merged.getFirst();
    assertThat(twice.getParams().getForks()).isEqualTo(2);
    assertThat(twice.getParams().id()).isEqualTo(rounds.getFirst().getParams().id());
    assertThat(scores(twice))
        .containsExactly(scores(rounds.getFirst()).getFirst(), scores(rounds.getLast()).getFirst());
    assertThat(merged.getLast()).isSameAs(rounds.get(1));
  }

  private static List<Double> scores(RunResult result) {
    return result.getBenchmarkResults().stream()
        .map(BenchmarkResult::getPrimaryResult)
        .map(r -> r.getScore())
        .toList();
  }

  private static List<RunResult> run(String... services) throws Exception {
    TimeValue time = TimeValue.milliseconds(1);
    return List.copyOf(
        new Runner(
                new OptionsBuilder()
                    .include("\\.FirstPacketBenchmark")
                    .param("mode", "ipvs")
                    .param("target", "last")
                    .param("services", services)
                    .verbosity(VerboseMode.SILENT)
                    .forks(1)
                    .warmupIterations(0)
                    .measurementIterations(1)
                    .measurementTime(time)
                    .build())
            .run());
  }
}
