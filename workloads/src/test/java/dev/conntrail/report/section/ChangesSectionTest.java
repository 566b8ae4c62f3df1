package dev.conntrail.report.section;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.record.Death;
import dev.conntrail.report.block.Block;
import dev.conntrail.report.block.Field;
import dev.conntrail.report.chart.TimePanel;
import dev.conntrail.report.chart.TimePanel.Event;
import dev.conntrail.report.chart.TimePanel.Line;
import dev.conntrail.report.chart.TimePanel.Point;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.Manifest;
import dev.conntrail.result.TestRepetition;
import dev.conntrail.result.TestRows;
import dev.conntrail.result.TestRun;
import dev.conntrail.result.row.Cause;
import dev.conntrail.result.row.EffectRow;
import dev.conntrail.result.row.EventStep;
import dev.conntrail.result.row.Mark;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.EventKind;
import dev.conntrail.spec.IpvsScheduler;
import dev.conntrail.spec.Plane;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChangesSectionTest {
  private static final String CHANGING =
      "data-plane: [iptables, nftables], connections: 4, pods: 2, repetitions: 1,"
          + " phases: {warmup: 1s, measure: 3s}, events: [{at: 1s, add-endpoints: 1}]";

  private final ChangesSection section = new ChangesSection();
  @TempDir private Path folder;

  /** Of four connections one is new and lands on the pod that came. */
  private TestRun changed(String... more) {
    return changed(_ -> {}, more);
  }

  private TestRun changed(Consumer<TestRepetition> other, String... more) {
    String[] blocks = new String[more.length + 1];
    blocks[0] = CHANGING;
    System.arraycopy(more, 0, blocks, 1, more.length);
    TestRun run = TestRun.ofCells(folder, blocks);
    for (int n = 1; n <= 2; n++) {
      TestRepetition repetition = run.repetition(n);
      other.accept(repetition);
      repetition
          .connections(2, 1, 1)
          .event(EventKind.ADD_ENDPOINTS, 2000, 3, "pod-3")
          .effect(
              Cause.of(EventKind.ADD_ENDPOINTS),
              new EffectRow.Fate(3, 2, 1, 0, 0),
              new EffectRow.Leaving(0, 0),
              new EffectRow.New(4, n, 0),
              new EffectRow.Ports(0, 0))
          .ledger(c ->
              TestRows.lived(
                  c,
                  c.death(),
                  c.pod().equals(Optional.of("pod-3")) ? 2500 : -10,
                  10_000,
                  c.lastReplyMs(),
                  c.lastRequestMs()));
    }
    return run;
  }

  @Test
  void aRunOfChangesAloneShowsThemAtOnceAndOthersFoldThem() throws IOException {
    assertThat(section.open(Analysis.of(changed().read()))).isTrue();
    assertThat(section.open(Analysis.of(changed("pods: 2").fill().read()))).isFalse();
  }

  @Test
  void whereNothingChangesThereIsNothing() throws IOException {
    assertThat(section.blocks(Analysis.of(TestRun.ofCells(folder, "pods: 2").fill().read())))
        .isEmpty();
  }

  @Test
  void dataPlanesStandBesideEachOtherEachWithItsPictureAndCell() throws IOException {
    List<Block> blocks = section.blocks(Analysis.of(changed("pods: 2").fill().read()));
    Block.Table pictures = Read.table(blocks, "over-time-netns");
    assertThat(pictures.columns())
        .extracting(c -> c.name())
        .containsExactly("workload", "iptables-nft", "nftables");
    assertThat(pictures.rows()).hasSize(1);
    List<Field> fields = pictures.rows().getFirst().fields();
    assertThat(fields.get(1).picture()).hasValueSatisfying(svg -> assertThat(svg).contains("<svg"));
    assertThat(fields.get(1).text()).isEqualTo("25 % to new pods");
    assertThat(fields.get(2).text()).isEqualTo("50 % to new pods");
    assertThat(fields.get(2).link()).hasValueSatisfying(l -> assertThat(l.mark()).isEqualTo("#2"));
  }

  @Test
  void effectsAreSummedWithAllThatBecameOfConnections() throws IOException {
    Block.Table effects = Read.table(section.blocks(Analysis.of(changed().read())), "effects");
    assertThat(Read.column(effects, "cause")).containsExactly("add-endpoints", "add-endpoints");
    assertThat(Read.column(effects, "open then")).containsExactly("3", "3");
    assertThat(Read.column(effects, "went on")).containsExactly("2", "2");
    assertThat(Read.column(effects, "reset")).containsExactly("1", "1");
    assertThat(Read.column(effects, "noticed after, ms")).containsExactly("100; 200", "100; 200");
    assertThat(Read.column(effects, "on leaving pods, went on")).containsExactly("", "");
    assertThat(Read.column(effects, "to added pods")).containsExactly("1", "2");
  }

  @Test
  void openConnectionsOfAPodAreThoseThatLivedThen() throws IOException {
    Analysis run = Analysis.of(changed().read());
    TimePanel panel = new OverTime(run).panels(run.results().measured().getFirst()).getFirst();
    assertThat(panel.name()).isEqualTo("open connections of a pod");
    assertThat(panel.lengthS()).isEqualTo(4);
    assertThat(panel.events()).containsExactly(new Event(2.01, "+1 pod"));
    assertThat(panel.lines()).extracting(Line::name).containsExactly("there all along", "came");
    assertThat(panel.lines().getFirst().points())
        .allSatisfy(p ->
            assertThat(p)
                .extracting(Point::low, Point::mean, Point::high)
                .containsExactly(1.0, 1.5, 2.0));
    assertThat(panel.lines().getLast().points())
        .allSatisfy(p -> assertThat(p.mean()).isEqualTo(p.s() < 2.5 - 1e-9 ? 0 : 1));
  }

  /** At 2.0 s a pod joins, whose first connection is there at 2.5 s; it answers from then on. */
  @Test
  void howAnEventWasComeThroughStandsInOneRow() throws IOException {
    Analysis run =
        Analysis.of(
            changed(
                    r -> {
                      for (int ms = 0; ms < 4000; ms += 100) {
                        r.bin(ms, 1, 5, 2).bin(ms, 2, 5, 1);
                        if (ms >= 2500) {
                          r.bin(ms, 3, 5, 1);
                        }
                      }
                    })
                .read());
    Block.Table table = Read.table(section.blocks(run), "recovery");
    assertThat(Read.column(table, "event")).containsExactly("add-endpoints", "add-endpoints");
    assertThat(Read.column(table, "before")).as("was not recorded").containsOnly("");
    assertThat(Read.column(table, "broke")).containsOnly("none");
    assertThat(Read.column(table, "unaware for")).containsOnly("");
    assertThat(Read.column(table, "on pods that left")).containsOnly("");
    assertThat(Read.column(table, "last of pods that left")).containsOnly("");
    Block.Table balance = Read.table(section.blocks(run), "balance");
    assertThat(Read.column(balance, "balance after"))
        .as(
            "50 of 43.3 in [2.1, 3.1) s, the first second that holds; and the measure phase ends at 4 s")
        .containsOnly("< 1 s; seen to hold for 1.90 s (bounds: 3 times, 0 %: too few to tell)");
    assertThat(Read.column(balance, "new pods' first connection")).containsOnly("500 ms");
    assertThat(Read.column(balance, "mean of pods, requests/s"))
        .as("in [2.1, 3.1) s 130 requests on three pods")
        .containsOnly("43.3");
    assertThat(Read.column(balance, "hottest, requests/s")).containsOnly("50");
    assertThat(Read.column(balance, "HPA by mean")).as("50 was the mean").containsOnly("3");
    assertThat(Read.column(balance, "HPA by hottest")).containsOnly("3");
  }

  /** The second pod is killed at 2 s; a reply that was on its way comes, and a connection does. */
  @Test
  void theLastOfAPodThatLeftStandsInItsRow() throws IOException {
    TestRun killed =
        TestRun.ofCells(
            folder,
            "connections: 3, pods: 2, phases: {warmup: 1s, measure: 3s},"
                + " events: [{at: 1s, kill-pod: 1}]");
    killed
        .repetition(1)
        .step(EventKind.KILL_POD, EventStep.KILLED, new double[] {2000, 2000}, 2, "pod-2")
        .effect(
            Cause.of(EventKind.KILL_POD),
            new EffectRow.Fate(2, 1, 1, 0, 0),
            new EffectRow.Leaving(0, 0),
            new EffectRow.New(0, 0, 0),
            new EffectRow.Ports(0, 0))
        .connections(2, 1)
        .bin(0, 1, 5, 2)
        .ledger(c ->
            c.connection() == 3
                ? TestRows.lived(c, Death.RESET, -10, 2020, 2004, 1999)
                : TestRows.lived(c, Death.CLIENT, -10, 4010, 3900, 3899));
    Block.Table table = Read.table(section.blocks(Analysis.of(killed.read())), "recovery");
    assertThat(Read.column(table, "last of pods that left")).containsExactly("4 ms; none new");
  }

  /** In bins of 100 ms as they were counted: the pod that came answers from its first one on. */
  @Test
  void requestsOfAPodAreThoseThatItAnsweredThen() throws IOException {
    Analysis run =
        Analysis.of(
            changed(
                    r -> {
                      for (int ms = 0; ms < 4000; ms += 100) {
                        r.bin(ms, 1, 5, 2).bin(ms, 2, 3, 1);
                        if (ms >= 2500) {
                          r.bin(ms, 3, 2, 1);
                        }
                      }
                    })
                .read());
    TimePanel panel = new OverTime(run).panels(run.results().measured().getFirst()).getFirst();
    assertThat(panel.name()).isEqualTo("requests a second of a pod");
    assertThat(panel.lines().getFirst().points())
        .hasSize(40)
        .allSatisfy(p ->
            assertThat(p)
                .extracting(Point::low, Point::mean, Point::high)
                .containsExactly(30.0, 40.0, 50.0));
    assertThat(panel.lines().getLast().points())
        .allSatisfy(p -> assertThat(p.mean()).isEqualTo(p.s() < 2.5 ? 0 : 20));
    assertThat(Read.table(section.blocks(run), "over-time-netns").caption())
        .startsWith("Requests a second of a pod over time (netns)");
  }

  /**
   * Requests that failed stand below, on the same axis of time; where none did there is no panel.
   */
  @Test
  void failuresAreDrawnBelowRequests() throws IOException {
    Analysis run =
        Analysis.of(changed(r -> r.failedBin(2100, 3).failedBin(2200, 1).bin(0, 1, 5, 2)).read());
    CellResults cell = run.results().measured().getFirst();
    TimePanel failed = new OverTime(run).failures(cell);
    assertThat(failed.name()).isEqualTo("failed requests a second");
    assertThat(failed.over()).isEqualTo(TimePanel.Over.CLIENTS);
    assertThat(failed.events()).containsExactly(new Event(2.01, "+1 pod"));
    assertThat(failed.lines().getFirst().points())
        .filteredOn(p -> p.mean() > 0)
        .extracting(Point::mean)
        .containsExactly(30.0, 10.0);
    Block.Table pictures = Read.table(section.blocks(run), "over-time-netns");
    assertThat(pictures.caption()).contains("Below, where a row has any: requests that failed");
    assertThat(pictures.rows().getFirst().fields().get(1).picture().orElseThrow())
        .contains("height=\"118\"");
    Analysis calm = Analysis.of(changed(r -> r.bin(0, 1, 5, 2)).read());
    Block.Table whole = Read.table(section.blocks(calm), "over-time-netns");
    assertThat(whole.caption()).doesNotContain("Below");
    assertThat(whole.rows().getFirst().fields().get(1).picture().orElseThrow())
        .contains("height=\"88\"");
  }

  /** Of two cells one has a repetition whose event was not over; of the other all is known. */
  @Test
  void whatWasCutShortIsNamed() throws IOException {
    List<Block> all = section.blocks(Analysis.of(changed().read()));
    assertThat(all).noneMatch(Block.Prose.class::isInstance);
    TestRun cut = TestRun.ofCells(folder.resolve("cut"), CHANGING);
    cut.repetition(2).marks(Mark.EVENT_CUT_SHORT);
    Analysis run = Analysis.of(cut.fill().read());
    assertThat(section.blocks(run))
        .as("no event did anything else")
        .containsExactly(
            new Block.Prose(
                "In 1 repetition of 1 cell an event was not over when the repetition ended, so that no"
                    + " row says what it did: "
                    + run.results().cells().get(1).title()
                    + " (#2)."));
    assertThat(section.open(run)).as("the first cell is calm").isFalse();
  }

  /** Connections that end before the client wants it are drawn by how they end. */
  @Test
  void endsAreDrawnByHow() throws IOException {
    TestRun reset =
        TestRun.ofCells(
            folder,
            "connections: 2, pods: 2, phases: {warmup: 1s, measure: 3s},"
                + " events: [{at: 1s, kill-pod: 1}]");
    reset
        .repetition(1)
        .step(EventKind.KILL_POD, EventStep.KILLED, new double[] {2000, 2000}, 2, "pod-1")
        .connections(1, 1)
        .ledger(c ->
            TestRows.lived(
                c, c.connection() == 1 ? Death.RESET : Death.PEER_FIN, -10, 2020, 1900, 1899));
    Analysis run = Analysis.of(reset.read());
    TimePanel ends = new OverTime(run).panels(run.results().measured().getFirst()).getLast();
    assertThat(ends.name()).isEqualTo("connections ended early a second");
    assertThat(ends.lines()).extracting(Line::name).containsExactly("reset", "closed by the pod");
    assertThat(ends.highest()).isEqualTo(10);
    assertThat(ends.events()).containsExactly(new Event(2.01, "killed 1 pod"));
  }

  /** Each direction has a row: what was measured, and what it would take where it was not. */
  @Test
  void aChangeOfModeHasARowForEachDirection() throws IOException {
    TestRun modes =
        TestRun.ofCells(
            folder,
            "protocol: [http1, grpc], connections: 4, pods: 2, events: [{at: 1s, change-mode: nftables},"
                + " {at: 2s, change-mode: iptables}]");
    for (int n = 1; n <= 2; n++) {
      TestRepetition r = modes.repetition(n);
      for (int i = 1; i <= 2; i++) {
        r.step(EventKind.CHANGE_MODE, EventStep.RULES_WRITTEN, new double[] {1000 * i, 1000 * i}, 2)
            .effect(
                Cause.of(EventKind.CHANGE_MODE),
                new EffectRow.Fate(4, 4 - i, i, 0, 0),
                new EffectRow.Leaving(0, 0),
                new EffectRow.New(0, 0, 0),
                new EffectRow.Ports(0, 0));
      }
    }
    Block.Table table =
        Read.table(section.blocks(Analysis.of(modes.fill().read())), "mode-changes");
    assertThat(Read.column(table, "from"))
        .containsExactly("iptables", "iptables-nft", "ipvs", "ipvs", "nftables", "nftables");
    assertThat(Read.column(table, "to"))
        .containsExactly("ipvs", "nftables", "iptables", "nftables", "iptables", "ipvs");
    assertThat(Read.column(table, "reset")).containsExactly("", "2", "", "", "4", "");
    assertThat(Read.column(table, "went on")).containsExactly("", "6", "", "", "4", "");
    assertThat(Read.column(table, "cells")).containsExactly("", "2", "", "", "2", "");
    assertThat(Read.column(table, "testbed"))
        .containsExactly(
            "not in this experiment; it takes a kernel with ip_vs and iptables",
            "netns",
            "not in this experiment; it takes a kernel with ip_vs and iptables",
            "not in this experiment; it takes a kernel with ip_vs and nf_tables",
            "netns",
            "not in this experiment; it takes a kernel with ip_vs and nf_tables");
  }

  /** A direction that was left out has the reason, and whatever else was left out has no say. */
  @Test
  void aChangeOfModeThatWasLeftOutSaysWhy() throws IOException {
    TestRun modes =
        TestRun.ofCells(
            folder, "connections: 4, pods: 2, events: [{at: 1s, change-mode: nftables}]");
    modes
        .repetition(1)
        .step(EventKind.CHANGE_MODE, EventStep.RULES_WRITTEN, new double[] {1000, 1000}, 2)
        .effect(
            Cause.of(EventKind.CHANGE_MODE),
            new EffectRow.Fate(4, 4, 0, 0, 0),
            new EffectRow.Leaving(0, 0),
            new EffectRow.New(0, 0, 0),
            new EffectRow.Ports(0, 0));
    Plane ipvs = new Plane(DataPlane.IPVS, Optional.empty(), Optional.of(IpvsScheduler.RR));
    modes
        .leftOut(
            new Manifest.LeftOut(
                ipvs, List.of(DataPlane.IPVS, DataPlane.NFTABLES), "this kernel has no ip_vs"))
        .leftOut(new Manifest.LeftOut(ipvs, List.of(DataPlane.IPVS), "of another reason"));
    Block.Table table =
        Read.table(section.blocks(Analysis.of(modes.fill().read())), "mode-changes");
    String none = "not in this experiment; it takes a kernel with ";
    assertThat(Read.column(table, "testbed"))
        .containsExactly(
            none + "ip_vs and iptables",
            "netns",
            none + "ip_vs and iptables",
            "not measured; it takes a kernel with ip_vs and nf_tables; the run left out: 1 cells"
                + " (ipvs-rr), for this kernel has no ip_vs",
            none + "nf_tables and iptables",
            none + "ip_vs and nf_tables");
  }

  /** A cell with changes has no test to show: it shows what happened. */
  @Test
  void aCellThatChangesOpensWithWhatHappened() throws IOException {
    Analysis run = Analysis.of(changed("pods: 2").fill().read());
    Block.Table cells = Read.table(new CellsSection().blocks(run), "cells-table");
    List<Block> changed = cells.rows().getFirst().detail().orElseThrow().blocks();
    assertThat(Read.charts(changed))
        .extracting(c -> c.title())
        .containsExactly("Open connections of a pod", "Connections and requests of each pod");
    assertThat(changed)
        .filteredOn(Block.Table.class::isInstance)
        .extracting(b -> ((Block.Table) b).caption())
        .containsExactly(
            "What changes and idleness did to connections: counts of all repetitions of a cell"
                + " together",
            "Every repetition");
    List<Block> calm = cells.rows().getLast().detail().orElseThrow().blocks();
    assertThat(Read.charts(calm)).hasSize(1);
    assertThat(Read.column(cells, "where they landed").getFirst()).isEqualTo("events");
  }
}
