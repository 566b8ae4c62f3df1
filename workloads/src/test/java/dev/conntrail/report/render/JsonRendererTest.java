package dev.conntrail.report.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Finding;
import dev.conntrail.report.finding.Answer;
import dev.conntrail.report.finding.FindingSource;
import dev.conntrail.result.Manifest;
import dev.conntrail.result.TestRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class JsonRendererTest {
  @TempDir private Path folder;

  @Test
  void allThatThePageSaysIsThereWithItsFigures() throws IOException {
    TestRun run =
        TestRun.ofCells(
            folder.resolve("run"),
            "data-plane: [iptables, nftables], connections: 10, pods: 3, rate: 100",
            "protocol: short-lived, connections: 10, pods: 3, rate: 100");
    Analysis analysis = Analysis.of(run.fill().read());
    Answer answer = Answer.of(analysis);
    Path file = folder.resolve("report.json");
    JsonRenderer.write(Page.of(analysis), analysis.results().manifest(), answer, file);
    JsonNode said = JsonMapper.builder().build().readTree(file.toFile());
    assertThat(said.get("schema").asInt()).isEqualTo(Manifest.SCHEMA);
    assertThat(said.get("headline").asString()).isEqualTo(answer.verdict());
    List<Finding> findings = FindingSource.findings(analysis);
    assertThat(said.get("findings").size()).isEqualTo(findings.size()).isGreaterThan(5);
    for (int i = 0; i < findings.size(); i++) {
      JsonNode f = said.get("findings").get(i);
      assertThat(f.get("id").asString()).isEqualTo(findings.get(i).id());
      assertThat(f.get("tone").asString()).isEqualTo(findings.get(i).tone().word());
      assertThat(f.get("text").asString()).isEqualTo(findings.get(i).text());
      assertThat(f.get("evidence").get("how").asString())
          .isEqualTo(findings.get(i).evidence().how());
      assertThat(f.get("figures").propertyNames()).isEqualTo(findings.get(i).figures().keySet());
    }
    JsonNode idle = named(said, "idle-pods");
    assertThat(idle.at("/figures/connections/asked").asInt()).isEqualTo(10);
    assertThat(idle.at("/figures/pods/pods").asInt()).isEqualTo(3);
    assertThat(idle.at("/figures/chance/expected/low").asDouble())
        .isCloseTo(3 * Math.pow(2.0 / 3, 10), within(1e-9));
  }

  private static JsonNode named(JsonNode said, String id) {
    return said.get("findings")
        .valueStream()
        .filter(f -> f.get("id").asString().equals(id))
        .findFirst()
        .orElseThrow();
  }
}
