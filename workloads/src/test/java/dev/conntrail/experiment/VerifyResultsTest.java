package dev.conntrail.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.report.Report;
import dev.conntrail.result.PackedCells;
import dev.conntrail.result.RunFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
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

  private record Said(int code, List<String> lines) {}

  private static Said verify(Path folder) throws IOException, InterruptedException {
    Process script =
        new ProcessBuilder("python3", "../scripts/verify-results.py", folder.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Said(script.waitFor(), said.lines().toList());
  }

  private Path copy() throws IOException {
    Path copy = copies.resolve("copy");
    try (Stream<Path> all = Files.walk(run)) {
      for (Path file : all.toList()) {
        Files.copy(file, copy.resolve(run.relativize(file).toString()));
      }
    }
    return copy;
  }

  @Test
  void aRunAgreesWithItsRawFiles() throws Exception {
    Said said = verify(run);
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
    assertThat(verify(ended.folder().path()).lines())
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
    assertThat(verify(copy)).isEqualTo(verify(run));
    Files.writeString(copy.resolve("cells.zip"), "none");
    Said said = verify(copy);
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
    Path file = find(copy, table);
    List<String> lines = Files.readAllLines(file);
    int at = List.of(lines.getFirst().split(",")).indexOf(column);
    int line = lines.size() - 1;
    while (lines.get(line).split(",")[at].equals("NA")) {
      line--;
    }
    String[] row = lines.get(line).split(",");
    row[at] = Double.toString(Double.parseDouble(row[at]) * 1.01 + 2).replaceAll("\\..*$", "");
    lines.set(line, String.join(",", row));
    Files.write(file, lines);
    Said said = verify(copy);
    assertThat(said.code()).isEqualTo(1);
    assertThat(said.lines()).anyMatch(l -> l.contains(table));
    if (!table.equals("connections.csv")) {
      assertThat(said.lines()).anyMatch(l -> l.matches(".*" + column + ": says " + row[at] + ".*"));
    }
    assertThat(said.lines().getLast()).doesNotContain(" 0 differ");
  }

  private static Path find(Path folder, String name) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(f -> f.endsWith(name)).findFirst().orElseThrow();
    }
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
    assertThat(verify(copy).lines())
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
    Said said = verify(copy);
    assertThat(said.code()).isEqualTo(1);
    assertThat(said.lines()).anyMatch(l -> l.contains(line));
  }

  @Test
  void whatIsNoFolderIsRefusedAndAnOldOneSkipped() throws Exception {
    assertThat(verify(copies.resolve("none")).code()).isEqualTo(2);
    Path old = Path.of("src/test/resources/schema-1/last");
    assertThat(verify(old).lines())
        .containsExactly(old + ": skipped: schema 1", "0 figures compared, 0 differ");
  }
}
