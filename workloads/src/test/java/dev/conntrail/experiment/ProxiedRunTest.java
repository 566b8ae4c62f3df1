package dev.conntrail.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.conntrail.Privileged;
import dev.conntrail.analysis.middle.LegsRows;
import dev.conntrail.proxy.ProxyPrograms;
import dev.conntrail.result.RunCells;
import dev.conntrail.result.RunResults;
import dev.conntrail.result.Tables;
import dev.conntrail.result.row.Agreement;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.DistributionRow;
import dev.conntrail.result.row.EventRow;
import dev.conntrail.result.row.EventStep;
import dev.conntrail.result.row.Mark;
import dev.conntrail.result.row.OtherCounter;
import dev.conntrail.result.row.PodsOverTimeRow;
import dev.conntrail.result.row.ProcessRole;
import dev.conntrail.result.row.ProcessRow;
import dev.conntrail.result.row.ProxiedRow;
import dev.conntrail.result.row.ProxyCountRow;
import dev.conntrail.result.row.ProxyCounter;
import dev.conntrail.result.row.ProxyLeg;
import dev.conntrail.result.row.SummaryRow;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.EventKind;
import dev.conntrail.spec.Protocol;
import dev.conntrail.spec.ProxyProgram;
import dev.conntrail.spec.Route;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real proxies behind a real Service, on the real kernel. */
@Privileged
class ProxiedRunTest {
  private static final String YAML =
      """
      experiment: proxied
      testbed: netns
      seed: 3
      phases: {warmup: 300ms, measure: 3s, drain: 20s}
      matrix:
        - {data-plane: nftables, protocol: [http1, http2, grpc, grpc-stream, websocket, short-lived],
           cure: [envoy-least-request, haproxy-leastconn], connections: 12, clients: 2, pods: 4, rate: 200, phases: {measure: 2s}}
        - {data-plane: nftables, nodes: 2, protocol: http1, cure: [envoy-round-robin, haproxy-roundrobin],
           connections: 12, clients: 2, pods: 4, rate: 200, phases: {measure: 2s}}
        - {data-plane: nftables, nodes: 2, protocol: [http1, grpc-stream, short-lived], cure: ["envoy-least-request,proxies=3", "haproxy-leastconn,proxies=3"],
           connections: 12, clients: 2, pods: 4, rate: 200, phases: {measure: 2s}}
        - {data-plane: nftables, nodes: 2, protocol: [http1, grpc, websocket], cure: ["envoy-least-request,proxies=sidecars", "haproxy-leastconn,proxies=sidecars"],
           connections: 12, clients: 2, pods: 4, rate: 200, phases: {measure: 2s}}
        - {data-plane: nftables, protocol: [http1, grpc], cure: [none, envoy-least-request, haproxy-leastconn],
           connections: 12, pods: 3, rate: 240,
           events: [{at: 500ms, scale: 6, ready-after: 100ms, rules-after: 100ms}]}
        - {data-plane: nftables, protocol: http1, cure: [none, envoy-least-request, haproxy-leastconn],
           connections: 20, pods: 5, rate: 200, phases: {drain: 1s}, events: [{at: 500ms, slow-pod: 1, delay: 800ms}]}
        - {data-plane: nftables, protocol: [http1, grpc], cure: [envoy-least-request, haproxy-leastconn],
           connections: 20, pods: 4, rate: 1000, phases: {drain: 1s},
           events: [{at: 300ms, rolling-update: exit, max-surge: 2, ready-after: 100ms, rules-after: 100ms}]}
      """;

  @TempDir private static Path results;
  private static ExperimentRun.Ended ended;
  private static RunCells cells;

  @BeforeAll
  static void run() throws IOException {
    for (ProxyProgram program : ProxyProgram.values()) {
      assumeThat(ProxyPrograms.find(program)).as("scripts/setup.sh --proxies").isPresent();
    }
    ended = Runs.run(results, YAML, "");
    cells = RunCells.of(ended.folder());
  }

  private static List<SummaryRow> of(Predicate<Cell> which) throws IOException {
    List<SummaryRow> of =
        Runs.summaries(ended).stream().filter(s -> which.test(cells.of(s.at()))).toList();
    assertThat(of).isNotEmpty();
    return of;
  }

  private static boolean proxied(Cell cell) {
    return cell.route() instanceof Route.Proxied;
  }

  private static boolean has(Cell cell, EventKind kind) {
    return cell.course().events().stream().anyMatch(e -> e.kind() == kind);
  }

  private static List<DistributionRow> pods(SummaryRow s) throws IOException {
    return ended.folder().rows(Tables.DISTRIBUTION).stream()
        .filter(d -> d.at().equals(s.at()))
        .toList();
  }

  /** Client, proxy, kernel and pods tell one story, on both legs. */
  @Test
  void nothingIsLostFromSightOrFails() throws IOException {
    assertThat(ended.failures()).isEmpty();
    assertThat(of(_ -> true))
        .allSatisfy(s -> {
          String cell = cells.of(s.at()).key();
          assertThat(s.crossCheck().outcome())
              .as("%s: %s", cell, ended.folder().rows(Tables.DISAGREEMENTS))
              .isEqualTo(Agreement.AGREE);
          assertThat(s.marks())
              .as(cell)
              .doesNotContain(Mark.STRAYS, Mark.DISAGREE, Mark.PROXY_COUNTS, Mark.NOT_ADDING_UP);
          // a server that just exits takes requests with it, which a proxy says of its own log too
          if (!has(cells.of(s.at()), EventKind.ROLLING_UPDATE)) {
            assertThat(s.requests().failedCount()).as(cell).isZero();
          }
          assertThat(s.crossCheck().kernel()).as(cell).isTrue();
          // what a slow pod had not answered when the run was over is its own
          if (proxied(cells.of(s.at()))
              && !has(cells.of(s.at()), EventKind.SLOW_POD)
              && !has(cells.of(s.at()), EventKind.ROLLING_UPDATE)) {
            assertThat(s.requests().unansweredCount()).as(cell).isZero();
          }
        });
  }

  /** Where all is answered and no pod ends nothing needs an explanation: all counts are equal. */
  @Test
  void proxiesCountWhatTheirLogsClientsAndPodsCount() throws IOException {
    List<ProxyCountRow> all =
        LegsRows.of(RunResults.read(ended.folder())).counts().stream()
            .filter(r -> proxied(cells.of(r.at())))
            .toList();
    assertThat(all).as("%s", all).noneMatch(ProxyCountRow::differs);
    assertThat(all.stream().map(ProxyCountRow::at).distinct())
        .containsExactlyInAnyOrderElementsOf(
            of(ProxiedRunTest::proxied).stream().map(SummaryRow::at).toList());
    assertThat(all.stream().map(ProxyCountRow::held)).contains(OtherCounter.values());
    for (ProxyCountRow r : all) {
      if (!has(cells.of(r.at()), EventKind.ROLLING_UPDATE)
          && !has(cells.of(r.at()), EventKind.SLOW_POD)
          && r.mostCount().isPresent()) {
        assertThat(r.counterCount()).as("%s", r).isEqualTo(r.mostCount().get());
        // a log tells connections apart by the client's end, which a later one may have again
        boolean apart =
            r.counter() != ProxyCounter.CONNECTIONS_TAKEN || r.held() != OtherCounter.LOG;
        assertThat(r.counterCount())
            .as("%s", r)
            .matches(n -> apart ? n == r.leastCount() : n >= r.leastCount());
      }
    }
  }

  /** Each request is balanced, however few connections there are. */
  @Test
  void requestsAreEven() throws IOException {
    for (SummaryRow s :
        of(c ->
            proxied(c)
                && c.course().events().isEmpty()
                && c.protocol() != Protocol.WEBSOCKET
                && c.protocol() != Protocol.GRPC_STREAM)) {
      double mean =
          pods(s).stream().mapToLong(DistributionRow::requestsCount).average().orElseThrow();
      assertThat(pods(s))
          .as(cells.of(s.at()).key())
          .hasSize(4)
          .allSatisfy(d -> assertThat(d.requestsCount() / mean).as(d.pod()).isBetween(0.6, 1.4));
    }
  }

  private static List<ProxiedRow> came(SummaryRow s) throws IOException {
    return ended
        .folder()
        .repetition(s.at().cellId(), s.at().repetition())
        .rows(Tables.PROXIED)
        .stream()
        .filter(r -> r.leg() == ProxyLeg.TO_PROXY)
        .toList();
  }

  /** The Service draws a proxy for each connection, so these are skewed themselves. */
  @Test
  void aServiceSharesConnectionsOutToProxies() throws IOException {
    for (SummaryRow s : of(c -> c.proxies() > 1)) {
      List<ProxiedRow> came = came(s);
      assertThat(came.stream().map(ProxiedRow::proxy).distinct())
          .as(cells.of(s.at()).key())
          .isSubsetOf("proxy-1", "proxy-2", "proxy-3")
          .hasSizeGreaterThan(1);
      assertThat(came).hasSize((int) s.connections().openedCount());
    }
  }

  /** Nobody else's connections come to it, and it takes CPU of its own. */
  @Test
  void aSidecarIsItsClientsOwn() throws IOException {
    for (SummaryRow s : of(Cell::sidecars)) {
      String cell = cells.of(s.at()).key();
      Map<String, String> addresses =
          ended.folder().rows(Tables.CONNECTIONS).stream()
              .filter(c -> c.at().equals(s.at()))
              .collect(
                  Collectors.toMap(
                      c -> "sidecar-of-" + c.client(), ConnectionRow::localAddress, (a, _) -> a));
      assertThat(addresses).as(cell).hasSize(2);
      assertThat(came(s))
          .as(cell)
          .isNotEmpty()
          .allMatch(r -> addresses.get(r.proxy()).equals(r.address()));
      assertThat(
              ended
                  .folder()
                  .repetition(s.at().cellId(), s.at().repetition())
                  .rows(Tables.PROCESSES)
                  .stream()
                  .filter(p -> p.role() == ProcessRole.PROXY)
                  .map(ProcessRow::process))
          .as(cell)
          .containsExactlyInAnyOrderElementsOf(addresses.keySet());
    }
  }

  /** Within a second of its arrival a new pod has its share; without a proxy it gets nothing. */
  @Test
  void newPodsHaveTheirShareWithinASecond() throws IOException {
    for (SummaryRow s : of(c -> has(c, EventKind.SCALE))) {
      EventRow joined =
          ended.folder().rows(Tables.EVENTS).stream()
              .filter(e -> e.at().equals(s.at()) && e.step() == EventStep.JOINED)
              .findFirst()
              .orElseThrow();
      Map<String, Long> later =
          ended
              .folder()
              .repetition(s.at().cellId(), s.at().repetition())
              .rows(Tables.PODS_OVER_TIME)
              .stream()
              .filter(r -> r.atMs() >= joined.doneMs() + 1000 && r.pod().isPresent())
              .filter(r -> r.answeredCount() > 0)
              .collect(
                  Collectors.groupingBy(
                      r -> r.pod().orElseThrow(),
                      Collectors.summingLong(PodsOverTimeRow::answeredCount)));
      Cell cell = cells.of(s.at());
      if (proxied(cell)) {
        double mean = later.values().stream().mapToLong(n -> n).average().orElseThrow();
        assertThat(later).as(cell.key()).hasSize(6);
        assertThat(later.values())
            .as(cell.key())
            .allSatisfy(n -> assertThat(n / mean).isBetween(0.6, 1.4));
      } else {
        assertThat(later.keySet()).as(cell.key()).doesNotContainAnyElementsOf(joined.pods());
      }
    }
  }

  /**
   * One of five answers 800 ms later, for others may be slow here too: who counts what is under way
   * keeps away from it.
   */
  @Test
  void aSlowPodIsNoticedByWhoBalancesRequests() throws IOException {
    for (SummaryRow s : of(c -> has(c, EventKind.SLOW_POD))) {
      List<DistributionRow> pods = pods(s);
      double all = pods.stream().mapToLong(DistributionRow::requestsCount).sum();
      // the first is the slow one
      double share = pods.getFirst().requestsCount() / all;
      if (proxied(cells.of(s.at()))) {
        assertThat(share).as(cells.of(s.at()).key()).isLessThan(0.12);
      } else {
        double connections = pods.getFirst().connectionsCount() / 20.0;
        assertThat(share)
            .as("without a proxy it has the share of its connections")
            .isBetween(0.1 * connections, connections + 0.05);
      }
    }
  }
}
