package dev.conntrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.result.Json;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.TestRun;
import dev.conntrail.result.row.Cause;
import dev.conntrail.result.row.EffectRow;
import dev.conntrail.result.row.EventStep;
import dev.conntrail.result.row.Mark;
import dev.conntrail.result.row.RunStatus;
import dev.conntrail.spec.EventKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a run's answer is told: in lines, as JSON, by an exit code. */
class AnswerCommandTest {
  private static final String FEW =
      "protocol: [http1, short-lived], connections: 6, pods: 5, rate: 300";

  @TempDir private Path folder;

  private Called report(RunFolder run, String... options) {
    return command(Stream.concat(Stream.of("report", run.path().toString()), Stream.of(options)));
  }

  private static Called command(Stream<String> words) {
    return Called.with(words.toArray(String[]::new));
  }

  private String page() {
    return folder.toAbsolutePath().resolve("report").resolve("report.html").toString();
  }

  /** Six of nine hundred short-lived connections came to the first pod. */
  private TestRun skewed() {
    TestRun run = TestRun.ofCells(folder, FEW, "data-plane: direct, connections: 60, pods: 5");
    run.repetition(1).connections(4, 2, 0, 0, 0).requests(80, 20, 0, 0, 0).marks(Mark.STEAL);
    run.repetition(2).connections(6, 111, 111, 111, 111).requests(6, 111, 111, 111, 111);
    return run.fill();
  }

  @Test
  void fiveLinesEachWithItsLabel() throws IOException {
    Called told = report(skewed().write());
    assertThat(told.code()).isZero();
    assertThat(told.err()).isEmpty();
    assertThat(told.out().lines())
        .allMatch(l -> l.length() <= AnswerText.COLUMNS || l.endsWith(page()))
        .filteredOn(l -> !l.startsWith(" "))
        .extracting(l -> l.split(" +", 2)[0])
        .containsExactly("verdict:", "worst:", "idle:", "marks:", "report:");
    assertThat(told.out())
        .startsWith("verdict: Not chance: in 1 of 2 cells connections landed too unevenly")
        .contains("\nworst:   iptables-nft, short-lived, 6 callers (#2): not chance, too uneven, p")
        .contains("\n         ")
        .contains("\nmarks:   1 of 3 repetitions: 1 cpu-stolen\n")
        .endsWith("\nreport:  " + page() + "\n");
  }

  @Test
  void jsonHasWhatEventsCost() throws IOException {
    TestRun run =
        TestRun.ofCells(
            folder, "connections: 6, pods: 2, rate: 300, events: [{at: 200ms, kill-pod: 1}]");
    run.repetition(1)
        .failed(3)
        .step(EventKind.KILL_POD, EventStep.KILLED, new double[] {700, 700}, 2, "pod-1")
        .effect(
            Cause.of(EventKind.KILL_POD),
            new EffectRow.Fate(6, 2, 3, 1, 0),
            new EffectRow.Leaving(0, 0),
            new EffectRow.New(0, 0, 0),
            new EffectRow.Ports(0, 0));
    Map<?, ?> json = Json.parse(report(run.write(), "--json").out(), Map.class);
    assertThat((List<?>) json.get("events"))
        .singleElement()
        .asInstanceOf(InstanceOfAssertFactories.MAP)
        .containsEntry("number", 1)
        .containsEntry("title", "iptables-nft, http1, 6 connections, kill-pod 1")
        .containsEntry("due_count", 1503)
        .containsEntry("answered_count", 1500)
        .containsEntry("open_count", 6)
        .containsEntry("ended_count", 4)
        .containsEntry("joined_count", 0)
        .containsEntry("joined_reached_count", 0);
    assertThat(json.get("worst")).as("no cell is judged").isNull();
  }

  @Test
  void aNarrowTerminalGetsNarrowLines() throws IOException {
    Answered answered = Answered.of(skewed().write());
    for (int columns : List.of(1, 40, 80, 1000)) {
      List<String> lines = AnswerText.lines(answered, columns);
      int most = Math.max(40, Math.min(AnswerText.COLUMNS, columns));
      assertThat(lines.subList(0, lines.size() - 1)).allMatch(l -> l.length() <= most);
      assertThat(lines.getLast())
          .as("no report was written")
          .isEqualTo("folder:  " + folder.toAbsolutePath());
    }
  }

  @Test
  void jsonHasTheSameAnswer() throws IOException {
    Called told = report(skewed().write(), "--json", "--fail-on", "not-chance");
    Map<?, ?> json = Json.parse(told.out(), Map.class);
    assertThat(json.keySet().stream().map(String::valueOf))
        .containsExactly(
            "run",
            "experiment",
            "status",
            "folder",
            "report",
            "verdict",
            "tone",
            "sentence",
            "cells",
            "matrices",
            "tests",
            "worst",
            "idle",
            "events",
            "repetitions",
            "marks",
            "exit_code");
    assertThat(json.get("run")).isEqualTo(TestRun.RUN);
    assertThat(json.get("status")).isEqualTo("complete");
    assertThat(json.get("folder")).isEqualTo(folder.toAbsolutePath().toString());
    assertThat(json.get("report")).isEqualTo(page());
    assertThat(json.get("verdict")).isEqualTo("not-chance");
    assertThat(json.get("tone")).isEqualTo("bad");
    assertThat(json.get("cells"))
        .isEqualTo(
            Map.of(
                "not-chance", 1,
                "law-broken", 0,
                "consistent-with-chance", 0,
                "by-design", 1,
                "too-few-to-tell", 1,
                "not-judged", 0,
                "not-measured", 0));
    assertThat(json.get("tests")).isEqualTo(Map.of("count", 2, "level", 0.001));
    Map<?, ?> worst = (Map<?, ?>) json.get("worst");
    assertThat(worst.get("number")).isEqualTo(2);
    assertThat(worst.get("title")).isEqualTo("iptables-nft, short-lived, 6 callers");
    assertThat(worst.get("verdict")).isEqualTo("not-chance");
    assertThat(worst.get("departure")).isEqualTo("too-uneven");
    assertThat((Double) worst.get("p_adjusted")).isBetween(0.0, 0.001);
    assertThat((Double) worst.get("connections_max_over_mean")).isBetween(1.23, 1.24);
    Map<?, ?> idle = (Map<?, ?>) json.get("idle");
    assertThat(idle.get("observed")).isEqualTo(Map.of("low", 3.0, "high", 3.0));
    assertThat(idle.get("usual")).isEqualTo(Map.of("low", 0.0, "high", 3.0));
    assertThat(json.get("repetitions"))
        .isEqualTo(Map.of("asked_count", 3, "measured_count", 3, "marked_count", 1));
    assertThat(json.get("marks")).isEqualTo(Map.of("cpu-stolen", 1));
    assertThat(json.get("exit_code")).isEqualTo(told.code()).isEqualTo(5);
  }

  @Test
  void whatIsNotThereIsNull() throws IOException {
    Called told = report(TestRun.ofCells(folder, FEW).status(RunStatus.FAILED).write(), "--json");
    Map<?, ?> json = Json.parse(told.out(), Map.class);
    assertThat(json.get("status")).isEqualTo("failed");
    assertThat(json.get("verdict")).isEqualTo("not-measured");
    assertThat(json.get("worst")).isNull();
    assertThat(json.get("idle")).isNull();
    assertThat(json.get("marks")).isEqualTo(Map.of());
    assertThat(told.out()).doesNotContain("NaN");
  }

  @Test
  void quietIsThePathAlone() throws IOException {
    RunFolder run = skewed().write();
    assertThat(report(run, "--quiet")).isEqualTo(new Called(0, page() + "\n", ""));
    assertThat(report(run, "--quiet", "--json").out()).startsWith("{");
  }

  @ParameterizedTest
  @CsvSource({"not-chance, 5", "law-broken, 0", "too-few-to-tell, 5", "'law-broken,not-chance', 5"})
  void aVerdictThatIsAFailureEndsWithFive(String words, int code) throws IOException {
    assertThat(report(skewed().write(), "--quiet", "--fail-on", words).code()).isEqualTo(code);
  }

  /** What nobody asked for is not computed, and so not told. */
  @Test
  void withoutAReportAnAnswerIsToldThatIsAskedForAlone() throws IOException {
    Path yaml =
        Files.writeString(
            folder.resolve("small.yaml"),
            """
            experiment: small
            testbed: loopback
            phases: {warmup: 50ms, measure: 200ms, drain: 500ms}
            matrix:
              - {connections: 4, pods: 2, rate: 100}
            """);
    Path results = folder.resolve("results");
    assertThat(run(yaml, results).out()).matches("folder:  " + results + "/\\S+_small_\\S+\n");
    assertThat(run(yaml, results, "--quiet").out()).matches(results + "/\\S+_small_\\S+\n");
    assertThat(run(yaml, results, "--json").out()).contains("\"report\" : null", "\"verdict\" : ");
    Called failed = run(yaml, results, "--fail-on", "law-broken,too-few-to-tell");
    assertThat(failed.code()).isEqualTo(5);
    assertThat(failed.out()).startsWith("verdict: ").contains("\nfolder:  ");
  }

  private static Called run(Path yaml, Path results, String... options) {
    return command(
        Stream.concat(
            Stream.of("run", yaml.toString(), "--results", results.toString(), "--no-report"),
            Stream.of(options)));
  }
}
