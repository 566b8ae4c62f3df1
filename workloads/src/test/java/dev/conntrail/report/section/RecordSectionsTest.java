package dev.conntrail.report.section;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.record.Metric;
import dev.conntrail.report.block.Block;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.RunResults;
import dev.conntrail.result.Tables;
import dev.conntrail.result.TestRun;
import dev.conntrail.result.row.Difference;
import dev.conntrail.result.row.InstallRow;
import dev.conntrail.result.row.LogRow;
import dev.conntrail.result.row.Step;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.IptablesBackend;
import dev.conntrail.spec.TestbedKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sections on how the run was made. */
class RecordSectionsTest {
  @TempDir private Path folder;

  private static Analysis read(TestRun run) throws IOException {
    return Analysis.of(run.fill().read());
  }

  @Test
  void theKernelIsAWitnessWhereItWasAsked() throws IOException {
    TestRun run = TestRun.ofCells(folder, "connections: 4, pods: 2, repetitions: 2");
    run.repetition(1).withoutKernel();
    run.repetition(1).disagreement(Difference.POD, Difference.REQUESTS);
    List<Block> blocks = new WitnessSection().blocks(read(run));
    assertThat(Read.prose(blocks).getFirst())
        .contains("Of 8 connections in 2 repetitions")
        .contains("was asked in 1 of these repetitions")
        .contains("differ on 1.");
    assertThat(Read.rows(Read.table(blocks, "disagreements-table")).getFirst())
        .contains("pod-1", "pod-2", "pod, requests", "10.244.200.1:30000");
  }

  @Test
  void whereNothingDiffersNothingIsListed() throws IOException {
    List<Block> blocks =
        new WitnessSection().blocks(read(TestRun.ofCells(folder, "connections: 4, pods: 2")));
    assertThat(blocks).hasSize(1);
    assertThat(Read.prose(blocks).getFirst())
        .contains("was asked in all of them")
        .endsWith("differ on none.");
  }

  /** Noise is measured, not asserted. */
  @Test
  void limitsSayHowFarRepetitionsDiffer() throws IOException {
    TestRun run = TestRun.ofCells(folder, "connections: 4, pods: 2, repetitions: 2, rate: 100");
    run.repetition(1).times(Metric.RESPONSE, 1, 100);
    run.repetition(1).times(Metric.RESPONSE, 3, 100);
    assertThat(Read.prose(new LimitsSection().blocks(read(run))))
        .anyMatch(l -> l.contains("in their median response time by up to 3.00 times"))
        .noneMatch(l -> l.contains("20 %") || l.contains("fifth"));
  }

  @Test
  void oneRepetitionTellsNothingOfNoise() throws IOException {
    TestRun run = TestRun.ofCells(folder, "connections: 4, pods: 2, repetitions: 1");
    assertThat(Read.prose(new LimitsSection().blocks(read(run))))
        .anyMatch(l -> l.contains("No cell has two repetitions"));
  }

  @Test
  void limitsFollowFromTheTestbed() throws IOException {
    TestRun run =
        TestRun.ofCells(folder, "data-plane: iptables, pods: 2", "data-plane: ipvs, pods: 2")
            .on(TestbedKind.UML, c -> c.dataPlane() == DataPlane.IPVS);
    assertThat(Read.prose(new LimitsSection().blocks(read(run))))
        .anyMatch(l -> l.contains("User-mode Linux"))
        .anyMatch(l -> l.contains("Veths"))
        .noneMatch(l -> l.contains("direct") || l.contains("loopback"));
    TestRun loopback =
        TestRun.of(
            folder.resolve("loopback"),
            "experiment: l\nquestion: q\ntestbed: loopback\nmatrix: {data-plane: direct, pods: 2}\n");
    assertThat(Read.prose(new LimitsSection().blocks(read(loopback))))
        .anyMatch(l -> l.contains("loopback"))
        .anyMatch(l -> l.contains("direct"))
        .noneMatch(l -> l.contains("Veths"));
  }

  @Test
  void rulesAreListedWithTheirLoadsAndShownOnce() throws IOException {
    TestRun run = TestRun.ofCells(folder, "pods: 2, repetitions: 2", "pods: 3, repetitions: 1");
    run.repetition(1).rules("-A KUBE-SVC <" + "x".repeat(7000));
    run.repetition(1).rules("second");
    run.repetition(2).rules("third");
    RunFolder written = run.fill().write();
    List<InstallRow> installs = new ArrayList<>();
    double ms = 5;
    for (String hash : List.of("a".repeat(64), "a".repeat(64), "b".repeat(64))) {
      installs.add(
          new InstallRow(
              run.repetition(1).at(),
              Optional.of("node-1"),
              DataPlane.IPTABLES,
              Optional.of(IptablesBackend.NFT),
              Optional.empty(),
              Optional.of("iptables v1.8.9"),
              34,
              ms++,
              2,
              hash));
    }
    written.append(Tables.INSTALLS, installs);
    List<Block> blocks = new RulesSection().blocks(Analysis.of(RunResults.read(written)));
    assertThat(Read.rows(Read.table(blocks, "installs-table")))
        .containsExactly(
            List.of(
                "iptables-nft",
                "iptables v1.8.9",
                "34",
                "3",
                "5 to 7",
                "2",
                "2, " + "a".repeat(12)));
    List<String> shown =
        Read.all(blocks)
            .filter(Block.Preformatted.class::isInstance)
            .map(b -> ((Block.Preformatted) b).text())
            .toList();
    assertThat(shown).hasSize(1);
    assertThat(shown.getFirst()).startsWith("-A KUBE-SVC <").hasSizeLessThan(6100).endsWith("...");
    assertThat(Read.prose(blocks))
        .last()
        .asString()
        .contains("/rep-01/rules.txt", "its first 6,000");
  }

  @Test
  void aRepetitionIsDrawnFromItsStartToItsEnd() throws IOException {
    TestRun run = TestRun.ofCells(folder, "connections: 4, pods: 2, repetitions: 2, rate: 100");
    run.repetition(1).times(Metric.RESPONSE, 1, 100);
    run.repetition(1).times(Metric.RESPONSE, 4, 100);
    RunFolder written = run.fill().write();
    written.append(
        Tables.LOG,
        List.of(
            row(run, 1, 1000, Step.LOAD_START),
            row(run, 1, 3000, Step.LOAD_END),
            row(run, 2, 5000, Step.LOAD_START),
            row(run, 2, 8000, Step.LOAD_END),
            new LogRow(TestRun.RUN, Optional.empty(), 0, 6000, Step.POD, Optional.of("gone"))));
    List<Block> blocks = new TimelineSection().blocks(Analysis.of(RunResults.read(written)));
    assertThat(Read.charts(blocks))
        .extracting(c -> c.id())
        .containsExactly("timeline", "drift", "longest");
    assertThat(Read.data(Read.charts(blocks).getFirst(), 0).get(1))
        .startsWith("#1 " + run.cell(1).title())
        .endsWith(1.0, 2.0, 2.0, 3.0);
    assertThat(Read.data(Read.charts(blocks).getFirst(), 1).getLast())
        .containsExactly(6.0, "events of the log", "pod gone");
    List<List<Object>> drift = Read.data(Read.charts(blocks).get(1), 0);
    assertThat((Double) drift.get(1).get(1)).isBetween(0.39, 0.41);
    assertThat((Double) drift.get(2).get(1)).isBetween(1.59, 1.61);
  }

  private static LogRow row(TestRun run, int repetition, double atMs, Step step) {
    return new LogRow(
        TestRun.RUN, Optional.of(run.cell(1).id()), repetition, atMs, step, Optional.empty());
  }

  @Test
  void nothingIsDrawnOfARunThatDidNotWriteItsTimes() throws IOException {
    assertThat(new TimelineSection().blocks(read(TestRun.ofCells(folder, "pods: 2")))).isEmpty();
  }

  @Test
  void theMethodNamesWhatThisRunDid() throws IOException {
    assertThat(
            Read.prose(
                new MethodSection().blocks(read(TestRun.ofCells(folder, "pods: 2, rate: closed")))))
        .anyMatch(l -> l.startsWith("In a closed loop"))
        .noneMatch(l -> l.startsWith("At a rate"))
        .anyMatch(l -> l.contains("seed (") && l.contains("rules are loaded anew"));
  }
}
