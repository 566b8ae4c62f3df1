package dev.conntrail.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.Privileged;
import dev.conntrail.report.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What recomputes results agrees with a run in which a pod is killed, and names what was altered of
 * what was due around that, and of who closed connections. Events take a Service.
 */
@Privileged
class VerifyEventsTest {
  private static final String YAML =
      """
      experiment: killed
      testbed: netns
      phases: {warmup: 100ms, measure: 2s, drain: 10s}
      matrix:
        - {data-plane: nftables, protocol: http2, connections: 12, pods: 3, rate: 120,
           events: [{at: 500ms, kill-pod: 1, rules-after: 100ms, ready-after: 100ms}]}
      """;

  @TempDir private static Path results;
  @TempDir private Path copies;
  private static Path run;

  @BeforeAll
  static void measure() throws IOException {
    ExperimentRun.Ended ended = Runs.run(results, YAML, "");
    Report.write(ended.folder());
    run = ended.folder().path();
  }

  private Path copy() throws IOException {
    return VerifyScript.copy(run, copies.resolve("copy"));
  }

  @Test
  void aRunWithAnEventAgreesWithItsRawFiles() throws Exception {
    assertThat(VerifyScript.on(run).lines())
        .singleElement()
        .asString()
        .matches("\\d{3,} figures compared, 0 differ");
  }

  @ParameterizedTest
  @CsvSource({
    "due.csv, due_count",
    "due.csv, answered_count",
    "due.csv, failed_count",
    "due.csv, unanswered_count",
    "around.csv, due_count",
    "around.csv, due_answered_count",
    "around.csv, due_failed_count",
    "around.csv, due_unanswered_count",
    "around.csv, answered_count",
    "around.csv, response_count",
  })
  void aCountOfWhatWasDueThatWasAlteredIsNamed(String table, String column) throws Exception {
    Path copy = copy();
    VerifyScript.alter(
        VerifyScript.find(copy, table),
        column,
        _ -> true,
        n -> Integer.toString(Integer.parseInt(n) + 1));
    assertNamed(copy, table + ".* " + column + ": says .*");
  }

  private static void assertNamed(Path copy, String line) throws Exception {
    VerifyScript.Said said = VerifyScript.on(copy);
    assertThat(said.code()).isEqualTo(1);
    assertThat(said.lines()).anyMatch(l -> l.matches(".*" + line));
  }

  /** A request that was due and is in no bin, though each bin adds up. */
  @Test
  void aBinThatIsMissingIsNamed() throws Exception {
    Path copy = copy();
    Path file = VerifyScript.find(copy, "due.csv");
    Files.write(
        file, Files.readAllLines(file).stream().filter(l -> !l.contains(",1300,")).toList());
    assertNamed(copy, "due.csv .* at 1300 ms, of the schedule.*");
  }

  /** What a client cannot have seen of it, and what no pod says but of its own end. */
  @ParameterizedTest
  @CsvSource({
    "echo.csv, closed_by, client, pod-exit",
    "connections.csv, death, client-close, peer-fin",
    "connections.csv, death, client-close, goodbye",
  })
  void whoClosedAConnectionThatWasAlteredIsNamed(
      String table, String column, String from, String to) throws Exception {
    Path copy = copy();
    VerifyScript.alter(VerifyScript.find(copy, table), column, from::equals, _ -> to);
    assertNamed(copy, "connections that ended otherwise for their clients: says 1, recomputed 0.*");
  }

  /** A contradiction that there is not. */
  @Test
  void aDisagreementThatWasInventedIsNamed() throws Exception {
    Path copy = copy();
    Path file = VerifyScript.find(copy, "disagreements.csv");
    Files.writeString(
        file,
        Files.readString(file)
            + Files.readAllLines(VerifyScript.find(copy, "echo.csv"))
                .getLast()
                .replaceFirst("^(\\w+,\\w+,\\d+),.*$", "$1,NA,NA,NA,NA,NA,NA,NA,closed-by\n"));
    assertNamed(copy, "connections that ended otherwise for their clients: says 0, recomputed 1.*");
  }
}
