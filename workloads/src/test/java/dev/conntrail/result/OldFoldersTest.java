package dev.conntrail.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.analysis.DerivedTables;
import dev.conntrail.record.Metric;
import dev.conntrail.report.Report;
import dev.conntrail.result.row.Agreement;
import dev.conntrail.result.row.Cause;
import dev.conntrail.result.row.EffectRow;
import dev.conntrail.result.row.EventRow;
import dev.conntrail.result.row.EventStep;
import dev.conntrail.result.row.LogRow;
import dev.conntrail.result.row.Lookup;
import dev.conntrail.result.row.PodsOverTimeRow;
import dev.conntrail.result.row.Step;
import dev.conntrail.result.row.SummaryRow;
import dev.conntrail.result.row.Target;
import dev.conntrail.result.row.Unit;
import dev.conntrail.result.row.Witness;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.Event;
import dev.conntrail.spec.EventKind;
import dev.conntrail.spec.IptablesBackend;
import dev.conntrail.spec.IpvsScheduler;
import dev.conntrail.spec.Opening;
import dev.conntrail.spec.Setting;
import dev.conntrail.spec.TestbedKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Folders of schema 1, cut from reference runs of this repository's history, and early ones of 2.
 */
class OldFoldersTest {
  private static final Path KEPT = Path.of("src/test/resources/schema-1");

  @TempDir private Path folder;

  private RunFolder copy(String name) throws IOException {
    return new RunFolder(Folders.copy(KEPT.resolve(name), folder.resolve(name)));
  }

  private static Cell cell(RunResults run, int number) {
    return run.cells().get(number - 1).cell();
  }

  /** Of 23 November: without variants, changes, effects, nodes and clocks. */
  @Test
  void theOldestLayoutIsRead() throws IOException {
    RunResults run = RunResults.read(copy("oldest"));
    assertThat(run.manifest().schema()).isEqualTo(1);
    assertThat(run.manifest().testbeds()).containsExactly(TestbedKind.NETNS);
    assertThat(run.cells())
        .extracting(CellResults::title)
        .containsExactly(
            "iptables-nft, http1, 10 connections",
            "nftables, kube-proxy 1.34, http1, 10 connections");
    assertThat(cell(run, 2).key()).startsWith("data-plane=nftables protocol=http1 ");
    assertThat(cell(run, 1).backend()).isEqualTo(IptablesBackend.NFT);
    assertThat(cell(run, 1).nodes()).isEqualTo(1);
    assertThat(cell(run, 1).opening()).isEqualTo(Opening.AT_ONCE);
    assertThat(cell(run, 1).course().events()).isEmpty();
    RepetitionResults r = run.cells().getFirst().repetitions().getFirst();
    assertThat(r.pods()).hasSize(10);
    assertThat(r.pods().getLast().pod()).isEqualTo("pod-10");
    assertThat(r.counts(Unit.CONNECTIONS)).satisfies(c -> assertThat(sum(c)).isEqualTo(10));
    assertThat(r.summary().crossCheck().outcome()).isEqualTo(Agreement.AGREE);
    assertThat(r.summary().crossCheck().kernel()).isTrue();
    assertThat(r.summary().response().count()).isEqualTo(sum(r.counts(Unit.REQUESTS)));
    assertThat(r.summary().service().meanNs()).isNaN();
    assertThat(r.latencies().get(Metric.RESPONSE).getTotalCount())
        .isEqualTo(r.summary().requests().answeredCount());
    assertThat(r.intervals()).isNotEmpty();
    assertThat(run.connections())
        .hasSize(20)
        .allSatisfy(c -> {
          assertThat(c.clientNode()).isEmpty();
          assertThat(c.podBy()).hasValue(Witness.REPLY);
          assertThat(c.lastReplyMs()).isNaN();
        });
    assertThat(run.log()).extracting(LogRow::step).contains(Step.RULES_READY);
    assertThat(run.installs()).hasSize(2).allSatisfy(i -> assertThat(i.node()).isEmpty());
    assertThat(run.lacks())
        .containsExactly(
            "This folder has the layout of an earlier version (schema 1). It does not say how many"
                + " times were behind a percentile; which rules had which hash; where connections"
                + " landed that had no reply; how long requests took that had no answer (so that they"
                + " are in no percentile); which pod answered when, and how long each took; which node a client was on; when a connection had its"
                + " last reply; when the request was sent that the last reply answers (so that a"
                + " connection counts as kept if a reply came after a change, whatever it"
                + " answered); which node rules were loaded on; how long clients took to notice a"
                + " failure.");
  }

  /** Of 24 November, with cells of a guest, a change, idleness, a calibration and benchmarks. */
  @Test
  void theLastLayoutBeforeThisIsRead() throws IOException {
    RunResults run = RunResults.read(copy("last"));
    assertThat(run.manifest().testbeds()).containsExactly(TestbedKind.NETNS, TestbedKind.UML);
    assertThat(run.guest()).isPresent();
    assertThat(run.cells())
        .extracting(CellResults::testbed)
        .containsExactly(TestbedKind.NETNS, TestbedKind.UML, TestbedKind.UML);
    assertThat(cell(run, 2).dataPlane()).isEqualTo(DataPlane.IPVS);
    assertThat(cell(run, 2).scheduler()).isEqualTo(IpvsScheduler.LC);
    assertThat(cell(run, 2).course().events())
        .containsExactly(new Event.Endpoints(EventKind.ADD_ENDPOINTS, 5, Duration.ofMillis(1200)));
    assertThat(cell(run, 3).find(Setting.IPVS_TCP_TIMEOUT)).isEqualTo(Optional.of(2));
    RepetitionResults changed = run.cells().get(1).repetitions().getFirst();
    EventRow event = changed.events().getFirst();
    assertThat(event.event()).isEqualTo(EventKind.ADD_ENDPOINTS);
    assertThat(event.step()).isEqualTo(EventStep.JOINED);
    assertThat(event.pods()).hasSize(5).first().isEqualTo("pod-6");
    EffectRow effect = changed.effects().getFirst();
    assertThat(effect.cause()).isEqualTo(Cause.of(EventKind.ADD_ENDPOINTS));
    assertThat(effect.opened().count()).isPositive();
    assertThat(effect.opened().toAddedCount()).isEqualTo(effect.opened().count());
    RepetitionResults idle = run.cells().get(2).repetitions().getFirst();
    assertThat(idle.effects().getFirst().cause()).isEqualTo(Cause.IDLE);
    assertThat(run.kernel())
        .hasSize(6)
        .allSatisfy(k -> assertThat(k.testbed()).isEqualTo(TestbedKind.NETNS))
        .extracting(k -> k.rules().lookup())
        .containsOnly(Lookup.NFTABLES);
    assertThat(run.jmh())
        .isNotEmpty()
        .allSatisfy(j -> {
          assertThat(j.what().lookup()).hasValue(Lookup.IPTABLES_LEGACY);
          assertThat(j.what().target()).isEqualTo(Optional.of(Target.LAST));
        });
    assertThat(run.lacks())
        .singleElement()
        .satisfies(l ->
            assertThat(l)
                .contains("when the request was sent that the last reply answers")
                .doesNotContain("which node", "failure"));
  }

  /** What it has stays as it was; the report says what it lacks. */
  @Test
  void aReportOfAnOldFolderChangesNoTable() throws IOException {
    for (String name : List.of("oldest", "last")) {
      RunFolder run = copy(name);
      Report.write(run);
      assertThat(Files.readString(run.report().resolve("report.md")))
          .contains("What this folder does not tell", "layout of an earlier version");
      assertThat(run.of(Tables.VERDICTS)).doesNotExist();
      assertThat(run.of(Tables.CELLS))
          .hasSameTextualContentAs(KEPT.resolve(name).resolve("cells.csv"));
      assertThat(Analysis.of(RunResults.read(run)).verdicts()).isNotEmpty();
    }
  }

  /** As schema 2 was at first, and as the first reference runs of it are kept. */
  @Test
  void intervalsThatTellOfAnsweredRequestsAloneAreRead() throws IOException {
    RunFolder run = TestRun.ofCells(folder.resolve("new"), "connections: 2").fill().write();
    try (Stream<Path> all = Files.walk(run.path())) {
      for (Path file : all.filter(f -> f.endsWith("intervals.csv")).toList()) {
        List<String> lines = Files.readAllLines(file);
        int at = List.of(lines.getFirst().split(",")).indexOf("response_censored_count");
        lines.replaceAll(line -> {
          List<String> values = new ArrayList<>(List.of(line.split(",")));
          values.subList(at, at + 2).clear();
          return String.join(",", values);
        });
        assertThat(lines.getFirst()).doesNotContain("censored", "exact").contains("response_p50");
        Files.write(file, lines);
      }
    }
    String manifest = Files.readString(run.manifest());
    String second = manifest.replaceFirst("\"schema\" : 5", "\"schema\" : 2");
    assertThat(second).isNotEqualTo(manifest);
    Files.writeString(run.manifest(), second);
    RunResults read = RunResults.read(run);
    assertThat(read.cells().getFirst().repetitions().getFirst().intervals())
        .isNotEmpty()
        .allSatisfy(i -> {
          assertThat(i.response().censoredCount()).isEmpty();
          assertThat(i.response().exactUpToPct()).isNaN();
          assertThat(i.response().p50Ns()).isPositive();
        });
    assertThat(read.lacks()).isEmpty();
  }

  /** As all were before faults of pods could be planted. */
  @Test
  void aManifestThatDoesNotKnowTheDelayOfEchoIsRead() throws IOException {
    RunFolder run = TestRun.ofCells(folder.resolve("new"), "connections: 2").fill().write();
    String text = Files.readString(run.manifest());
    String older = text.replaceFirst("(?m)^ *\"echoDelayMs\" : null,\\R", "");
    assertThat(older).isNotEqualTo(text).doesNotContain("echoDelay");
    Files.writeString(run.manifest(), older);
    RunResults read = RunResults.read(run);
    assertThat(read.manifest().echoDelayMs()).isEmpty();
    assertThat(read.manifest().planted()).isFalse();
    assertThat(read.lacks()).isEmpty();
  }

  /** Before matrices had a test by repetition; they are made anew of what was measured. */
  @Test
  void matricesOfOneTestAreReadAndMadeAnew() throws IOException {
    RunFolder run =
        TestRun.ofCells(
                folder.resolve("new"),
                "connections: 40, clients: 2, nodes: 2, pods: 4, repetitions: 2")
            .fill()
            .read()
            .folder();
    Files.writeString(
        run.of(Tables.MATRICES),
        "run,testbed,data_plane,iptables_backend,ipvs_scheduler,nodes_count,pods_count,client_node,"
            + "pod_node,connections_count,expected_count,p,p_adjusted,method\n"
            + "r,netns,iptables,nft,NA,2,4,node-1,node-1,20,10,0.01,0.1,exact multinomial\n");
    RunResults read = RunResults.read(run);
    assertThat(read.lacks()).isEmpty();
    DerivedTables.write(Analysis.of(read));
    assertThat(run.rows(Tables.MATRICES))
        .hasSize(4)
        .allSatisfy(m -> assertThat(m.stratified().p()).isBetween(0.0, 1.0));
  }

  @Test
  void aNewerLayoutIsRefusedWithItsMend() throws IOException {
    RunFolder run = copy("last");
    Files.writeString(run.manifest(), "{\"schema\": 6, \"new\": {\"to\": [\"us\"]}}");
    assertThatThrownBy(() -> RunResults.read(run))
        .isInstanceOf(IOException.class)
        .hasMessage(
            run.manifest()
                + ": schema 6 is newer than this Conntrail reads (up to 5); mend: the version that"
                + " wrote it, or a newer one");
  }

  private static long sum(long[] counts) {
    return Arrays.stream(counts).sum();
  }

  /** Failures after an event were called as requests that failed are. */
  @Test
  void theFirstFoldersOfSchema3AreRead() throws IOException {
    TestRun run =
        TestRun.ofCells(
            folder, "connections: 4, pods: 3, events: [{at: 500ms, remove-endpoints: 1}]");
    run.repetition(1)
        .failed(3)
        .event(EventKind.REMOVE_ENDPOINTS, 1000, 2, "pod-1")
        .effect(
            Cause.of(EventKind.REMOVE_ENDPOINTS),
            new EffectRow.Fate(4, 4, 0, 0, 0),
            new EffectRow.Leaving(0, 0),
            new EffectRow.New(0, 0, 0),
            new EffectRow.Ports(0, 0));
    RunFolder written = run.write();
    Path effects = written.of(Tables.EFFECTS);
    Files.writeString(effects, Files.readString(effects).replace("failures_count", "failed_count"));
    ofSchema(3, written);
    RunResults read = RunResults.read(written);
    assertThat(read.measured().getFirst().repetitions().getFirst().effects())
        .extracting(EffectRow::failuresCount)
        .containsExactly(3L);
  }

  /** Before libraries' retries could be asked for, nothing was sent again. */
  @Test
  void foldersFromBeforeRetriesHaveNone() throws IOException {
    TestRun run =
        TestRun.ofCells(
            folder, "connections: 4, pods: 3, events: [{at: 500ms, remove-endpoints: 1}]");
    TestRepetition r =
        run.repetition(1).event(EventKind.REMOVE_ENDPOINTS, 1000, 2, "pod-1").failedBin(1000, 3, 7);
    RunFolder written = run.write();
    without(written.of(Tables.SUMMARY), "requests_retried_count");
    without(
        written.repetition(r.cell().id(), 1).path().resolve(Tables.PODS_OVER_TIME.file()),
        "retried_count");
    ofSchema(3, written);
    RunResults read = RunResults.read(written);
    RepetitionResults repetition = read.measured().getFirst().repetitions().getFirst();
    assertThat(repetition.podsOverTime())
        .extracting(PodsOverTimeRow::failedCount, PodsOverTimeRow::retriedCount)
        .containsExactly(tuple(3L, 0L));
    assertThat(repetition.summary().requests().retriedCount()).isZero();
    assertThat(read.lacks()).isEmpty();
  }

  /** Before failed and unanswered requests of those due were told apart, their sum was known. */
  @Test
  void foldersFromBeforeWhatWasDueWasToldApartDoNotTellIt() throws IOException {
    TestRun run = TestRun.ofCells(folder, "connections: 4");
    run.repetition(1).failed(2).unanswered(1);
    RunFolder written = run.write();
    without(written.of(Tables.SUMMARY), "requests_due_failed_count");
    without(written.of(Tables.SUMMARY), "requests_due_unanswered_count");
    ofSchema(4, written);
    RunResults read = RunResults.read(written);
    SummaryRow.Requests requests =
        read.measured().getFirst().repetitions().getFirst().summary().requests();
    assertThat(requests.dueFailedCount()).isEmpty();
    assertThat(requests.dueUnansweredCount()).isEmpty();
    assertThat(requests.failedCount()).isEqualTo(2);
  }

  private static void ofSchema(int number, RunFolder written) throws IOException {
    String manifest = Files.readString(written.manifest());
    String earlier = manifest.replaceFirst("\"schema\" : 5", "\"schema\" : " + number);
    assertThat(earlier).isNotEqualTo(manifest);
    Files.writeString(written.manifest(), earlier);
  }

  private static void without(Path csv, String column) throws IOException {
    List<String> lines = Files.readAllLines(csv);
    int at = List.of(lines.getFirst().split(",")).indexOf(column);
    Files.write(
        csv,
        lines.stream()
            .map(line -> {
              List<String> values = new ArrayList<>(List.of(line.split(",", -1)));
              values.remove(at);
              return String.join(",", values);
            })
            .toList());
  }
}
