package dev.conntrail.echo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import dev.conntrail.load.Engine;
import dev.conntrail.load.LibraryEngine;
import dev.conntrail.load.LoadOutcome;
import dev.conntrail.load.RunSignals;
import dev.conntrail.load.StartSignal;
import dev.conntrail.load.client.ProtocolClients;
import dev.conntrail.load.loop.LoopEngine;
import dev.conntrail.record.CpuShortage;
import dev.conntrail.record.Death;
import dev.conntrail.record.LedgerRow;
import dev.conntrail.record.Metric;
import dev.conntrail.record.Recording;
import dev.conntrail.spec.CellId;
import dev.conntrail.spec.ClientKind;
import dev.conntrail.spec.EchoPod;
import dev.conntrail.spec.LoadModel;
import dev.conntrail.spec.LoadPlan;
import dev.conntrail.spec.Phases;
import dev.conntrail.spec.Pooling;
import dev.conntrail.spec.Protocol;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every protocol's client against every protocol's server, on ports of loopback. */
class EchoProtocolsTest {
  private static final int CONNECTIONS = 12;
  private static EchoServer server;

  @BeforeAll
  static void start() throws IOException {
    server = EchoPods.serve(3);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void forget() {
    server.ledgers().forEach(PodLedger::take);
  }

  private static LoadPlan plan(
      Protocol protocol, Pooling pooling, List<String> targets, int rate, long measureMs) {
    return new LoadPlan(
        new LoadPlan.Client("ct0a1b2c", new CellId("00000001"), 1, "client-1", "node-1", 0, 1),
        LoadPlan.Callers.plain(CONNECTIONS, targets, protocol, pooling),
        new LoadModel.Constant(rate),
        new Phases(
            Duration.ofMillis(100),
            Duration.ZERO,
            Duration.ofMillis(measureMs),
            Duration.ofMillis(20_000)));
  }

  private static List<String> targets(PodPort port) {
    return server.pods().stream().map(port::target).toList();
  }

  private static LoadOutcome run(LoadPlan plan) throws InterruptedException {
    Engine engine =
        switch (plan.by()) {
          case LIBRARY -> new LibraryEngine(c -> ProtocolClients.of(plan.callers(), c));
          case LOOP -> new LoopEngine();
        };
    return engine.run(plan, new RunSignals(new CountDownLatch(1), StartSignal.AT_ONCE));
  }

  private static Stream<Arguments> portsByClients() {
    return Stream.of(PodPort.values())
        .flatMap(p -> Stream.of(ClientKind.values()).map(c -> Arguments.of(p, c)));
  }

  @ParameterizedTest
  @MethodSource("portsByClients")
  void ledgerAndPodsCountTheSame(PodPort port, ClientKind client) throws InterruptedException {
    LoadPlan plan = plan(port.protocol(), Pooling.DEDICATED, targets(port), 300, 500);
    LoadOutcome outcome =
        run(
            new LoadPlan(
                plan.client(), plan.callers(), new LoadModel.Constant(300), plan.phases(), client));
    assertThat(outcome.requests().errors()).isEmpty();
    assertThat(outcome.requests().answered()).isEqualTo(150);
    Thread.sleep(50);
    Map<String, Long> counted =
        server.ledgers().stream()
            .flatMap(l ->
                l.take().stream()
                    .map(c -> l.pod().name() + " " + c.client().getPort() + " " + c.requests()))
            .collect(Collectors.groupingBy(s -> s, Collectors.counting()));
    Map<String, Long> ledger =
        outcome.ledger().stream()
            .map(e -> e.pod() + " " + e.local().getPort() + " " + e.requests())
            .collect(Collectors.groupingBy(s -> s, Collectors.counting()));
    assertThat(ledger).isEqualTo(counted);
    assertThat(outcome.ledger())
        .allSatisfy(e -> {
          assertThat(e.strays()).isZero();
          assertThat(e.node()).isEqualTo("node-1");
          assertThat(e.death()).isIn(Death.CLIENT, Death.PEER_FIN);
          assertThat(e.connectNs()).isPositive();
        });
    if (port.protocol().longLived()) {
      assertThat(outcome.ledger())
          .as("connections asked for are connections in the ledger")
          .hasSize(CONNECTIONS);
    } else {
      assertThat(outcome.ledger())
          .as("a connection for each request")
          .hasSize(180)
          .allSatisfy(e -> assertThat(e.requests()).isEqualTo(1));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PodPort.class,
      names = {"HTTP2", "GRPC", "GRPC_STREAM", "FRAMED_GRPC", "FRAMED_GRPC_STREAM"})
  void oneSharedClientIsOneConnection(PodPort port) throws InterruptedException {
    LoadOutcome outcome =
        run(plan(port.protocol(), Pooling.SHARED, targets(port).subList(0, 1), 300, 500));
    assertThat(outcome.requests().errors()).isEmpty();
    // Callers that come while the first connection is still being made may open another, which
    // OkHttp then lets go.
    assertThat(outcome.ledger().stream().filter(e -> e.measuredRequests() > 0).count())
        .isEqualTo(1);
  }

  /** Unless the machine is so busy that answers come late, and it needs more: then again. */
  @Test
  void oneSharedHttp1ClientOpensFewerConnectionsThanCallers() throws InterruptedException {
    long used = CONNECTIONS;
    for (int i = 0; i < 5 && used >= CONNECTIONS; i++) {
      LoadOutcome outcome =
          run(plan(Protocol.HTTP1, Pooling.SHARED, targets(PodPort.HTTP1).subList(0, 1), 100, 500));
      used = outcome.ledger().stream().filter(e -> e.measuredRequests() > 0).count();
    }
    assertThat(used).isBetween(1L, (long) CONNECTIONS - 1);
  }

  /**
   * Requests that wait for the pods say nothing of the client: as once seen, every stall made it
   * look short of CPU, and none without. On a busy machine runs may be short of it for a reason of
   * their own.
   */
  @Test
  void aStallOfThePodsIsNoShortageOfCpu() throws InterruptedException {
    for (int i = 0; i < 5; i++) {
      LoadOutcome outcome = stalled(300);
      assertThat(percentile99(outcome, Metric.SEND_LAG))
          .as("requests waited for their callers")
          .isGreaterThan(100_000_000);
      if (!isShort(outcome) || isShort(stalled(0))) {
        return;
      }
    }
    fail("five stalls of the pods make the client look short of CPU, which it is not without");
  }

  private static LoadOutcome stalled(long ms) throws InterruptedException {
    try (ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor()) {
      later.schedule(() -> server.stall(ms), 600, TimeUnit.MILLISECONDS);
      return run(plan(Protocol.HTTP1, Pooling.DEDICATED, targets(PodPort.HTTP1), 200, 1500));
    }
  }

  private static boolean isShort(LoadOutcome outcome) {
    return CpuShortage.is(
        percentile99(outcome, Metric.PACING_LAG), outcome.cpu(), outcome.times().measuredNs());
  }

  private static double percentile99(LoadOutcome outcome, Metric metric) {
    return Recording.sum(outcome.intervals()).get(metric).getValueAtPercentile(99);
  }

  /**
   * The same law as with a fake server, through real sockets: every pod stalls for 300 ms, and all
   * that was due shows it.
   */
  @Test
  void aStallOfThePodsShowsInResponseTimes() throws InterruptedException {
    Histogram response = Recording.sum(stalled(300).intervals()).get(Metric.RESPONSE);
    // 60 requests were due in the 300 ms, and waited evenly from 300 ms down to nothing
    assertThat(response.getMaxValue()).isGreaterThan(280_000_000);
    assertThat(response.getCountBetweenValues(100_000_000, Long.MAX_VALUE / 2))
        .isGreaterThanOrEqualTo(35);
    assertThat(response.getTotalCount()).isEqualTo(300);
  }

  @Test
  void aServerThatClosesIsSeenInTheLedger() throws Exception {
    EchoServer doomed =
        new EchoServer(
            List.of(new EchoPod("pod-1", "node-1", "127.0.0.1", 0, 0, "", Duration.ZERO)), 1);
    String target = "127.0.0.1:" + doomed.pods().getFirst().httpPort();
    try (ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor()) {
      later.submit(() -> {
        for (int i = 0; i < 1000 && doomed.open(List.of("pod-1")).get("pod-1") == 0; i++) {
          Thread.sleep(10);
        }
        Thread.sleep(300);
        doomed.close();
        return true;
      });
      LoadOutcome outcome =
          run(plan(Protocol.HTTP1, Pooling.DEDICATED, List.of(target), 200, 3000));
      assertThat(outcome.requests().errors()).isNotEmpty();
      assertThat(outcome.ledger())
          .extracting(LedgerRow::death)
          .containsAnyOf(Death.PEER_FIN, Death.RESET);
    }
  }

  @Test
  void aPortInUseIsNamed() {
    EchoPod taken =
        new EchoPod(
            "pod-9",
            "node-1",
            "127.0.0.1",
            server.pods().getFirst().grpcPort(),
            0,
            "",
            Duration.ZERO);
    assertThatThrownBy(() -> new EchoServer(List.of(taken), 1).close())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("pod pod-9 cannot listen on 127.0.0.1");
  }
}
