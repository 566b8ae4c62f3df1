package dev.conntrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.Privileged;
import dev.conntrail.result.Json;
import dev.conntrail.result.Manifest;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.Tables;
import dev.conntrail.result.row.RunStatus;
import dev.conntrail.testbed.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
  private Path state;

  @BeforeEach
  void write() throws IOException {
    spec = Files.writeString(folder.resolve("ended.yaml"), YAML);
    results = folder.resolve("results");
    state = Files.createDirectory(folder.resolve("state"));
  }

  private Map<String, String> environment() {
    return Map.of("CONNTRAIL_STATE", state.toString());
  }

  private String[] arguments() {
    return new String[] {"run", spec.toString(), "--results", results.toString()};
  }

  private CommandProcess start() throws IOException {
    return CommandProcess.start(environment(), arguments());
  }

  /** The runs that are noted to have namespaces. */
  private List<String> noted() throws IOException {
    try (Stream<Path> files = Files.list(state)) {
      return files.map(f -> f.getFileName().toString().replaceFirst("\\..*", "")).toList();
    }
  }

  private static List<String> namespacesOf(String run) {
    return Programs.run(List.of("ip", "netns", "list"), "", Programs.SHORT)
        .lines()
        .map(l -> l.split(" ")[0])
        .filter(n -> n.startsWith(run + "-"))
        .toList();
  }

  /** Nothing of the run is left: no namespace, no process, and its folder has its final name. */
  private void assertNothingIsLeft(String run, List<ProcessHandle> children) throws IOException {
    assertThat(namespacesOf(run)).isEmpty();
    assertThat(noted()).isEmpty();
    assertThat(partial()).isEmpty();
    assertThat(children).noneMatch(ProcessHandle::isAlive);
  }

  /** It kept what it had measured when it was told to stop, and says so. */
  private void assertKept(Path folder) throws IOException {
    Manifest manifest = Json.read(new RunFolder(folder).manifest(), Manifest.class);
    assertThat(manifest.status()).isEqualTo(RunStatus.PARTIAL);
    assertThat(manifest.notes()).anyMatch(n -> n.contains("stopped after") && n.contains("of 200"));
    assertThat(new RunFolder(folder).rows(Tables.SUMMARY).size()).isGreaterThanOrEqualTo(2);
  }

  private static void assertEnd(List<ProcessHandle> children) throws InterruptedException {
    for (int i = 0; i < 100 && children.stream().anyMatch(ProcessHandle::isAlive); i++) {
      Thread.sleep(50);
    }
    assertThat(children)
        .as("echo and load end with their standard input")
        .noneMatch(ProcessHandle::isAlive);
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
    String name = noted().getFirst();
    assertThat(namespacesOf(name)).isNotEmpty();
    List<ProcessHandle> children = run.children();
    assertThat(children).as("echo and load").hasSize(2);
    run.kill();
    assertEnd(children);
    assertThat(partial()).hasSize(1);

    Files.writeString(spec, YAML.replace("repetitions: 50", "repetitions: 1"));
    CommandProcess next = start();
    List<String> lines = next.readUntil("report: ");
    assertThat(next.code()).isZero();
    assertThat(lines)
        .anyMatch(l -> l.contains("which was killed"))
        .anyMatch(l -> l.contains("kept what a killed run had measured"));
    assertNothingIsLeft(name, children);
  }

  /** Where there is no terminal: a pipe, a service. */
  @ParameterizedTest
  @CsvSource({"INT, 130", "TERM, 143", "HUP, 129"})
  void toldToStopItDrainsKeepsWhatItHasAndCleansUp(String signal, int code) throws Exception {
    CommandProcess run = start();
    run.readUntil("2/200");
    String name = noted().getFirst();
    List<ProcessHandle> children = run.children();
    run.signal(signal);
    List<String> rest = run.readUntil("folder: ");
    assertThat(run.code()).isEqualTo(code);
    assertThat(rest).anyMatch(l -> l.contains("stopping: draining"));
    assertThat(rest)
        .as("what was measured has its answer")
        .anyMatch(l -> l.startsWith("verdict: "))
        .anyMatch(l -> l.startsWith("marks: "));
    assertThat(String.join(" ", rest).replaceAll(" +", " "))
        .containsPattern("\\d+ of 200 repetitions without results");
    assertKept(Path.of(rest.getLast().replaceFirst("folder: +", "")));
    assertNothingIsLeft(name, children);
  }

  /** A terminal tells every process of the foreground, also those that the run has started. */
  @Test
  void onATerminalCtrlCDrainsAndEveryLineStandsAlone() throws Exception {
    CommandProcess run = CommandProcess.onTerminal(environment(), arguments());
    run.readUntil("2/200");
    String name = noted().getFirst();
    List<ProcessHandle> children = run.children();
    assertThat(children).as("echo and load").hasSize(2);
    run.pressCtrlC();
    run.end();
    assertThat(run.code()).as(run.screen().toString()).isEqualTo(130);
    try (Stream<Path> all = Files.list(results)) {
      assertKept(all.filter(Files::isDirectory).findFirst().orElseThrow());
    }
    assertNothingIsLeft(name, children);
    List<String> screen = run.screen();
    assertThat(screen.getFirst()).startsWith("ended: 4 cells, 200 repetitions");
    assertThat(screen.get(1))
        .isEqualTo("stopping: draining, then cleaning up; Ctrl-C again ends at once");
    assertThat(screen.get(2)).matches("ended +\\d+% \\[=* *] +\\d+/200 \\(.*\\).*");
    assertThat(screen.get(2)).as("as wide as the terminal allows").hasSizeBetween(80, 97);
    assertThat(screen.subList(3, screen.size()))
        .filteredOn(l -> l.matches("[a-z]+: .*"))
        .extracting(l -> l.split(":", 2)[0])
        .containsExactly("verdict", "worst", "idle", "marks", "folder");
  }

  @Test
  void whileTheTestbedIsMadeCtrlCLeavesNothing() throws Exception {
    CommandProcess run = CommandProcess.onTerminal(environment(), arguments());
    run.readUntil("0/200");
    while (noted().isEmpty()) {
      Thread.sleep(1);
    }
    String name = noted().getFirst();
    run.pressCtrlC();
    run.end();
    assertThat(run.code()).as(run.screen().toString()).isEqualTo(130);
    assertNothingIsLeft(name, List.of());
  }

  @Test
  void aSecondCtrlCEndsAtOnceAndSaysWhatIsLeft() throws Exception {
    CommandProcess run = CommandProcess.onTerminal(environment(), arguments());
    run.readUntil("2/200");
    String name = noted().getFirst();
    List<ProcessHandle> children = run.children();
    run.pressCtrlC();
    run.readUntil("stopping: draining");
    run.pressCtrlC();
    run.end();
    assertThat(run.code()).isEqualTo(130);
    // a long line is broken where the terminal ends, also at a space
    assertThat(String.join("", run.screen()).replace(" ", ""))
        .contains(
            "endedatonce;leftbehind:",
            "namespacesofrun" + name + ":`conntrailtestbeddown`,orthenextrun,removesthem",
            ".partial:thenextruninto" + results + "keepswhatisinit");
    assertThat(namespacesOf(name)).isNotEmpty();
    assertThat(CommandProcess.start(environment(), "testbed", "down").end())
        .contains("testbed " + name + " down");
    assertThat(namespacesOf(name)).isEmpty();
    assertEnd(children);
  }
}
