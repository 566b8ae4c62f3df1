package dev.conntrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.result.RunFolder;
import dev.conntrail.result.Tables;
import dev.conntrail.result.row.Agreement;
import dev.conntrail.result.row.CellRow;
import dev.conntrail.result.row.DistributionRow;
import dev.conntrail.result.row.EventRow;
import dev.conntrail.result.row.EventStep;
import dev.conntrail.result.row.Mark;
import dev.conntrail.result.row.SummaryRow;
import dev.conntrail.spec.CellId;
import dev.conntrail.spec.EventKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** Events on a real cluster, all in one run of one cluster; needs what {@link KindTest} needs. */
@Tag("kind")
@TestInstance(Lifecycle.PER_CLASS)
class KindEventsTest {
  /** With this seed the cell to which nothing happens comes last. */
  private static final String EXPERIMENT =
      """
      experiment: events
      repetitions: 1
      seed: 1
      phases: {warmup: 300ms, measure: 90s, drain: 2s}
      matrix:
        - data-plane: iptables
          protocol: http1
          connections: 30
          pods: 3
          clients: 2
          rate: 50
          events:
            - {at: 1s, scale: 4, pre-stop: 1s}
            - {at: 15s, kill-pod: 1}
            - {at: 30s, rolling-update: exit, max-surge: 4, pre-stop: 1s}
        - data-plane: iptables
          protocol: http1
          connections: 30
          pods: 3
          clients: 2
          rate: 50
          phases: {measure: 1s}
      """;

  @TempDir private static Path scratch;
  private RunFolder folder;
  private CellId changed;
  private List<EventRow> events;
  private Map<CellId, SummaryRow> summaries;

  @BeforeAll
  void runOnce() throws Exception {
    Path file = scratch.resolve("events.yaml");
    Files.writeString(file, EXPERIMENT);
    CommandProcess run =
        CommandProcess.start(
            Map.of(),
            "run",
            file.toString(),
            "--results",
            scratch.resolve("results").toString(),
            "--testbed",
            "kind",
            "--no-report");
    String output = run.end();
    assertThat(run.code()).as(output).isZero();
    folder =
        output
            .lines()
            .filter(l -> l.startsWith("folder: "))
            .map(l -> new RunFolder(Path.of(l.replaceFirst("folder: +", ""))))
            .findFirst()
            .orElseThrow();
    changed =
        folder.rows(Tables.CELLS).stream()
            .filter(c -> !c.asked().events().list().isEmpty())
            .map(CellRow::cellId)
            .findFirst()
            .orElseThrow();
    events = folder.rows(Tables.EVENTS);
    summaries =
        folder.rows(Tables.SUMMARY).stream()
            .collect(Collectors.toMap(s -> s.at().cellId(), s -> s));
  }

  private List<EventStep> steps(EventKind kind) {
    return events.stream().filter(e -> e.event() == kind).map(EventRow::step).toList();
  }

  private Set<String> podsOf(EventStep step) {
    return events.stream()
        .filter(e -> e.step() == step)
        .flatMap(e -> e.pods().stream())
        .collect(Collectors.toSet());
  }

  @Test
  void eachPodGoesThroughItsSteps() {
    assertThat(steps(EventKind.SCALE)).containsExactlyInAnyOrder(EventStep.MADE, EventStep.JOINED);
    assertThat(steps(EventKind.KILL_POD))
        .containsExactlyInAnyOrder(
            EventStep.KILLED, EventStep.LEFT, EventStep.MADE, EventStep.JOINED);
    assertThat(steps(EventKind.ROLLING_UPDATE))
        .containsOnly(
            EventStep.MADE, EventStep.JOINED, EventStep.LEFT, EventStep.TOLD, EventStep.ENDED)
        .hasSize(4 * 5);
    assertThat(podsOf(EventStep.MADE)).hasSize(1 + 1 + 4).isEqualTo(podsOf(EventStep.JOINED));
  }

  @Test
  void thePodsThatEndSayWhatTheyCountedAndOnlyTheKilledOneDoesNot() throws IOException {
    assertThat(summaries.values())
        .hasSize(2)
        .allSatisfy(s -> {
          assertThat(s.crossCheck().outcome()).isEqualTo(Agreement.AGREE);
          assertThat(s.crossCheck().kernel()).isTrue();
        });
    SummaryRow summary = summaries.get(changed);
    assertThat(summary.marks()).contains(Mark.POD_LOST);
    List<DistributionRow> pods =
        folder.rows(Tables.DISTRIBUTION).stream()
            .filter(d -> d.at().cellId().equals(changed))
            .toList();
    assertThat(pods).hasSize(3 + 1 + 1 + 4);
    Map<String, Long> reached =
        folder.rows(Tables.CONNECTIONS).stream()
            .filter(c -> c.at().cellId().equals(changed))
            .collect(Collectors.groupingBy(c -> c.pod().orElse(""), Collectors.counting()));
    assertThat(reached).containsKeys(podsOf(EventStep.KILLED).toArray(String[]::new));
    assertThat(summary.crossCheck().rowsCount())
        .as("all connections but those of the killed pod")
        .isEqualTo(
            reached.entrySet().stream()
                .filter(e -> !podsOf(EventStep.KILLED).contains(e.getKey()))
                .mapToLong(Map.Entry::getValue)
                .sum());
  }

  @Test
  void theNextCellFindsPodsAsTheyWere() throws IOException {
    assertThat(folder.rows(Tables.SUMMARY).getLast().at().cellId()).isNotEqualTo(changed);
    assertThat(folder.rows(Tables.SUMMARY).getLast().podsReachedCount()).isEqualTo(3);
  }
}
