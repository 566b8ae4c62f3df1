package dev.conntrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.result.AbFolder;
import dev.conntrail.result.AbManifest;
import dev.conntrail.result.FileTrees;
import dev.conntrail.result.Json;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.Side;
import dev.conntrail.result.Tables;
import dev.conntrail.result.row.RunStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ab} as a process of its own, where nobody is privileged. */
class AbCommandTest {
  private static final String YAML =
      """
      experiment: straight
      testbed: loopback
      phases: {warmup: 0s, measure: 100ms, drain: 1s}
      matrix:
        - connections: 4
          pods: 2
          rate: 200
      """;

  @TempDir private Path folder;
  private Path spec;
  private Path results;

  @BeforeEach
  void write() throws IOException {
    spec = Files.writeString(folder.resolve("straight.yaml"), YAML);
    results = folder.resolve("results");
  }

  private CommandProcess start(String... options) throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of("ab", spec.toString(), "--results", results.toString()));
    arguments.addAll(List.of(options));
    return CommandProcess.start(Map.of(), arguments.toArray(String[]::new));
  }

  private AbFolder folder() throws IOException {
    return FileTrees.list(results).stream()
        .filter(AbFolder::is)
        .findFirst()
        .map(AbFolder::new)
        .orElseThrow();
  }

  @Test
  void anAxisIsVariedAndThePathIsTheOnlyThingSaid() throws Exception {
    CommandProcess ab =
        start("--vary", "connections=4,6", "--budget", "1s", "--seed", "5", "--quiet");
    assertThat(ab.end()).isEqualTo(folder().path().toRealPath().toString());
    assertThat(ab.code()).isZero();
    AbManifest manifest = Json.read(folder().manifest(), AbManifest.class);
    assertThat(manifest.status()).isEqualTo(RunStatus.COMPLETE);
    assertThat(manifest.differs()).isEqualTo("connections: 4 against 6");
    assertThat(manifest.seed()).isEqualTo(5);
    assertThat(manifest.blocks()).hasSize(8);
    assertThat(manifest.command()).contains("--vary", "connections=4,6");
    assertThat(folder().side(Side.A).experiment()).content().contains("connections: 4\n");
    assertThat(folder().side(Side.B).experiment()).content().contains("connections: 6\n");
    assertThat(new RunFolder(results).rows(Tables.INDEX)).hasSize(2);
  }

  @Test
  void ctrlCDrainsAndKeepsWhatWasMeasured() throws Exception {
    CommandProcess ab = start("--budget", "1h");
    ab.readUntil("2/");
    ab.interrupt();
    String said = ab.end();
    assertThat(ab.code()).isEqualTo(130);
    assertThat(said).contains("stopping: draining", folder().path().toRealPath() + "/ab.html");
    assertThat(Json.read(folder().manifest(), AbManifest.class).status())
        .isEqualTo(RunStatus.PARTIAL);
    for (Side side : Side.values()) {
      assertThat(folder().side(side).rows(Tables.SUMMARY)).hasSizeGreaterThanOrEqualTo(2);
    }
  }
}
