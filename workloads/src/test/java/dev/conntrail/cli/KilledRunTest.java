package dev.conntrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.Privileged;
import dev.conntrail.result.Json;
import dev.conntrail.result.Manifest;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.Tables;
import dev.conntrail.result.row.RunStatus;
import dev.conntrail.testbed.Programs;
import dev.conntrail.testbed.TestbedRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs as processes of their own, ended in the middle. */
@Privileged
class KilledRunTest {
  private static final String YAML =
      """
      experiment: ended
      testbed: netns
      repetitions: 50
      phases: {warmup: 100ms, measure: 700ms, drain: 1s}
      matrix:
        - data-plane: [iptables, nftables]
          protocol: [http1, grpc]
          connections: 20
          pods: 3
          rate: 200
      """;

  @TempDir private Path folder;
  private Path spec;
  private Path results;

  @BeforeEach
  void write() throws IOException {
    spec = Files.writeString(folder.resolve("ended.yaml"), YAML);
    results = folder.resolve("results");
  }

  private CommandProcess start() throws IOException {
    return CommandProcess.start(
        Map.of(), "run", spec.toString(), "--results", results.toString(), "--no-report");
  }

  private static List<String> namespaces() {
    return Programs.run(List.of("ip", "netns", "list"), "", Programs.SHORT)
        .lines()
        .map(l -> l.split(" ")[0])
        .filter(n -> n.matches("ct[0-9a-f]{6}-.*"))
        .toList();
  }

  private List<Path> partial() throws IOException {
    try (Stream<Path> files = Files.list(results)) {
      return files.filter(f -> f.toString().endsWith(RunFolder.PARTIAL)).toList();
    }
  }

  @Test
  void killedWithNineItLeavesNoProcessAndTheNextRunClearsTheRest() throws Exception {
    CommandProcess run = start();
    run.readUntil("2/200");
    assertThat(namespaces()).isNotEmpty();
    List<ProcessHandle> children = run.children();
    assertThat(children).as("echo and load").hasSize(2);
    run.kill();
    for (int i = 0; i < 100 && children.stream().anyMatch(ProcessHandle::isAlive); i++) {
      Thread.sleep(50);
    }
    assertThat(children)
        .as("echo and load end with their standard input")
        .noneMatch(ProcessHandle::isAlive);
    assertThat(partial()).hasSize(1);

    Files.writeString(spec, YAML.replace("repetitions: 50", "repetitions: 1"));
    CommandProcess next = start();
    List<String> lines = next.readUntil("results: ");
    assertThat(next.code()).isZero();
    assertThat(lines)
        .anyMatch(l -> l.contains("which was killed"))
        .anyMatch(l -> l.contains("kept what a killed run had measured"));
    assertThat(namespaces()).isEmpty();
    assertThat(TestbedRegistry.all()).isEmpty();
    assertThat(partial()).isEmpty();
  }

  @Test
  void interruptedItDrainsKeepsWhatItHasAndCleansUp() throws Exception {
    CommandProcess run = start();
    run.readUntil("2/200");
    List<ProcessHandle> children = run.children();
    run.interrupt();
    List<String> rest = run.readUntil("results: ");
    assertThat(run.code()).isEqualTo(ExitCode.CELLS);
    assertThat(rest).anyMatch(l -> l.contains("stopping: draining"));
    Path kept = Path.of(rest.getLast().replace("results: ", "").replaceAll(" \\(.*", ""));
    Manifest manifest = Json.read(new RunFolder(kept).manifest(), Manifest.class);
    assertThat(manifest.status()).isEqualTo(RunStatus.PARTIAL);
    assertThat(manifest.notes()).anyMatch(n -> n.contains("stopped after") && n.contains("of 200"));
    assertThat(new RunFolder(kept).rows(Tables.SUMMARY).size()).isGreaterThanOrEqualTo(2);
    assertThat(namespaces()).isEmpty();
    assertThat(TestbedRegistry.all()).isEmpty();
    assertThat(partial()).isEmpty();
    assertThat(children).noneMatch(ProcessHandle::isAlive);
  }
}
