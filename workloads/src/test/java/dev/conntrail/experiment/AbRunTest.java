package dev.conntrail.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.result.AbFolder;
import dev.conntrail.result.AbManifest;
import dev.conntrail.result.Json;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.RunResults;
import dev.conntrail.result.Side;
import dev.conntrail.result.Tables;
import dev.conntrail.result.row.RunStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two sides measured in turns, where nobody is privileged. */
class AbRunTest {
  private static final String YAML =
      """
      experiment: straight
      testbed: loopback
      repetitions: 2
      phases: {warmup: 0s, measure: 100ms, drain: 1s}
      matrix:
        - protocol: [http1, short-lived]
          connections: 4
          pods: 2
          rate: 200
      """;

  @TempDir private Path results;

  private AbRun.Ended run(Duration budget, AbGate gate, Cancellation cancellation, Progress said)
      throws IOException {
    return AbRun.run(Runs.ab(results, YAML, YAML, "", budget), gate, said, cancellation);
  }

  private AbManifest manifest(AbRun.Ended ended) throws IOException {
    return Json.read(ended.folder().manifest(), AbManifest.class);
  }

  /**
   * Time for any number of blocks, and a gate that has seen enough at once: after ten, for of fewer
   * no look of four could show anything of two times of two cells.
   */
  @Test
  void blocksAreMeasuredUntilAllIsDecidedAndEachSideIsARun() throws IOException {
    List<Integer> looks = new ArrayList<>();
    Runs.Quiet said = new Runs.Quiet();
    AbRun.Ended ended =
        run(
            Duration.ofHours(1),
            (blocks, level) -> {
              looks.add(blocks.size());
              assertThat(level).isEqualTo(0.05 / 4);
              return true;
            },
            new Cancellation(),
            said);
    assertThat(ended.status()).isEqualTo(RunStatus.COMPLETE);
    assertThat(looks).containsExactly(10);
    assertThat(said.lines).filteredOn(l -> l.contains("block")).hasSize(10);
    assertThat(ended.blocks())
        .hasSize(10)
        .allSatisfy(b ->
            assertThat(b.rows())
                .hasSize(2)
                .allSatisfy(r -> {
                  assertThat(r.a().at().repetition()).isEqualTo(b.number());
                  assertThat(r.a().at().cellId()).isEqualTo(r.b().at().cellId());
                  assertThat(r.a().requests().answeredCount()).isEqualTo(20);
                }));
    for (Side side : Side.values()) {
      RunResults read = RunResults.read(ended.folder().side(side));
      assertThat(read.lacks()).isEmpty();
      assertThat(read.manifest().status()).isEqualTo(RunStatus.COMPLETE);
      assertThat(read.manifest().repetitions()).isEqualTo(10);
      assertThat(read.manifest().cellOrder()).hasSize(10).allMatch(o -> o.size() == 2);
      assertThat(read.measured()).hasSize(2).allMatch(c -> c.repetitions().size() == 10);
      assertThat(ended.folder().side(side).experiment()).hasContent(YAML);
    }
    assertThat(new RunFolder(results).rows(Tables.INDEX))
        .extracting(i -> results.resolve(i.folder()).resolve("manifest.json"))
        .hasSize(2)
        .allSatisfy(m -> assertThat(m).isNotEmptyFile());
    theRecordTellsOrders(manifest(ended));
    assertThat(results).isDirectoryNotContaining(p -> p.toString().endsWith(RunFolder.PARTIAL));
  }

  private static void theRecordTellsOrders(AbManifest ab) {
    assertThat(ab.status()).isEqualTo(RunStatus.COMPLETE);
    assertThat(ab.differs()).isEqualTo("nothing");
    assertThat(ab.looks()).containsExactly(new AbManifest.Look(10, true));
    assertThat(ab.blocks())
        .hasSize(10)
        .allSatisfy(b -> {
          assertThat(b.order()).hasSize(4).doesNotHaveDuplicates();
          assertThat(b.order()).filteredOn(t -> t.side() == Side.B).hasSize(2);
        });
    assertThat(ab.blocks().stream().map(AbManifest.Block::order).distinct())
        .as("drawn anew")
        .hasSizeGreaterThan(2);
  }

  /** It is told to stop in the third block. */
  @Test
  void whatIsStoppedKeepsWhatWasMeasured() throws IOException {
    Cancellation cancellation = new Cancellation();
    AbRun.Ended ended =
        run(
            Duration.ofHours(1),
            (_, _) -> true,
            cancellation,
            new Progress() {
              @Override
              public void say(String line) {
                // nothing to be said
              }

              @Override
              public void repetition(int done, int all, String what) {
                if (done == 2) {
                  cancellation.cancel();
                }
              }
            });
    assertThat(ended.status()).isEqualTo(RunStatus.PARTIAL);
    assertThat(ended.blocks()).hasSize(2);
    assertThat(manifest(ended).looks()).isEmpty();
    RunResults read = RunResults.read(ended.folder().side(Side.A));
    assertThat(read.manifest().status()).isEqualTo(RunStatus.PARTIAL);
    assertThat(read.measured()).allMatch(c -> c.repetitions().size() == 2);
  }

  /** Whose processes were killed, with a repetition on one side and none on the other. */
  @Test
  void whatWasKilledIsKeptWholeOrNotAtAll() throws IOException {
    AbFolder measured = AbFolder.create(results, "measured");
    AbFolder empty = AbFolder.create(results, "empty");
    for (AbFolder folder : List.of(measured, empty)) {
      Files.writeString(folder.manifest(), "{}");
      folder.begin(Side.A);
      folder.begin(Side.B);
    }
    Path a = measured.path().resolve("a" + RunFolder.PARTIAL);
    Files.writeString(a.resolve(Tables.SUMMARY.file()), "");
    Runs.Quiet said = new Runs.Quiet();
    Predecessors.clear(dev.conntrail.spec.TestbedKind.LOOPBACK, results, said);
    assertThat(results.resolve("measured.killed/a.killed/summary.csv")).exists();
    assertThat(results.resolve("measured.killed/b.partial")).doesNotExist();
    assertThat(results).isDirectoryNotContaining(p -> p.toString().contains("empty"));
    assertThat(said.lines)
        .anyMatch(l -> l.startsWith("kept what a killed run had measured as "))
        .anyMatch(l -> l.startsWith("removed ") && l.contains("empty.partial"));
  }
}
