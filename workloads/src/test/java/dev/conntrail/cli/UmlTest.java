package dev.conntrail.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.conntrail.Privileged;
import dev.conntrail.experiment.GuestRun;
import dev.conntrail.result.Csv;
import dev.conntrail.result.Rows;
import dev.conntrail.result.RunFolder;
import dev.conntrail.spec.ExperimentReader;
import dev.conntrail.testbed.Programs;
import dev.conntrail.testbed.TestbedException;
import dev.conntrail.testbed.UmlGuest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs within a User-mode Linux guest, with Debian's kernel, which has ip_vs. They need no root,
 * but the packages that scripts/test.sh installs as root.
 */
@Privileged
class UmlTest {
  private static final String YAML =
      """
      experiment: guest
      testbed: uml
      repetitions: REPETITIONS
      phases: {warmup: 100ms, measure: 500ms, drain: 1s}
      matrix:
        - data-plane: [iptables, ipvs]
          iptables-backend: legacy
          protocol: http1
          connections: 12
          pods: 4
          rate: 100
      """;

  @TempDir private Path folder;

  private CommandProcess start(int repetitions) throws IOException {
    Path spec =
        Files.writeString(
            folder.resolve("guest.yaml"),
            YAML.replace("REPETITIONS", Integer.toString(repetitions)));
    return CommandProcess.start(
        Map.of(),
        "run",
        spec.toString(),
        "--results",
        folder.resolve("results").toString(),
        "--no-report");
  }

  /** Guests that write below this test's folder. */
  private List<ProcessHandle> guests() {
    return ProcessHandle.allProcesses()
        .filter(p -> {
          try {
            return Files.readString(Path.of("/proc/" + p.pid() + "/cmdline"))
                .contains("uml_dir=" + folder);
          } catch (IOException _) {
            return false;
          }
        })
        .toList();
  }

  @Test
  void ipvsTakesPodsInTurnAndTheGuestLeavesNothing() throws Exception {
    CommandProcess run = start(2);
    String said = run.end();
    assertThat(run.code()).as(said).isZero();
    assertThat(guests()).isEmpty();
    List<Path> left;
    try (Stream<Path> all = Files.list(folder.resolve("results"))) {
      left = all.sorted().toList();
    }
    assertThat(left).hasSize(2);
    assertThat(left.getLast().getFileName()).hasToString("index.csv");
    RunFolder results = new RunFolder(left.getFirst());
    assertThat(Csv.read(results.distribution(), Rows.Distribution.class))
        .filteredOn(d -> d.cell().contains("=ipvs_"))
        .hasSize(8)
        .allSatisfy(d -> assertThat(d.connectionsCount()).isEqualTo(3));
    assertThat(Csv.read(results.summary(), Rows.Summary.class))
        .hasSize(4)
        .allSatisfy(s -> {
          assertThat(s.crossCheck()).isEqualTo("agree");
          assertThat(s.crossCheckRowsCount()).isEqualTo(12);
        });
    String cell =
        Csv.read(results.cells(), Rows.Cells.class).stream()
            .map(Rows.Cells::cell)
            .filter(c -> c.contains("=ipvs_"))
            .findFirst()
            .orElseThrow();
    assertThat(Files.readString(results.repetition(cell, 1).rules()))
        .contains("-A -t 10.96.0.10:80 -s rr", "KUBE-CLUSTER-IP", "kube-ipvs0");
  }

  @Test
  void killedWithNineTheGuestEndsWithAllItsProcesses() throws Exception {
    CommandProcess run = start(100);
    run.readUntil("1/200");
    assertThat(guests()).isNotEmpty();
    run.kill();
    for (int i = 0; i < 100 && !guests().isEmpty(); i++) {
      Thread.sleep(50);
    }
    assertThat(guests()).isEmpty();
    CommandProcess next = start(1);
    assertThat(next.end()).contains("results: ");
    try (Stream<Path> all = Files.list(folder.resolve("results"))) {
      assertThat(all).noneMatch(p -> p.getFileName().toString().startsWith(".guest-"));
    }
  }

  @Test
  void whatTheKernelCannotDoIsRefusedBeforeItBoots() {
    UmlGuest debian = UmlGuest.find("");
    assertThat(debian.ipvs()).isTrue();
    assertThat(debian.nftables()).isFalse();
    assertThat(debian.legacyIptables()).isTrue();
    String text = "experiment: x\ntestbed: uml\nmatrix:\n  - {data-plane: nftables}\n";
    assertThatThrownBy(() -> GuestRun.require(ExperimentReader.parse("f.yaml", text), debian))
        .isInstanceOf(TestbedException.class)
        .hasMessageContaining("has no nf_tables for IPv4")
        .hasMessageContaining("--uml-kernel");
  }

  @Test
  void whatIsNoKernelIsNamed() {
    assertThatThrownBy(() -> UmlGuest.find("/no/such/kernel"))
        .hasMessageContaining("--uml-kernel: found /no/such/kernel, which is no program");
    String ls = Programs.find("true").orElseThrow().toString();
    assertThatThrownBy(() -> UmlGuest.find(ls)).hasMessageContaining("--uml-kernel: found " + ls);
  }
}
