package dev.conntrail.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.report.Report;
import dev.conntrail.result.PackedCells;
import dev.conntrail.result.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What recomputes results agrees with a run, and names what was altered in one. */
@Tag("computes")
class VerifyResultsTest {
  private static final String YAML =
      """
      experiment: straight
      testbed: loopback
      repetitions: 2
      phases: {warmup: 100ms, measure: 300ms, drain: 1s}
      matrix:
        - protocol: [http1, short-lived]
          connections: 6
          pods: 4
          rate: 200
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
  void aRunAgreesWithItsRawFiles() throws Exception {
    VerifyScript.Said said = VerifyScript.on(run);
    assertThat(said.lines())
        .singleElement()
        .asString()
        .matches("\\d{3,} figures compared, 0 differ");
    assertThat(said.code()).isZero();
  }

  @Test
  void ratesThatChangeAndChanceAreHeldToWhatTheyMadeDue() throws Exception {
    String yaml =
        """
        experiment: rates
        testbed: loopback
        repetitions: 1
        phases: {warmup: 100ms, measure: 600ms, drain: 1s}
        matrix:
          - protocol: http1
            client: [library, loop]
            connections: 7
            clients: 2
            pods: 4
            rate: [100..300, 100/300]
            arrivals: [regular, poisson]
        """;
    ExperimentRun.Ended ended = Runs.run(copies, yaml, "");
    Report.write(ended.folder());
    assertThat(VerifyScript.on(ended.folder().path()).lines())
        .singleElement()
        .asString()
        .matches("\\d{3,} figures compared, 0 differ");
    Path file = ended.folder().path().resolve("summary.csv");
    List<String> columns = List.of(Files.readAllLines(file).getFirst().split(","));
    int due = columns.indexOf("requests_due_count");
    List<String[]> rows = Files.readAllLines(file).stream().skip(1).map(l -> l.split(",")).toList();
    assertThat(rows).hasSize(8);
    // 200 a second on average for 0.6 s, whatever the course; by chance the same for all
    assertThat(rows.stream().map(r -> Integer.parseInt(r[due])).filter(n -> n == 120)).hasSize(4);
    assertThat(rows.stream().map(r -> Integer.parseInt(r[due])).distinct()).hasSize(2);
  }

  @Test
  void packedFilesAreReadAlikeAndADamagedArchiveIsNamed() throws Exception {
    Path copy = copy();
    PackedCells.pack(new RunFolder(copy));
    assertThat(VerifyScript.on(copy)).isEqualTo(VerifyScript.on(run));
    Files.writeString(copy.resolve("cells.zip"), "none");
    VerifyScript.Said said = VerifyScript.on(copy);
    assertThat(said.code()).isEqualTo(2);
    assertThat(said.lines().getFirst()).startsWith(copy + ": cannot be read: ");
  }

  @ParameterizedTest
  @CsvSource({
    "summary.csv, response_p50_ns",
    "summary.csv, connections_opened_count",
    "summary.csv, send_lag_p90_ns",
    "distribution.csv, connections_count",
    "distribution.csv, response_max_ns",
    "connections.csv, requests_count",
    "verdicts.csv, idle_mean_count",
    "verdicts.csv, law_met_by_draw_pct",
    "intervals.csv, response_censored_count",
    "intervals.csv, response_exact_up_to_pct",
    "intervals.csv, response_max_ns",
  })
  void aTableThatWasAlteredIsNamed(String table, String column) throws Exception {
    Path copy = copy();
    String altered =
        VerifyScript.alter(
            VerifyScript.find(copy, table),
            column,
            n -> !n.equals("NA"),
            n -> Double.toString(Double.parseDouble(n) * 1.01 + 2).replaceAll("\\..*$", ""));
    VerifyScript.Said said = VerifyScript.on(copy);
    assertThat(said.code()).isEqualTo(1);
    assertThat(said.lines()).anyMatch(l -> l.contains(table));
    if (!table.equals("connections.csv")) {
      assertThat(said.lines()).anyMatch(l -> l.matches(".*" + column + ": says " + altered + ".*"));
    }
    assertThat(said.lines().getLast()).doesNotContain(" 0 differ");
  }

  /** What says whether a client was short of CPU stands of each. */
  @Test
  void aMarkThatAClientsOwnFiguresContradictIsNamed() throws Exception {
    Path copy = copy();
    Path file = copy.resolve("summary.csv");
    String mark = "client-short-of-cpu";
    String summary = Files.readString(file);
    boolean marked = summary.contains(mark);
    Files.writeString(
        file,
        marked
            ? summary.replace(mark, "none")
            : summary.replaceFirst("(,ok),none,", "$1," + mark + ","));
    assertThat(VerifyScript.on(copy).lines())
        .anyMatch(l -> l.contains("mark " + mark + ": says " + (marked ? "False" : "True")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kept in 1 of 2 cells | kept in 8 of 2 cells | finding law-kept: says 8, which is none",
        "\"of\" : 2 | \"of\" : 5 | finding law-kept of: says 5, recomputed 2",
        "\"id\" : \"law-kept\" | \"id\" : \"odour\" | finding odour: is not known",
        "\"id\" : \"law-kept\" | \"id\" : \"odour\" | finding law-kept: is missing",
      })
  void aFindingThatSaysOtherwiseIsNamed(String from, String to, String line) throws Exception {
    Path copy = copy();
    Path file = copy.resolve("report/report.json");
    String report = Files.readString(file);
    assertThat(report).contains(from);
    Files.writeString(file, report.replace(from, to));
    VerifyScript.Said said = VerifyScript.on(copy);
    assertThat(said.code()).isEqualTo(1);
    assertThat(said.lines()).anyMatch(l -> l.contains(line));
  }

  @Test
  void whatIsNoFolderIsRefusedAndAnOldOneSkipped() throws Exception {
    assertThat(VerifyScript.on(copies.resolve("none")).code()).isEqualTo(2);
    Path old = Path.of("src/test/resources/schema-1/last");
    assertThat(VerifyScript.on(old).lines())
        .containsExactly(old + ": skipped: schema 1", "0 figures compared, 0 differ");
  }
}
