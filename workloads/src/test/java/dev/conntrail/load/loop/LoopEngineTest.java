package dev.conntrail.load.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.echo.EchoPods;
import dev.conntrail.echo.EchoServer;
import dev.conntrail.echo.PodLedger;
import dev.conntrail.load.LoadOutcome;
import dev.conntrail.load.RunSignals;
import dev.conntrail.load.Schedules;
import dev.conntrail.load.StartSignal;
import dev.conntrail.load.codec.OtherPort;
import dev.conntrail.load.schedule.FireTimes;
import dev.conntrail.record.CensoredTimes;
import dev.conntrail.record.Death;
import dev.conntrail.record.LedgerRow;
import dev.conntrail.record.Metric;
import dev.conntrail.record.Recording;
import dev.conntrail.record.Replies;
import dev.conntrail.spec.Arrivals;
import dev.conntrail.spec.Axes;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.CellId;
import dev.conntrail.spec.ClientKind;
import dev.conntrail.spec.Course;
import dev.conntrail.spec.Cure;
import dev.conntrail.spec.KeepAlive;
import dev.conntrail.spec.LoadModel;
import dev.conntrail.spec.LoadPlan;
import dev.conntrail.spec.Named;
import dev.conntrail.spec.Opening;
import dev.conntrail.spec.Phases;
import dev.conntrail.spec.PodEnding;
import dev.conntrail.spec.Pooling;
import dev.conntrail.spec.Protocol;
import dev.conntrail.spec.Retries;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The event loop against an echo: by counts, and by what the schedule must make of a stall. */
@Timeout(120)
class LoopEngineTest {
  private final ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor();
  private EchoServer server;
  private volatile boolean measuring;

  @BeforeEach
  void serve() throws IOException {
    server = EchoPods.serve(2);
  }

  @AfterEach
  void end() {
    later.shutdownNow();
    server.close();
  }

  private List<String> targets(Protocol protocol) {
    return server.pods().stream()
        .map(p -> "127.0.0.1:" + (protocol.grpc() ? p.grpcPort() : p.httpPort()))
        .toList();
  }

  private static Phases phases(long warmupMs, long idleMs, long measureMs, long drainMs) {
    return new Phases(
        Duration.ofMillis(warmupMs),
        Duration.ofMillis(idleMs),
        Duration.ofMillis(measureMs),
        Duration.ofMillis(drainMs));
  }

  private static LoadPlan plan(
      Protocol protocol, int callers, List<String> targets, int rate, Phases phases) {
    return plan(
        LoadPlan.Callers.plain(callers, targets, protocol, Pooling.DEDICATED), rate, phases);
  }

  private static LoadPlan plan(LoadPlan.Callers callers, int rate, Phases phases) {
    return new LoadPlan(
        new LoadPlan.Client("ct0a1b2c", new CellId("00000001"), 1, "client-1", "node-1", 0, 1),
        callers,
        rate == 0 ? new LoadModel.Closed() : new LoadModel.Constant(rate),
        phases,
        ClientKind.LOOP);
  }

  /** What watches sockets. */
  Net net() throws IOException {
    return Net.open();
  }

  private LoadOutcome run(LoadPlan plan) throws InterruptedException {
    return new LoopEngine(this::net)
        .run(plan, new RunSignals(new CountDownLatch(1), StartSignal.AT_ONCE));
  }

  private static Histogram sum(LoadOutcome outcome, Metric metric) {
    return Recording.sum(outcome.intervals()).get(metric);
  }

  private static long counted(LoadOutcome outcome) {
    return outcome.ledger().stream().mapToLong(LedgerRow::requests).sum();
  }

  private long servedRequests() {
    return server.ledgers().stream()
        .flatMap(l -> l.take().stream())
        .mapToLong(PodLedger.Connection::requests)
        .sum();
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void allIsAnsweredAndInTheLedger(Protocol protocol) throws InterruptedException {
    LoadOutcome outcome =
        run(plan(protocol, 6, targets(protocol), 200, phases(100, 0, 400, 20_000)));
    assertThat(outcome.requests().errors()).isEmpty();
    assertThat(outcome.requests().answered()).isEqualTo(80);
    assertThat(outcome.ledger()).hasSize(protocol.longLived() ? 6 : 100);
    assertThat(outcome.ledger()).extracting(LedgerRow::death).containsOnly(Death.CLIENT);
    assertThat(counted(outcome)).isEqualTo(protocol.longLived() ? 106 : 100);
  }

  /** Three clients with a slice of one schedule each. */
  @ParameterizedTest
  @CsvSource({"100, regular", "50..300, poisson", "100/400, regular"})
  void allClientsTogetherSendTheWholeSchedule(String rate, String arrivals)
      throws InterruptedException {
    Cell cell =
        Cell.of(new Course(phases(100, 50, 500, 20_000), List.of(), 1))
            .with(Axes.RATE, LoadModel.parse(rate))
            .with(Axes.ARRIVALS, Named.find(Arrivals.class, arrivals).orElseThrow())
            .with(Axes.CONNECTIONS, 7)
            .with(Axes.CLIENTS, 3);
    long due = 0;
    long answered = 0;
    long counted = 0;
    for (int client = 0; client < 3; client++) {
      LoadOutcome outcome =
          run(
              LoadPlan.of(
                  "ct0a1b2c",
                  cell.with(Axes.CLIENT, ClientKind.LOOP),
                  2,
                  "c",
                  "n",
                  client,
                  targets(Protocol.HTTP1)));
      due += outcome.requests().due();
      answered += outcome.requests().answered();
      counted += counted(outcome);
    }
    FireTimes whole =
        Schedules.whole((LoadModel.Open) cell.load(), cell.arrivals(), cell.course().phases(), 2);
    long warmup = before(whole, 100);
    long all = before(whole, 600);
    assertThat(due).isEqualTo(all - warmup).isPositive();
    assertThat(answered).isEqualTo(due);
    assertThat(counted).as("with each caller's first exchange").isEqualTo(all + 7);
  }

  private static long before(FireTimes times, long ms) {
    return LongStream.iterate(0, i -> times.dueNs(i) < ms * 1_000_000, i -> i + 1).count();
  }

  @Test
  void aStallShowsInFull() throws InterruptedException {
    later.schedule(() -> server.stall(300), 500, TimeUnit.MILLISECONDS);
    LoadOutcome outcome =
        run(plan(Protocol.HTTP2, 4, targets(Protocol.HTTP2), 200, phases(0, 0, 1500, 20_000)));
    Histogram response = sum(outcome, Metric.RESPONSE);
    assertThat(response.getTotalCount()).isEqualTo(300);
    // 60 requests were due in the 300 ms, and waited evenly from 300 ms down to nothing
    assertThat(response.getMaxValue()).isGreaterThan(280_000_000);
    assertThat(response.getCountBetweenValues(100_000_000, Long.MAX_VALUE / 2))
        .isGreaterThanOrEqualTo(35);
    assertThat(sum(outcome, Metric.SEND_LAG).getTotalCount()).isEqualTo(300);
    assertThat(sum(outcome, Metric.PACING_LAG).getTotalCount()).isLessThan(300);
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void everyRequestIsAnsweredOrCensoredWhenAPodIsKilled(Protocol protocol) throws Exception {
    later.schedule(() -> server.stop(List.of("pod-2"), PodEnding.EXIT), 700, TimeUnit.MILLISECONDS);
    LoadOutcome outcome = run(plan(protocol, 8, targets(protocol), 200, phases(0, 0, 1500, 1000)));
    CensoredTimes times = CensoredTimes.of(Recording.sum(outcome.intervals()));
    assertThat(outcome.requests().due()).isEqualTo(300);
    assertThat(times.count()).isEqualTo(300);
    assertThat(times.answeredCount()).isEqualTo(outcome.requests().answered()).isLessThan(300);
    assertThat(outcome.requests().errors()).isNotEmpty();
    assertThat(outcome.replies().pods().stream().map(Replies.Pod::name)).contains("pod-1");
    assertThat(outcome.ledger().stream().mapToLong(LedgerRow::measuredRequests).sum())
        .isEqualTo(outcome.requests().answered());
    if (protocol.longLived()) {
      assertThat(outcome.ledger())
          .filteredOn(e -> e.pod().equals("pod-2"))
          .hasSize(4)
          .extracting(LedgerRow::death)
          .containsAnyOf(Death.RESET, Death.PEER_FIN)
          .doesNotContain(Death.CLIENT, Death.OPEN);
    }
  }

  /** The pod asks its clients to leave, and takes nobody any more: no request is lost meanwhile. */
  @ParameterizedTest
  @EnumSource(
      value = Protocol.class,
      names = {"HTTP1", "HTTP2", "GRPC", "WEBSOCKET"})
  void aGoodbyeIsHeeded(Protocol protocol) throws Exception {
    List<String> targets = targets(protocol).subList(0, 1);
    later.schedule(
        () -> server.stop(List.of("pod-1"), PodEnding.GOODBYE), 500, TimeUnit.MILLISECONDS);
    LoadOutcome outcome = run(plan(protocol, 4, targets, 100, phases(0, 0, 1000, 500)));
    assertThat(outcome.ledger())
        .filteredOn(e -> e.requests() > 0)
        .hasSizeGreaterThanOrEqualTo(4) // a pod serves those that come before it stops listening
        .extracting(LedgerRow::death)
        .containsOnly(Death.GOODBYE);
    assertThat(outcome.requests().answered()).isBetween(1L, 99L);
    assertThat(servedRequests())
        .as("no request was lost that was served")
        .isEqualTo(counted(outcome));
  }

  @Test
  void aClosedLoopKeepsOneRequestOutstandingForEachCaller() throws InterruptedException {
    server.slow(List.of("pod-1", "pod-2"), Duration.ofMillis(10), Duration.ZERO);
    LoadOutcome outcome =
        run(plan(Protocol.HTTP1, 4, targets(Protocol.HTTP1), 0, phases(100, 300, 500, 20_000)));
    // at least 10 ms each: at most 10 and 50 of each caller, and the first exchange
    assertThat(outcome.requests().answered()).isBetween(4L, 204L);
    assertThat(outcome.requests().due()).isEqualTo(outcome.requests().answered());
    assertThat(outcome.requests().unfinished()).isZero();
    assertThat(outcome.ledger())
        .hasSize(4)
        .allSatisfy(e -> assertThat(e.requests()).isBetween(2L, 63L));
    assertThat(outcome.times().measureStartMs() - outcome.times().startMs()).isEqualTo(400);
  }

  @Test
  void connectionsThatOpenOneAfterTheOtherSendFromTheirBirth() throws InterruptedException {
    LoadOutcome outcome =
        run(
            plan(
                new LoadPlan.Callers(
                    10,
                    targets(Protocol.HTTP1),
                    Protocol.HTTP1,
                    Pooling.DEDICATED,
                    Opening.SPREAD,
                    Cure.NONE,
                    KeepAlive.TCP,
                    1,
                    0,
                    Retries.OFF),
                100,
                phases(200, 0, 1000, 20_000)));
    assertThat(outcome.ledger()).hasSize(10);
    for (int i = 0; i < 10; i++) {
      LedgerRow e = outcome.ledger().get(i);
      assertThat((e.bornNs() - outcome.times().agreedNs()) / 1_000_000)
          .isGreaterThanOrEqualTo(200 + 100L * i);
    }
    assertThat(outcome.ledger())
        .extracting(LedgerRow::measuredRequests)
        .containsExactlyInAnyOrder(10L, 9L, 8L, 7L, 6L, 5L, 4L, 3L, 2L, 1L);
    assertThat(outcome.requests().due()).isEqualTo(55);
    assertThat(outcome.requests().answered()).isEqualTo(55);
  }

  /** A pod that stands still answers no ping either, whatever is spoken. */
  @Test
  void aConnectionWithoutASignOfLifeIsGivenUp() throws Exception {
    later.schedule(
        () -> server.pause(List.of("pod-1"), Duration.ofSeconds(30)), 2500, TimeUnit.MILLISECONDS);
    Map<Protocol, Future<LoadOutcome>> outcomes = new EnumMap<>(Protocol.class);
    try (ExecutorService together = Executors.newCachedThreadPool()) {
      for (Protocol protocol : List.of(Protocol.HTTP2, Protocol.GRPC, Protocol.WEBSOCKET)) {
        LoadPlan.Callers callers =
            new LoadPlan.Callers(
                2,
                targets(protocol).subList(0, 1),
                protocol,
                Pooling.DEDICATED,
                Opening.AT_ONCE,
                Cure.NONE,
                KeepAlive.PING,
                1,
                0,
                Retries.OFF);
        outcomes.put(
            protocol, together.submit(() -> run(plan(callers, 1, phases(0, 1500, 6500, 100)))));
      }
    }
    for (Map.Entry<Protocol, Future<LoadOutcome>> outcome : outcomes.entrySet()) {
      assertThat(outcome.getValue().get().ledger())
          .as(outcome.getKey().word())
          .filteredOn(e -> e.requests() > 0)
          .hasSize(2)
          .extracting(LedgerRow::death)
          .containsOnly(Death.TIMED_OUT);
    }
  }

  /** The thread sleeps through the whole of the run: what was due is due, and is sent late. */
  @Test
  void aThreadThatIsLateLeavesNoRequestOut() throws InterruptedException {
    LoopEngine sleepy =
        new LoopEngine(() -> {
          Net net = net();
          return (Net)
              Proxy.newProxyInstance(
                  Net.class.getClassLoader(),
                  new Class<?>[] {Net.class},
                  (_, method, args) -> {
                    Object result = method.invoke(net, args);
                    if (method.getName().equals("await") && measuring) {
                      measuring = false;
                      Thread.sleep(900);
                    }
                    return result;
                  });
        });
    LoadOutcome outcome =
        sleepy.run(
            plan(Protocol.HTTP1, 1, targets(Protocol.HTTP1), 200, phases(0, 0, 500, 20_000)),
            new RunSignals(
                new CountDownLatch(1),
                () -> {
                  measuring = true;
                  return System.nanoTime();
                }));
    assertThat(outcome.requests().due()).isEqualTo(100);
    assertThat(outcome.requests().answered()).isEqualTo(100);
    assertThat(sum(outcome, Metric.RESPONSE).getMaxValue()).isGreaterThan(300_000_000);
  }

  @Test
  void itDrainsEarlyWhenTold() throws InterruptedException {
    CountDownLatch stop = new CountDownLatch(1);
    later.schedule(stop::countDown, 400, TimeUnit.MILLISECONDS);
    LoadOutcome outcome =
        new LoopEngine(this::net)
            .run(
                plan(Protocol.GRPC, 2, targets(Protocol.GRPC), 100, phases(0, 0, 60_000, 20_000)),
                new RunSignals(stop, StartSignal.AT_ONCE));
    assertThat(outcome.drainedEarly()).isTrue();
    assertThat(outcome.requests().due()).isLessThan(6000);
    assertThat(outcome.requests().unfinished()).isZero();
  }

  @Test
  void aConnectionThatCannotBeMadeIsNoRequest() throws InterruptedException {
    LoadOutcome outcome =
        run(plan(Protocol.HTTP1, 2, List.of("127.0.0.1:1"), 100, phases(0, 0, 200, 20_000)));
    assertThat(outcome.ledger()).isEmpty();
    assertThat(outcome.requests().due()).isEqualTo(20);
    assertThat(outcome.requests().answered()).isZero();
    assertThat(outcome.requests().errors())
        .as("two first connections, and one for each request")
        .containsExactly(
            Map.entry(
                "127.0.0.1:1: Connection refused; mend: start what is to listen there, or another --target",
                22L));
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP1", "SHORT_LIVED", "WEBSOCKET"})
  void thatItSpeaksHttp2AloneIsSaidWithTheMend(Protocol protocol) throws InterruptedException {
    // grpc-java's port speaks HTTP/2 alone
    LoadOutcome outcome =
        run(plan(protocol, 1, targets(Protocol.GRPC).subList(0, 1), 50, phases(0, 0, 200, 50)));
    assertThat(outcome.requests().answered()).isZero();
    assertThat(outcome.requests().errors()).containsOnlyKeys(OtherPort.http2().getMessage());
  }

  private interface Serves {
    void serve(Socket client) throws IOException;
  }

  /** A run at a server that does so with each connection. */
  private LoadOutcome runAt(Serves serves, int rate, Phases phases) throws Exception {
    try (ExecutorService together = Executors.newCachedThreadPool();
        ServerSocket serving = new ServerSocket(0, 64, InetAddress.getLoopbackAddress())) {
      together.submit(() -> {
        while (true) {
          Socket one = serving.accept();
          together.submit(() -> {
            try (one) {
              serves.serve(one);
            }
            return null;
          });
        }
      });
      return run(
          plan(Protocol.HTTP1, 1, List.of("127.0.0.1:" + serving.getLocalPort()), rate, phases));
    }
  }

  private static void reply(Socket client, String fields, String body) throws IOException {
    if (client.getInputStream().read(new byte[4096]) > 0) {
      String reply = "HTTP/1.1 200 OK\r\n" + fields + "\r\n\r\n" + body;
      client.getOutputStream().write(reply.getBytes(StandardCharsets.US_ASCII));
    }
  }

  @Test
  void ofAReplyThatIsCutItIsSaidHowMuchCame() throws Exception {
    LoadOutcome outcome =
        runAt(
            client -> reply(client, "Content-Length: 40", "pod-1 node-1"),
            100,
            phases(0, 0, 200, 20_000));
    assertThat(outcome.requests().answered()).isZero();
    assertThat(outcome.requests().errors())
        .containsOnlyKeys(
            "the peer closed the connection within a reply, after 12 of 40 bytes of its body");
  }

  /** It answers the exchange that brings a connection up, and nothing else. */
  @Test
  void whatTheWarmUpLeavesUnsentIsCounted() throws Exception {
    LoadOutcome outcome =
        runAt(
            client -> {
              reply(client, "Content-Length: 16", "pod-1 node-1 1 1");
              client.getInputStream().readAllBytes();
            },
            100,
            phases(500, 0, 100, 50));
    assertThat(outcome.requests().carried()).isBetween(1L, 49L);
    assertThat(outcome.requests().due()).isEqualTo(10);
  }

  /** More than is received at a time, and the end of the connection right behind it. */
  @Test
  void aLongReplyIsReadToItsEnd() throws Exception {
    String body = "pod-1 node-1 1 " + "0".repeat(500_000);
    LoadOutcome outcome =
        runAt(
            client -> reply(client, "Connection: close\r\nContent-Length: " + body.length(), body),
            20,
            phases(0, 0, 1000, 20_000));
    assertThat(outcome.requests().errors()).isEmpty();
    assertThat(outcome.requests().answered()).isEqualTo(20);
    assertThat(outcome.ledger()).hasSizeGreaterThanOrEqualTo(20);
    assertThat(outcome.ledger()).extracting(LedgerRow::death).doesNotContain(Death.OPEN);
  }

  /** Pings have to be answered, but nobody keeps answers without end for one who takes none. */
  @Test
  void aServerThatPingsAndReadsNothingIsGivenUp() throws Exception {
    try (ExecutorService together = Executors.newCachedThreadPool();
        ServerSocket pinging = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
      pinging.setReceiveBufferSize(8192);
      together.submit(() -> {
        while (true) {
          Socket one = pinging.accept();
          together.submit(() -> ping(one));
        }
      });
      LoadOutcome outcome =
          run(
              plan(
                  Protocol.HTTP2,
                  1,
                  List.of("127.0.0.1:" + pinging.getLocalPort()),
                  10,
                  phases(0, 0, 100, 20_000)));
      assertThat(outcome.requests().errors())
          .hasSize(1)
          .containsKey("the peer asks on and on, and reads nothing");
    }
  }

  private static Void ping(Socket client) throws IOException {
    try (client) {
      OutputStream out = client.getOutputStream();
      out.write(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0});
      byte[] pings = new byte[17 * 1000];
      for (int i = 0; i < pings.length; i += 17) {
        pings[i + 2] = 8;
        pings[i + 3] = 6;
      }
      while (true) {
        out.write(pings);
      }
    }
  }
}
