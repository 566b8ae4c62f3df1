package dev.conntrail.analysis.cure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.conntrail.record.Death;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.TestRepetition;
import dev.conntrail.result.TestRows;
import dev.conntrail.result.TestRun;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.CureRow;
import dev.conntrail.result.row.EventStep;
import dev.conntrail.result.row.Fit;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.EventKind;
import dev.conntrail.spec.IpvsScheduler;
import dev.conntrail.spec.TestbedKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CureRowsTest {
  private static final String YAML =
      """
      experiment: cures
      question: Which?
      repetitions: 1
      phases: {warmup: 500ms, measure: 2s, drain: 500ms}
      matrix:
        - {data-plane: nftables, cure: [none, "max-age=500ms", haproxy-leastconn], connections: 80, pods: 4, rate: 400,
           events: [{at: 100ms, scale: 8}]}
        - {data-plane: nftables, protocol: grpc, connections: 80, pods: 4, rate: 400}
      """;

  @TempDir private Path folder;

  /** All repetitions alike: connections by pod, open to the end. */
  private List<CureRow> rows(long... byPod) throws IOException {
    return rows(
        "run-" + byPod[4], c -> TestRows.lived(c, Death.OPEN, -10, Double.NaN, 2400, 2399), byPod);
  }

  /** Those of a run in which pods joined at 600 ms, with such connections by pod. */
  private List<CureRow> rows(String name, UnaryOperator<ConnectionRow> ledger, long... byPod)
      throws IOException {
    TestRun run = TestRun.of(folder.resolve(name), YAML);
    for (Cell cell : run.cells()) {
      TestRepetition r = run.repetition(cell);
      if (!cell.course().events().isEmpty()) {
        r.connections(byPod)
            .ledger(ledger)
            .step(
                EventKind.SCALE,
                EventStep.JOINED,
                new double[] {600, 700},
                8,
                "pod-5",
                "pod-6",
                "pod-7",
                "pod-8");
      }
    }
    run.write();
    return CureRows.of(run.read()).cures();
  }

  /** What one of three pods answered that became slow, at a rate of its callers. */
  private double slowShare(int rate, String slow) throws IOException {
    TestRun run =
        TestRun.of(
            folder.resolve(rate + slow.replaceAll("\\W", "")),
            """
            experiment: slow
            question: Who notices?
            repetitions: 1
            phases: {warmup: 500ms, measure: 2s, drain: 500ms}
            matrix:
              - {data-plane: nftables, protocol: grpc, cure: [none, round-robin], connections: 10, pods: 3, rate: %d,
                 events: [{at: 0ms, slow-pod: 1, %s}]}
            """
                .formatted(rate, slow));
    for (Cell cell : run.cells()) {
      run.repetition(cell)
          .connections(4, 3, 3)
          .step(EventKind.SLOW_POD, EventStep.SLOWED, new double[] {500, 500}, 3, "pod-1")
          .bin(1000, 1, 1, 4)
          .bin(1000, 2, 9, 3);
    }
    run.write();
    return CureRows.of(run.read()).cures().getFirst().onSlow().slowSharePct();
  }

  @Test
  void aSlowPodIsNotJudgedWhoseCallersFallBehind() throws IOException {
    assertThat(slowShare(40, "delay: 200ms")).isEqualTo(10);
    assertThat(slowShare(50, "delay: 200ms")).isNaN();
    assertThat(slowShare(50, "cpu: 20ms")).isEqualTo(10);
    assertThat(slowShare(150, "cpu: 20ms")).isNaN();
  }

  @Test
  void holdsNewPodsToTheirShare() throws IOException {
    List<CureRow> even = rows(10, 10, 10, 10, 10, 10, 10, 10);
    assertThat(even).as("gRPC has one cure, and cannot be weighed").hasSize(3);
    CureRow.OnNew none = even.get(0).onNew();
    assertThat(none.newExpectedPct()).isZero();
    assertThat(none.newFit()).as("40 of them are where none should be").contains(Fit.DIFFERS);
    CureRow.OnNew age = even.get(1).onNew();
    assertThat(age.newExpectedPct()).isEqualTo(50);
    assertThat(age.newCount()).isEqualTo(40);
    assertThat(age.newFit()).contains(Fit.AGREES);
    assertThat(even.get(2).onNew()).as("a proxy draws nothing").isEqualTo(CureRow.OnNew.NOTHING);
    List<CureRow> kept = rows(20, 20, 20, 20, 0, 0, 0, 0);
    assertThat(kept.get(0).onNew().newFit()).contains(Fit.AGREES);
    assertThat(kept.get(1).onNew().newFit()).contains(Fit.DIFFERS);
  }

  /**
   * An age of 500 ms, seen 200 ms late at most, with connections 410 ms old when pods had joined:
   * half are opened anew 190 ms later.
   */
  @ParameterizedTest
  @CsvSource({"200, 200, AGREES", "290, 290, AGREES", "900, 900, DIFFERS", "2000, -1, DIFFERS"})
  void holdsAnAgeToItsTime(double lasted, double half, Fit fit) throws IOException {
    List<CureRow> rows =
        rows(
            "run-" + lasted,
            c -> TestRows.lived(c, Death.RETIRED, 300, 410 + lasted, 650, 640),
            10,
            10,
            10,
            10,
            10,
            10,
            10,
            10);
    CureRow.OnAge age = rows.get(1).onAge();
    assertThat(age.oldCount()).isEqualTo(80);
    assertThat(age.halfExpectedMs()).isCloseTo(190, within(1e-6));
    assertThat(age.lookedAfterMs()).isCloseTo(315, within(1e-6));
    assertThat(Double.isNaN(age.halfMs()) ? -1 : age.halfMs()).isCloseTo(half, within(1e-6));
    assertThat(age.twiceAgeFoundPct()).isGreaterThan(99);
    assertThat(age.ageFit()).contains(fit);
    assertThat(rows.get(0).onAge()).isEqualTo(CureRow.OnAge.NOTHING);
    assertThat(rows.get(2).onAge()).isEqualTo(CureRow.OnAge.NOTHING);
  }

  private static String entry(String from, int port, String to, String replier) {
    return "tcp 6 86399 ESTABLISHED src=%s dst=%s sport=%d dport=80 src=%s dst=%s sport=80 dport=%d [ASSURED] mark=0 use=1%n"
        .formatted(from, to, port, replier, from, port);
  }

  /** Two connections of a client, and two of a proxy. */
  private CureRow.Entries entries(String cure, String... listing) throws IOException {
    TestRun run =
        TestRun.ofCells(
            folder.resolve(cure.replaceAll("\\W", "") + listing.length),
            "cure: [max-requests=7, \"%s\"], connections: 2, pods: 2, rate: 20".formatted(cure));
    RunFolder written = run.fill().write();
    if (listing.length > 0) {
      Files.writeString(
          written.repetition(run.cell(2).id(), 1).conntrack(), String.join("", listing));
    }
    return CureRows.of(run.read()).cures().getLast().entries();
  }

  @Test
  void countsEntriesHopByHop() throws IOException {
    String client = "10.244.200.1";
    String service = "10.96.0.10";
    String first = entry(client, 10_001, service, "10.244.1.1");
    assertThat(entries("none", first, entry(client, 10_002, service, "10.244.1.2")))
        .isEqualTo(new CureRow.Entries(1, Double.NaN, 1));
    assertThat(entries("none", first, entry(client, 10_001, "10.244.1.1", "10.244.1.1"), "odd\n"))
        .as("seen again on the pod's node")
        .isEqualTo(new CureRow.Entries(2, Double.NaN, 1));
    String proxy = "10.244.201.1";
    String toPod = entry(proxy, 2000, "10.244.1.1", "10.244.1.1");
    String toOther = entry(proxy, 2001, "10.244.1.2", "10.244.1.2");
    assertThat(entries("envoy-maglev", entry(client, 10_001, service, proxy), toPod, toOther))
        .isEqualTo(new CureRow.Entries(1, 1, 1));
    assertThat(entries("haproxy-leastconn", toPod, toOther))
        .as("as of a sidecar: no node has what stays in its client's namespace")
        .isEqualTo(new CureRow.Entries(0, 1, 0));
    assertThat(entries("none")).isEqualTo(CureRow.Entries.UNKNOWN);
  }

  @Test
  void countsWhatHadNoAnswer() throws IOException {
    TestRun run =
        TestRun.ofCells(folder, "cure: [none, max-requests=7], connections: 2, pods: 2, rate: 20");
    run.repetition(1).failed(2).unanswered(1);
    run.repetition(1).failed(3);
    run.repetition(2);
    run.write();
    List<CureRow> rows = CureRows.of(run.read()).cures();
    assertThat(rows).extracting(CureRow::failedCount).containsExactly(5L, 0L);
    assertThat(rows).extracting(CureRow::unansweredCount).containsExactly(1L, 0L);
  }

  /** ipvs's own choice counts as a cure beside kube-proxy's, of the same mode alone. */
  @Test
  void weighsSchedulersOfIpvs() throws IOException {
    TestRun run =
        TestRun.ofCells(
            folder,
            "data-plane: ipvs, ipvs-scheduler: [rr, lc], connections: 4, pods: 2, rate: 20",
            "data-plane: nftables, connections: 4, pods: 2, rate: 20");
    List<CureGroup> groups = CureGroup.of(run.fill().read());
    assertThat(groups).hasSize(1);
    assertThat(groups.getFirst().asked()).isEqualTo("ipvs, http1, 4 connections");
    assertThat(groups.getFirst().byCure())
        .extracting(cells -> cells.getFirst().cell().scheduler())
        .containsExactly(IpvsScheduler.RR, IpvsScheduler.LC);
  }

  /** As literal processes have it: 200 µs of a client, 50 of a proxy, 100 of pods. */
  @Test
  void sharesCpuOutOverRequests() throws IOException {
    List<CureRow> all = rows(LongStream.generate(() -> 10).limit(8).toArray());
    assertThat(all.get(2).cpu().proxyCpuNs()).isCloseTo(50_000, within(1.0));
    assertThat(all.get(2).cpu().all()).isCloseTo(350_000, within(1.0));
    assertThat(all.get(0).cpu().proxyCpuNs()).isNaN();
    assertThat(all.get(0).cpu().all()).isCloseTo(300_000, within(1.0));
  }

  /** Its kernel charges whole ticks or none. */
  @Test
  void knowsNoCpuTimeOfAGuest() throws IOException {
    TestRun run =
        TestRun.ofCells(folder, "cure: [none, max-requests=7], connections: 2, pods: 2, rate: 20")
            .on(TestbedKind.UML, _ -> true);
    assertThat(CureRows.of(run.fill().read()).cures())
        .hasSize(2)
        .extracting(CureRow::cpu)
        .containsOnly(CureRow.Cpu.UNKNOWN);
  }
}
