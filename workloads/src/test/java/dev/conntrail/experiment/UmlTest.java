package dev.conntrail.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.conntrail.ChildJar;
import dev.conntrail.Privileged;
import dev.conntrail.cli.CommandProcess;
import dev.conntrail.result.Json;
import dev.conntrail.result.Manifest;
import dev.conntrail.result.RunCells;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.Tables;
import dev.conntrail.result.row.Agreement;
import dev.conntrail.result.row.CellRow;
import dev.conntrail.result.row.EffectRow;
import dev.conntrail.result.row.Mark;
import dev.conntrail.result.row.RunStatus;
import dev.conntrail.result.row.SummaryRow;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.IptablesBackend;
import dev.conntrail.spec.TestbedKind;
import dev.conntrail.testbed.Abilities;
import dev.conntrail.testbed.Programs;
import dev.conntrail.testbed.UmlGuest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
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
      phases: {warmup: 100ms, measure: 500ms, drain: 10s}
      matrix:
        - data-plane: [iptables, ipvs]
          protocol: http1
          connections: 12
          pods: 4
          rate: 100
      """;

  @TempDir private Path folder;

  private CommandProcess start(int repetitions, String results) throws IOException {
    return CommandProcess.start(Map.of(), arguments(repetitions, results));
  }

  private String[] arguments(int repetitions, String results) throws IOException {
    return arguments(
        Files.writeString(
            folder.resolve(results + ".yaml"),
            YAML.replace("REPETITIONS", Integer.toString(repetitions))),
        results);
  }

  private String[] arguments(Path spec, String results) {
    return new String[] {
      "run", spec.toString(), "--results", folder.resolve(results).toString(), "--no-report"
    };
  }

  /** Guests that write below a folder. */
  private static List<ProcessHandle> guests(Path below) {
    return ProcessHandle.allProcesses()
        .filter(p -> {
          try {
            return Files.readString(Path.of("/proc/" + p.pid() + "/cmdline"))
                .contains("uml_dir=" + below + "/");
          } catch (IOException _) {
            return false;
          }
        })
        .toList();
  }

  /**
   * Two guests at once know nothing of each other. One whose run is killed ends with all its
   * processes, and what it had measured is kept; the other, an ordinary user's, goes on to its end.
   */
  @Test
  void ofTwoGuestsAtOnceOneIsKilledWithNineAndTheOtherTakesPodsInTurn() throws Exception {
    Set<String> shared = sharedMemory();
    CommandProcess whole = startAsOrdinaryUser(folder.resolve("home"));
    CommandProcess killed = start(100, "killed");
    killed.readUntil("2/200");
    assertThat(guests(folder.resolve("killed"))).isNotEmpty();
    killed.kill();
    assertNothingRuns(folder.resolve("killed"));
    String said = whole.end();
    assertThat(whole.code()).as(said).isZero();
    assertThat(said).contains("_guest_uml_", "report.html");
    assertTakenInTurn(only("home/results"));
    assertNothingRuns(folder);
    assertThat(sharedMemory()).isEqualTo(shared);
    whatWasKilledIsKept();
  }

  private void whatWasKilledIsKept() throws Exception {
    Path loopback =
        Files.writeString(
            folder.resolve("next.yaml"),
            YAML.replace("REPETITIONS", "1")
                .replace("testbed: uml", "testbed: loopback")
                .replace("data-plane: [iptables, ipvs]", "data-plane: direct"));
    CommandProcess next = CommandProcess.start(Map.of(), arguments(loopback, "killed"));
    assertThat(next.end()).contains("\nfolder:  ", "kept what a killed run had measured");
    List<Path> left;
    try (Stream<Path> all = Files.list(folder.resolve("killed"))) {
      left = all.filter(Files::isDirectory).sorted().toList();
    }
    assertThat(left).hasSize(2);
    assertThat(left.getFirst().toString()).endsWith(RunFolder.KILLED);
    assertThat(new RunFolder(left.getFirst()).rows(Tables.SUMMARY)).isNotEmpty();
    assertThat(new RunFolder(left.getFirst()).guest()).doesNotExist();
  }

  private static void assertNothingRuns(Path below) throws InterruptedException {
    for (int i = 0; i < 100 && !guests(below).isEmpty(); i++) {
      Thread.sleep(50);
    }
    assertThat(guests(below)).isEmpty();
  }

  /** Files of guests' memory (arch/um/os-Linux/mem.c), other programs have theirs there too. */
  private static Set<String> sharedMemory() throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/dev/shm"))) {
      return all.map(Path::toString).filter(f -> f.contains("vm_file")).collect(Collectors.toSet());
    }
  }

  /** Ctrl-C on a terminal: the guest drains, and what was measured comes back. */
  @Test
  void toldToStopItKeepsWhatWasMeasured() throws Exception {
    CommandProcess run = CommandProcess.onTerminal(Map.of(), arguments(100, "results"));
    run.readUntil("3/200");
    run.pressCtrlC();
    String said = run.end();
    assertThat(run.code()).as(said).isEqualTo(130);
    assertThat(said.replaceAll("\\s+", " ")).contains("folder: ");
    assertNothingRuns(folder);
    RunFolder results = only();
    assertThat(results.rows(Tables.SUMMARY)).hasSizeBetween(3, 20);
    assertThat(results.rows(Tables.CONNECTIONS)).isNotEmpty();
    assertThat(Json.read(results.manifest(), Manifest.class))
        .satisfies(m -> {
          assertThat(m.status()).isEqualTo(RunStatus.PARTIAL);
          assertThat(m.testbeds()).containsExactly(TestbedKind.UML);
        });
  }

  private RunFolder only() throws IOException {
    return only("results");
  }

  /** The one run of a folder of results. */
  private RunFolder only(String results) throws IOException {
    try (Stream<Path> all = Files.list(folder.resolve(results))) {
      return new RunFolder(all.filter(Files::isDirectory).findFirst().orElseThrow());
    }
  }

  private static void assertTakenInTurn(RunFolder results) throws IOException {
    List<CellRow> cells = results.rows(Tables.CELLS);
    // Debian's kernel has no nf_tables for IPv4, whatever the iptables of this machine is
    assertThat(cells)
        .extracting(CellRow::iptablesBackend)
        .containsExactly(Optional.of(IptablesBackend.LEGACY), Optional.empty());
    CellRow ipvs = cells.getLast();
    assertThat(ipvs.dataPlane()).isEqualTo(DataPlane.IPVS);
    assertThat(results.rows(Tables.DISTRIBUTION))
        .filteredOn(d -> d.at().cellId().equals(ipvs.cellId()))
        .hasSize(8)
        .allSatisfy(d -> assertThat(d.connectionsCount()).isEqualTo(3));
    assertThat(results.rows(Tables.SUMMARY))
        .hasSize(4)
        .allSatisfy(s ->
            assertThat(s.crossCheck())
                .isEqualTo(new SummaryRow.CrossCheck(Agreement.AGREE, true, 12, 0)));
    assertThat(Files.readString(results.repetition(ipvs.cellId(), 1).rules()))
        .contains("-A -t 10.96.0.10:80 -s rr", "KUBE-CLUSTER-IP", "kube-ipvs0");
  }

  /** On testbed auto: netns needs root, so all of it goes to a guest. */
  private CommandProcess startAsOrdinaryUser(Path home) throws IOException {
    Path classes = Files.createDirectories(home.resolve("classes"));
    List<String> path = new ArrayList<>();
    for (String part : ChildJar.OWN.split(":", -1)) {
      Path copy =
          classes.resolve(Integer.toString(path.size()) + (part.endsWith(".jar") ? ".jar" : ""));
      Programs.run(List.of("cp", "-r", part, copy.toString()), "", Programs.SHORT);
      path.add(copy.toString());
    }
    Path spec =
        Files.writeString(
            home.resolve("guest.yaml"),
            YAML.replace("REPETITIONS", "2").replace("testbed: uml", "testbed: auto"));
    Programs.run(
        List.of("sh", "-c", "chmod a+rX " + folder + "; chown -R nobody " + home),
        "",
        Programs.SHORT);
    return CommandProcess.start(
        Map.of("HOME", home.toString()),
        List.of(
            "setpriv",
            "--reuid=65534",
            "--regid=65534",
            "--clear-groups",
            "env",
            "-C",
            home.toString(),
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            String.join(":", path),
            "dev.conntrail.cli.Conntrail",
            "run",
            spec.toString(),
            "--results",
            home.resolve("results").toString()));
  }

  @Test
  void whatTheKernelCannotDoIsRefusedBeforeItBoots() throws Exception {
    Abilities debian = UmlGuest.find("").abilities();
    assertThat(debian.ipvs()).isTrue();
    assertThat(debian.nftables()).isFalse();
    assertThat(debian.legacyIptables()).isTrue();
    assertThat(debian.cpus()).isEqualTo(1);
    Path spec =
        Files.writeString(
            folder.resolve("nft.yaml"),
            "experiment: x\ntestbed: uml\nmatrix:\n  - {data-plane: nftables}\n");
    CommandProcess run =
        CommandProcess.start(
            Map.of(), "run", spec.toString(), "--results", folder.resolve("results").toString());
    assertThat(run.end()).contains("has no nf_tables for IPv4", "--uml-kernel");
    assertThat(run.code()).isEqualTo(3);
    assertThat(folder.resolve("results")).doesNotExist();
  }

  /** Another kernel, where one is named: all modes in one kernel, as its configuration says. */
  @Test
  @Tag("uml-kernel")
  void anotherKernelRunsAllModes() throws Exception {
    String kernel = System.getenv("CONNTRAIL_UML_KERNEL");
    assertThat(UmlGuest.find(kernel).abilities())
        .isEqualTo(new Abilities(true, true, true, UmlGuest.find(kernel).abilities().cpus()));
    Path spec =
        Files.writeString(
            folder.resolve("modes.yaml"),
            """
            experiment: modes
            testbed: auto
            phases: {warmup: 100ms, measure: 500ms, drain: 10s}
            matrix:
              - data-plane: [iptables, nftables, ipvs]
                iptables-backend: [legacy, nft]
                protocol: http1
                connections: 12
                pods: 4
                rate: 100
              - {data-plane: nftables, opening: spread, connections: 12, pods: 4, rate: 60, phases: {measure: 3s},
                 events: [{at: 1s, change-mode: ipvs}]}
              - {data-plane: ipvs, opening: spread, connections: 12, pods: 4, rate: 60, phases: {measure: 3s},
                 events: [{at: 1s, change-mode: nftables}]}
            """);
    CommandProcess run =
        CommandProcess.start(
            Map.of(),
            "run",
            spec.toString(),
            "--uml-kernel",
            kernel,
            "--results",
            folder.resolve("results").toString(),
            "--no-report");
    String said = run.end();
    assertThat(run.code()).as(said).isZero();
    assertThat(only().rows(Tables.CELLS))
        .extracting(CellRow::testbed, c -> c.toCell().variant().text())
        .containsExactly(
            tuple(TestbedKind.UML, "iptables-legacy"),
            tuple(TestbedKind.UML, "iptables-nft"),
            tuple(TestbedKind.UML, "nftables"),
            tuple(TestbedKind.UML, "ipvs-rr"),
            tuple(TestbedKind.UML, "nftables"),
            tuple(TestbedKind.UML, "ipvs-rr"));
    RunCells cells = RunCells.of(only());
    assertThat(only().rows(Tables.SUMMARY))
        .hasSize(6)
        .allSatisfy(s -> {
          assertThat(s.crossCheck().outcome()).isEqualTo(Agreement.AGREE);
          assertThat(s.crossCheck().kernel())
              .as("ipvs takes entries with it")
              .isEqualTo(cells.of(s.at()).course().events().isEmpty());
          assertThat(s.marks()).doesNotContain(Mark.NOT_ADDING_UP);
        });
    changesBetweenNftablesAndIpvs(cells, only().rows(Tables.EFFECTS));
  }

  /**
   * What the kernels of most machines cannot do. What nftables sent is in conntrack and goes on;
   * kube-proxy in mode nftables removes ipvs's virtual servers with their address, where it can, so
   * that packets of their connections come to nobody. Who comes later is served in both.
   */
  private static void changesBetweenNftablesAndIpvs(RunCells cells, List<EffectRow> effects) {
    assertThat(effects).hasSize(2);
    for (EffectRow e : effects) {
      boolean toIpvs = cells.of(e.at()).dataPlane() == DataPlane.NFTABLES;
      assertThat(e.open().count()).as(e.toString()).isPositive();
      assertThat(e.open().keptCount()).as(e.toString()).isEqualTo(toIpvs ? e.open().count() : 0);
      assertThat(e.opened().count()).as(e.toString()).isPositive();
    }
  }

  @Test
  void whatIsNoKernelIsNamed() {
    assertThatThrownBy(() -> UmlGuest.find("/no/such/kernel"))
        .hasMessageContaining("--uml-kernel: found /no/such/kernel, which is no program");
    String ls = Programs.find("true").orElseThrow().toString();
    assertThatThrownBy(() -> UmlGuest.find(ls)).hasMessageContaining("--uml-kernel: found " + ls);
  }
}
