package dev.conntrail.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.conntrail.echo.EchoPods;
import dev.conntrail.echo.EchoServer;
import dev.conntrail.echo.PodLedger;
import dev.conntrail.load.Engine;
import dev.conntrail.load.LibraryEngine;
import dev.conntrail.load.LoadOutcome;
import dev.conntrail.load.RunSignals;
import dev.conntrail.load.StartSignal;
import dev.conntrail.load.client.ProtocolClients;
import dev.conntrail.load.loop.LoopEngine;
import dev.conntrail.proxy.ProxyCounts.OfPod;
import dev.conntrail.spec.CellId;
import dev.conntrail.spec.ClientKind;
import dev.conntrail.spec.LoadModel;
import dev.conntrail.spec.LoadPlan;
import dev.conntrail.spec.Phases;
import dev.conntrail.spec.Pooling;
import dev.conntrail.spec.Protocol;
import dev.conntrail.spec.ProxyPolicy;
import dev.conntrail.testbed.TestbedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real proxies between real clients and real pods, on ports of loopback. */
class ProxyTest {
  private static final int PODS = 4;
  private static final int CALLERS = 8;
  private static final int RATE = 200;
  private static final Duration LIMIT = Duration.ofSeconds(10);

  @TempDir private Path folder;
  private EchoServer echo;

  @BeforeEach
  void serve() throws IOException {
    echo = EchoPods.serve(PODS);
  }

  @AfterEach
  void stop() {
    echo.close();
  }

  /** Below those that Linux gives to clients: until the proxy listens, nobody is given it. */
  private static int freePort() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException _) {
        // another has it
      }
    }
  }

  private ProxyPlan plan(ProxyPolicy policy, Protocol protocol) {
    return new ProxyPlan(
        policy,
        "127.0.0.1",
        freePort(),
        protocol.multiplexes(),
        echo.pods().stream()
            .map(p ->
                new Backend(p.name(), "127.0.0.1", protocol.grpc() ? p.grpcPort() : p.httpPort()))
            .toList(),
        ProxyPlan.Limits.NONE,
        ProxyPlan.Limits.NONE,
        ProxyPlan.Options.NONE);
  }

  private static ProxyPlan limited(
      ProxyPlan plan, ProxyPlan.Limits limits, ProxyPlan.Options options) {
    return new ProxyPlan(
        plan.policy(),
        plan.address(),
        plan.port(),
        plan.http2(),
        plan.backends(),
        limits,
        ProxyPlan.Limits.NONE,
        options);
  }

  private Proxy start(ProxyPlan plan, int serving) throws IOException {
    assumeThat(ProxyPrograms.find(plan.policy().program()))
        .as("scripts/setup.sh --proxies gets it")
        .isPresent();
    return Proxy.start(plan, plan.backends().subList(0, serving), folder.resolve("proxy.log"));
  }

  private LoadOutcome load(ProxyPlan plan, Protocol protocol, long ms) throws InterruptedException {
    return load(plan, protocol, ClientKind.LIBRARY, ms);
  }

  private LoadOutcome load(ProxyPlan plan, Protocol protocol, ClientKind client, long ms)
      throws InterruptedException {
    LoadPlan load =
        new LoadPlan(
            new LoadPlan.Client("ct0a1b2c", new CellId("00000001"), 1, "client-1", "node-1", 0, 1),
            LoadPlan.Callers.plain(
                CALLERS, List.of("127.0.0.1:" + plan.port()), protocol, Pooling.DEDICATED),
            new LoadModel.Constant(RATE),
            new Phases(
                Duration.ofMillis(100),
                Duration.ZERO,
                Duration.ofMillis(ms),
                Duration.ofMillis(20_000)),
            client);
    Engine engine =
        switch (client) {
          case LIBRARY -> new LibraryEngine(c -> ProtocolClients.of(load.callers(), c));
          case LOOP -> new LoopEngine();
        };
    return engine.run(load, new RunSignals(new CountDownLatch(1), StartSignal.AT_ONCE));
  }

  /**
   * What the pods saw since they were asked last: connections, requests, clients' ends that sent
   * one. An end may serve several connections one after the other.
   */
  private Map<String, long[]> seen() {
    Map<String, long[]> seen = new TreeMap<>();
    for (PodLedger ledger : echo.ledgers()) {
      long[] counts = seen.computeIfAbsent(ledger.pod().name(), _ -> new long[3]);
      List<PodLedger.Connection> all = ledger.take();
      counts[0] += all.size();
      counts[1] += all.stream().mapToLong(PodLedger.Connection::requests).sum();
      counts[2] +=
          all.stream()
              .filter(c -> c.requests() > 0)
              .map(PodLedger.Connection::client)
              .distinct()
              .count();
    }
    return seen;
  }

  private static Map<String, Long> counted(List<Passed> passed, Function<Passed, String> by) {
    return passed.stream().collect(Collectors.groupingBy(by, Collectors.counting()));
  }

  static Stream<Arguments> throughEach() {
    return Stream.of(ProxyPolicy.HAPROXY_LEASTCONN, ProxyPolicy.ENVOY_LEAST_REQUEST)
        .flatMap(policy ->
            Arrays.stream(Protocol.values())
                .flatMap(
                    p -> Arrays.stream(ClientKind.values()).map(c -> Arguments.of(policy, p, c))));
  }

  /** Client, proxy and pods tell the same story, whatever the client is. */
  @ParameterizedTest
  @MethodSource("throughEach")
  void everyProtocolGoesThroughAndAllCountTheSame(
      ProxyPolicy policy, Protocol protocol, ClientKind client) throws Exception {
    ProxyPlan plan = plan(policy, protocol);
    try (Proxy proxy = start(plan, PODS)) {
      LoadOutcome outcome = load(plan, protocol, client, 500);
      assertThat(outcome.requests().errors()).isEmpty();
      long answered = outcome.ledger().stream().mapToLong(e -> e.requests()).sum();
      assertThat(answered).isGreaterThanOrEqualTo(RATE / 2);
      ProxyWitness witness = proxy.end(LIMIT);
      ProxyCounts counts = witness.counts();
      Map<String, long[]> seen = seen();
      assertThat(counts.connections()).as("client to proxy").isEqualTo(outcome.ledger().size());
      boolean streams = protocol == Protocol.WEBSOCKET || protocol == Protocol.GRPC_STREAM;
      for (OfPod pod : counts.pods()) {
        long[] counted = seen.get(pod.pod());
        assertThat(pod.connections()).as("proxy to %s", pod.pod()).isEqualTo(counted[0]);
        if (!streams) {
          assertThat(pod.requests()).as("requests to %s", pod.pod()).isEqualTo(counted[1]);
        }
      }
      assertThat(seen.values().stream().mapToLong(c -> c[1]).sum()).isEqualTo(answered);
      assertThat(counted(witness.passed(), p -> p.pod().orElse("none")))
          .as("its log and its counters")
          .isEqualTo(
              counts.pods().stream()
                  .filter(p -> p.requests() > 0)
                  .collect(Collectors.toMap(OfPod::pod, OfPod::requests)));
      assertThat(counted(witness.passed(), Passed::client).keySet())
          .as("connections of clients, in its log and in the ledger")
          .isEqualTo(
              outcome.ledger().stream()
                  .map(e -> "127.0.0.1:" + e.local().getPort())
                  .collect(Collectors.toSet()));
      assertThat(counted(witness.passed(), p -> p.pod().orElse("none") + " " + p.from()))
          .as("ends of connections to pods, but those opened and not used")
          .hasSize((int) seen.values().stream().mapToLong(c -> c[2]).sum());
      assertThat(counts.retries()).isZero();
      assertThat(counts.pods()).extracting(OfPod::refused).containsOnly(0L);
      assertThat(counts.requests())
          .isEqualTo(streams ? outcome.ledger().size() : answered)
          .isEqualTo(counts.pods().stream().mapToLong(OfPod::requests).sum());
    }
  }

  /** Each way of choosing does what its name says. */
  @ParameterizedTest
  @EnumSource(ProxyPolicy.class)
  void eachPolicyChooses(ProxyPolicy policy) throws Exception {
    ProxyPlan plan = plan(policy, Protocol.HTTP1);
    try (Proxy proxy = start(plan, PODS)) {
      load(plan, Protocol.HTTP1, 1000);
      List<Long> requests = proxy.counts().pods().stream().map(OfPod::requests).toList();
      long mean = requests.stream().mapToLong(r -> r).sum() / PODS;
      switch (policy) {
        case HAPROXY_ROUNDROBIN -> assertThat(requests).allMatch(r -> Math.abs(r - mean) <= 2);
        case ENVOY_ROUND_ROBIN ->
            // each worker for itself
            assertThat(requests).allMatch(r -> Math.abs(r - mean) <= 8);
        case ENVOY_RING_HASH, ENVOY_MAGLEV ->
            assertThat(requests).as("one client is one pod").containsOnlyOnce(4 * mean);
        case HAPROXY_RANDOM ->
            // it draws from a ring of 16 points a server, whose stretches differ
            assertThat(requests).allMatch(r -> r > 0 && r < 3 * mean);
        case HAPROXY_LEASTCONN, ENVOY_LEAST_REQUEST ->
            assertThat(requests).allMatch(r -> r > mean / 2 && r < 2 * mean);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = ProxyPolicy.class,
      names = {"HAPROXY_LEASTCONN", "HAPROXY_ROUNDROBIN", "ENVOY_LEAST_REQUEST"})
  void endpointsChangeWhileItRuns(ProxyPolicy policy) throws Exception {
    ProxyPlan plan = plan(policy, Protocol.HTTP2);
    try (Proxy proxy = start(plan, 2)) {
      load(plan, Protocol.HTTP2, 300);
      Map<String, long[]> before = seen();
      assertThat(before.get("pod-1")[1]).isPositive();
      assertThat(before.get("pod-3")[1] + before.get("pod-4")[1]).isZero();
      proxy.serve(plan.backends().subList(1, PODS));
      LoadOutcome outcome = load(plan, Protocol.HTTP2, 300);
      assertThat(outcome.requests().errors()).isEmpty();
      Map<String, long[]> after = seen();
      assertThat(after.get("pod-1")[1]).isZero();
      assertThat(after.get("pod-3")[1]).isPositive();
      assertThat(after.get("pod-4")[1]).isPositive();
      assertThat(proxy.counts().pods().getFirst().requests())
          .as("what a pod that left had is not forgotten")
          .isGreaterThanOrEqualTo(before.get("pod-1")[1]);
    }
  }

  /** On a cluster nobody knows beforehand which pods will come. */
  @ParameterizedTest
  @EnumSource(
      value = ProxyPolicy.class,
      names = {"HAPROXY_LEASTCONN", "HAPROXY_ROUNDROBIN", "HAPROXY_RANDOM", "ENVOY_LEAST_REQUEST"})
  void aPodThatWasNotKnownIsServedTooAndCounted(ProxyPolicy policy) throws Exception {
    ProxyPlan all = plan(policy, Protocol.HTTP2);
    ProxyPlan first = all.with(all.backends().subList(0, 2));
    try (Proxy proxy = start(first, 2)) {
      load(first, Protocol.HTTP2, 200);
      seen();
      proxy.serve(all.backends().subList(1, PODS));
      proxy.serve(all.backends().subList(1, PODS));
      LoadOutcome outcome = load(first, Protocol.HTTP2, 500);
      assertThat(outcome.requests().errors()).isEmpty();
      Map<String, long[]> after = seen();
      assertThat(after.get("pod-1")[1]).isZero();
      assertThat(after.get("pod-4")[1]).isPositive();
      ProxyWitness witness = proxy.end(LIMIT);
      assertThat(witness.counts().pods())
          .extracting(OfPod::pod)
          .containsExactly("pod-1", "pod-2", "pod-3", "pod-4");
      assertThat(witness.counts().pods().getLast().requests()).isEqualTo(after.get("pod-4")[1]);
      assertThat(counted(witness.passed(), p -> p.pod().orElse("none")).get("pod-4"))
          .isEqualTo(after.get("pod-4")[1]);
    }
  }

  /** Its first pod is gone: nobody listens there. */
  private static ProxyPlan withoutFirst(ProxyPlan plan, ProxyPlan.Options options) {
    List<Backend> pods = new ArrayList<>(plan.backends());
    pods.set(0, new Backend(pods.getFirst().pod(), "127.0.0.1", freePort()));
    return limited(plan.with(pods), ProxyPlan.Limits.NONE, options);
  }

  /** It tries a pod that is gone three times more, and says so of each. */
  @Test
  void haproxyCountsWhatItTriesAgain() throws Exception {
    ProxyPlan plan =
        withoutFirst(plan(ProxyPolicy.HAPROXY_ROUNDROBIN, Protocol.HTTP1), ProxyPlan.Options.NONE);
    try (Proxy proxy = start(plan, PODS)) {
      load(plan, Protocol.HTTP1, 200);
      ProxyWitness witness = proxy.end(LIMIT);
      long lost = witness.passed().stream().filter(p -> p.pod().isEmpty()).count();
      assertThat(lost).isPositive();
      assertThat(witness.counts().retries()).isEqualTo(3 * lost);
      assertThat(witness.counts().pods().getFirst().refused()).isEqualTo(4 * lost);
      assertThat(witness.counts().pods().getFirst().connections()).isEqualTo(4 * lost);
      assertThat(witness.counts().pods().subList(1, PODS))
          .extracting(OfPod::refused)
          .containsOnly(0L);
    }
  }

  /**
   * Five failures running, and a pod is left out; without that it has its share to the end. Workers
   * are told once a second of pods' health, and of endpoints, so that much of its share it gets.
   */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void envoyLeavesOutAPodThatFails(boolean ejected) throws Exception {
    ProxyPlan plan =
        withoutFirst(
            plan(ProxyPolicy.ENVOY_ROUND_ROBIN, Protocol.HTTP1),
            new ProxyPlan.Options(false, ejected));
    try (Proxy proxy = start(plan, PODS)) {
      load(plan, Protocol.HTTP1, 4000);
      ProxyCounts counts = proxy.counts();
      OfPod gone = counts.pods().getFirst();
      assertThat(gone.refused()).isEqualTo(gone.connections());
      double share = (double) gone.refused() / counts.requests();
      if (ejected) {
        assertThat(gone.refused()).isGreaterThanOrEqualTo(5);
        assertThat(share).isLessThan(0.5 / PODS);
      } else {
        assertThat(share).isBetween(0.9 / PODS, 1.1 / PODS);
      }
    }
  }

  /** Each worker thread has as many connections, or one more. */
  @Test
  void envoySharesConnectionsOutToItsWorkers() throws Exception {
    ProxyPlan plan =
        limited(
            plan(ProxyPolicy.ENVOY_ROUND_ROBIN, Protocol.HTTP1),
            ProxyPlan.Limits.NONE,
            new ProxyPlan.Options(true, false));
    try (Proxy proxy = start(plan, PODS)) {
      load(plan, Protocol.HTTP1, 200);
      List<Long> workers =
          AdminHttp.get(folder(proxy), "/stats?filter=^listener.*worker_.*downstream_cx_total$")
              .lines()
              .map(line -> Long.valueOf(line.substring(line.lastIndexOf(' ') + 1)))
              .toList();
      assertThat(workers).hasSize(Runtime.getRuntime().availableProcessors());
      assertThat(workers.stream().mapToLong(n -> n).sum()).isEqualTo(CALLERS);
      assertThat(Collections.max(workers) - Collections.min(workers)).isLessThanOrEqualTo(1);
    }
  }

  /** Connections end by a goodbye after so many requests, and clients lose nothing. */
  @Test
  void envoyEndsConnectionsAfterTheirRequests() throws Exception {
    ProxyPlan limited =
        limited(
            plan(ProxyPolicy.ENVOY_ROUND_ROBIN, Protocol.HTTP1),
            new ProxyPlan.Limits(5, Duration.ofSeconds(30), 0.2),
            new ProxyPlan.Options(true, true));
    try (Proxy proxy = start(limited, PODS)) {
      LoadOutcome outcome = load(limited, Protocol.HTTP1, 500);
      assertThat(outcome.requests().errors()).isEmpty();
      assertThat(outcome.ledger()).allMatch(e -> e.requests() <= 5);
      assertThat(proxy.counts().connections()).isEqualTo(outcome.ledger().size());
      assertThat(outcome.ledger()).hasSizeGreaterThan(CALLERS);
    }
  }

  /** A connection to a pod carries so many requests, and clients notice nothing. */
  @ParameterizedTest
  @EnumSource(
      value = Protocol.class,
      names = {"HTTP1", "HTTP2", "GRPC"})
  void envoyLimitsConnectionsToPods(Protocol protocol) throws Exception {
    ProxyPlan plan = plan(ProxyPolicy.ENVOY_MAGLEV, protocol);
    ProxyPlan limited =
        new ProxyPlan(
            plan.policy(),
            plan.address(),
            plan.port(),
            plan.http2(),
            plan.backends(),
            ProxyPlan.Limits.NONE,
            new ProxyPlan.Limits(5, Duration.ofSeconds(30), 0.2),
            ProxyPlan.Options.NONE);
    try (Proxy proxy = start(limited, PODS)) {
      LoadOutcome outcome = load(limited, protocol, 500);
      assertThat(outcome.requests().errors()).isEmpty();
      assertThat(outcome.ledger()).as("clients keep theirs").hasSize(CALLERS);
      List<PodLedger.Connection> toPods =
          echo.ledgers().stream().flatMap(l -> l.take().stream()).toList();
      assertThat(toPods).hasSizeGreaterThan(PODS).allMatch(c -> c.requests() <= 5);
      assertThat(proxy.counts().connections()).isEqualTo(CALLERS);
    }
  }

  /** Who counts what is under way keeps away from a slow pod; who takes turns does not notice. */
  @ParameterizedTest
  @EnumSource(
      value = ProxyPolicy.class,
      names = {"HAPROXY_LEASTCONN", "ENVOY_LEAST_REQUEST", "HAPROXY_ROUNDROBIN"})
  void aSlowPodIsNoticedRequestByRequest(ProxyPolicy policy) throws Exception {
    ProxyPlan plan = plan(policy, Protocol.HTTP2);
    try (Proxy proxy = start(plan, PODS)) {
      echo.slow(List.of("pod-1"), Duration.ofMillis(200), Duration.ZERO);
      load(plan, Protocol.HTTP2, 1000);
      List<Long> requests = proxy.counts().pods().stream().map(OfPod::requests).toList();
      double mean = requests.stream().mapToLong(r -> r).sum() / (double) PODS;
      if (policy == ProxyPolicy.HAPROXY_ROUNDROBIN) {
        assertThat(requests.getFirst()).isBetween((long) mean - 2, (long) mean + 2);
      } else {
        assertThat(requests.getFirst() / mean).isLessThan(0.5);
      }
    }
  }

  /** A WebSocket has its pod for life, whatever the proxy counts. */
  @Test
  void aSlowPodIsNotNoticedConnectionByConnection() throws Exception {
    ProxyPlan plan = plan(ProxyPolicy.ENVOY_LEAST_REQUEST, Protocol.WEBSOCKET);
    try (Proxy proxy = start(plan, PODS)) {
      echo.slow(List.of("pod-1"), Duration.ofMillis(10), Duration.ZERO);
      load(plan, Protocol.WEBSOCKET, 1000);
      Map<String, long[]> seen = seen();
      double all = seen.values().stream().mapToLong(c -> c[1]).sum();
      long[] slow = seen.get("pod-1");
      assertThat(slow[0]).isEqualTo(proxy.counts().pods().getFirst().connections());
      assertThat(slow[1] / all).isBetween(0.8 * slow[0] / CALLERS, 1.2 * slow[0] / CALLERS);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = ProxyPolicy.class,
      names = {"HAPROXY_LEASTCONN", "ENVOY_LEAST_REQUEST"})
  void itDrainsAndLeavesNothing(ProxyPolicy policy) throws Exception {
    ProxyPlan plan = plan(policy, Protocol.HTTP1);
    Proxy proxy = start(plan, PODS);
    Path folder = folder(proxy);
    assertThat(folder).isDirectory();
    load(plan, Protocol.HTTP1, 200);
    assertThat(proxy.end(LIMIT).drained()).isTrue();
    assertThat(ProcessHandle.of(proxy.pid())).isNotPresent();
    assertThat(folder).doesNotExist();
  }

  /** Its own, of which its command line names a file; other tests may have proxies meanwhile. */
  private static Path folder(Proxy proxy) throws IOException {
    return Stream.of(Files.readString(Path.of("/proc/" + proxy.pid() + "/cmdline")).split("\0", -1))
        .filter(word -> word.matches(".*/conntrail-(haproxy|envoy)-[0-9]+/.*"))
        .map(word -> Path.of(word).getParent())
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @EnumSource(
      value = ProxyPolicy.class,
      names = {"HAPROXY_LEASTCONN", "ENVOY_LEAST_REQUEST"})
  void oneThatCannotListenSaysWhy(ProxyPolicy policy) throws Exception {
    ProxyPlan plan = plan(policy, Protocol.HTTP1);
    try (ServerSocket taken = new ServerSocket(plan.port(), 1, InetAddress.getLoopbackAddress())) {
      assertThat(taken.isBound()).isTrue();
      assertThatThrownBy(() -> start(plan, PODS).close())
          .isInstanceOf(TestbedException.class)
          .hasMessageContaining(policy.program().word() + " ended with 1: ")
          .hasMessageContaining("ddress");
    }
  }

  @Test
  void haproxyHasNoLimits() throws Exception {
    ProxyPlan limited =
        limited(
            plan(ProxyPolicy.HAPROXY_LEASTCONN, Protocol.HTTP1),
            new ProxyPlan.Limits(5, Duration.ZERO, 0),
            ProxyPlan.Options.NONE);
    assertThatThrownBy(() -> start(limited, 1).close())
        .hasMessageContaining("haproxy: found limits of connections");
  }
}
