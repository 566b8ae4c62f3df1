package dev.conntrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.Privileged;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.Tables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** A short round of {@code scripts/check-comparing.sh}, whose twenty take two hours. */
@Privileged
class PlantedFaultsTest {
  private static final String YAML =
      """
      experiment: small
      testbed: netns
      seed: 5
      repetitions: 4
      phases: {warmup: 200ms, measure: 500ms, drain: 1s}
      matrix:
        - {data-plane: [iptables, direct], iptables-backend: legacy, protocol: short-lived, connections: 30, pods: 5, rate: 300}
      """;

  @TempDir private Path results;

  private String run(Path yaml, String... options) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "run", yaml.toString(), "--results", results.toString(), "--no-report", "--quiet"));
    words.addAll(List.of(options));
    Called run = Called.with(words.toArray(String[]::new));
    assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.OK);
    return run.out().strip();
  }

  /** Pods that answer 5 ms later, and rules that give every pod the same chance of those left. */
  @Test
  void wrongRulesAreFoundInCountsAndSlowerPodsSeenInTimes() throws IOException {
    Path yaml = Files.writeString(results.resolve("small.yaml"), YAML);
    Called stored =
        Called.with("aa", yaml.toString(), "--runs", "4", "--results", results.toString());
    assertThat(stored.code()).as(stored.err()).isEqualTo(ExitCode.OK);
    String faulty =
        run(
            yaml,
            "--echo-delay",
            "5ms",
            "--edit-rules",
            "probability 0\\.\\d+=>probability 0.2000000000");
    String well = run(yaml);
    Called compared =
        Called.with(
            "compare", well, faulty, "--aa", results.resolve("aa").toString(), "--format", "json");
    List<String> verdicts = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    for (JsonNode row : new ObjectMapper().readTree(compared.out()).get("rows")) {
      verdicts.add(row.get("measure").asString() + " " + row.get("verdict").asString());
      if (row.get("measure").asString().equals("response-p50") && row.get("ratio").isNumber()) {
        ratios.add(row.get("ratio").asDouble());
      }
    }
    assertThat(verdicts)
        .as(compared.err())
        .contains("pod-shares differs")
        .doesNotContain("response-p50 faster");
    // four short runs on a busy machine may differ by so much that no verdict on times is given,
    // or be short of CPU in all repetitions, which are then left out
    assertThat(ratios).matches(r -> r.isEmpty() || r.stream().anyMatch(ratio -> ratio > 1.5));
    double delayNs = 5e6;
    assertThat(fastestNs(faulty)).isGreaterThan(delayNs);
    assertThat(fastestNs(well)).isLessThan(delayNs);
  }

  /** The lowest median of all repetitions, marked or not. */
  private static double fastestNs(String run) throws IOException {
    return new RunFolder(Path.of(run))
        .rows(Tables.SUMMARY).stream().mapToDouble(s -> s.service().p50Ns()).min().orElseThrow();
  }
}
