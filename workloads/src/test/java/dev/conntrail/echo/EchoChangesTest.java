package dev.conntrail.echo;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.conntrail.load.client.Caller;
import dev.conntrail.load.client.Pick;
import dev.conntrail.load.client.PlainClients;
import dev.conntrail.load.client.ProtocolClient;
import dev.conntrail.load.client.ProtocolClients;
import dev.conntrail.record.Death;
import dev.conntrail.record.EchoLine;
import dev.conntrail.record.Ledger;
import dev.conntrail.record.LedgerEntry;
import dev.conntrail.spec.ClosedBy;
import dev.conntrail.spec.EchoPod;
import dev.conntrail.spec.LoadPlan;
import dev.conntrail.spec.PodEnding;
import dev.conntrail.spec.Pooling;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pods that change while they run, as the clients of each protocol see it. */
@Timeout(120)
class EchoChangesTest {
  private static final Duration LONG = Duration.ofHours(1);
  private static final long LIMIT_S = 30;
  private static final List<String> ONE = List.of("pod-1");

  private EchoServer server;

  @BeforeEach
  void serve() throws IOException {
    // one event loop: what is done to a pod may not rest on its having one of its own
    server = new EchoServer(List.of(pod("pod-1"), pod("pod-2")), 1);
  }

  @AfterEach
  void end() {
    server.close();
  }

  private static EchoPod pod(String name) {
    return new EchoPod(name, "node-1", "127.0.0.1", 0, 0, "", Duration.ZERO);
  }

  /** The load's own client of a protocol, with one caller. */
  private static final class Client implements AutoCloseable {
    private final Ledger ledger = new Ledger();
    private final ProtocolClient client;
    private final Caller caller;

    Client(EchoPod pod, PodPort port) {
      String address = port.target(pod);
      client =
          ProtocolClients.of(
              LoadPlan.Callers.plain(1, List.of(address), port.protocol(), Pooling.DEDICATED),
              PlainClients.connections(address, ledger));
      caller =
          client.caller(
              Pick.only(new InetSocketAddress(InetAddress.getLoopbackAddress(), port.of(pod))));
    }

    static Client connected(EchoPod pod, PodPort port) throws Exception {
      Client client = new Client(pod, port);
      client.caller.connect(_ -> {});
      client.line(); // also those that connect without a request have done so now
      return client;
    }

    CompletableFuture<String> send() {
      return PlainClients.send(caller);
    }

    EchoLine line() throws Exception {
      return EchoLine.parse(send().get(LIMIT_S, TimeUnit.SECONDS));
    }

    LedgerEntry connection() {
      return ledger.entries().getFirst();
    }

    @Override
    public void close() {
      caller.close();
      client.close();
    }
  }

  private static void await(String what, BooleanSupplier there) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_S);
    while (!there.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(end);
      Thread.sleep(1);
    }
  }

  private EchoPod one() {
    return server.pods().getFirst();
  }

  private int open() {
    return server.open(ONE).get("pod-1");
  }

  private Socket raw(int port) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(LIMIT_S));
    return socket;
  }

  private void nobodyListens() {
    for (int port : List.of(one().httpPort(), one().grpcPort())) {
      assertThatThrownBy(() -> raw(port).close()).isInstanceOf(ConnectException.class);
    }
  }

  /** Every connection that was opened was closed by somebody, or is open. */
  private List<ClosedBy> closedBy() {
    return server.ledgers().getFirst().take().stream().map(PodLedger.Connection::closedBy).toList();
  }

  @ParameterizedTest
  @EnumSource(value = PodPort.class, mode = EnumSource.Mode.EXCLUDE, names = "SHORT_LIVED")
  void aPausedPodStallsAloneAndGoesOn(PodPort port) throws Exception {
    try (Client stalled = Client.connected(one(), port);
        Client quick = Client.connected(server.pods().getLast(), port)) {
      server.pause(ONE, LONG);
      CompletableFuture<String> waiting = stalled.send();
      long before = requests();
      try (Socket socket = raw(port.of(one()))) {
        // the kernel completes handshakes, the pod accepts none
        assertThat(socket.isConnected()).isTrue();
        for (int i = 0; i < 100; i++) {
          assertThat(quick.line().pod()).isEqualTo("pod-2");
        }
        assertThat(waiting).isNotDone();
        assertThat(requests()).as("read while it was paused").isEqualTo(before);
        assertThat(open()).isEqualTo(1);
        server.start(ONE);
        assertThat(EchoLine.parse(waiting.get(LIMIT_S, TimeUnit.SECONDS)).connection())
            .isEqualTo(1);
        await("the connection that waited is accepted", () -> open() == 2);
      }
      assertThat(stalled.ledger.entries()).hasSize(1);
    }
  }

  /** Requests of the pod's first connection; it stays in the ledger for the test's other calls. */
  private long requests() {
    if (first == null) {
      first = server.ledgers().getFirst().take().getFirst();
    }
    return first.requests();
  }

  private PodLedger.Connection first;

  /** And what its client has given up by then, which a first write meets with an error. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatWaitsInTheKernelIsCountedToo(boolean reset) throws Exception {
    EchoPod pod = server.pods().getFirst();
    server.stall(500);
    for (int port : List.of(pod.httpPort(), pod.grpcPort())) {
      try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
        if (reset) {
          client.setSoLinger(true, 0);
        }
      }
    }
    assertThat(server.ledgers().getFirst().take()).hasSize(2);
  }

  @Test
  void aPauseEndsByItself() throws Exception {
    try (Client client = Client.connected(one(), PodPort.HTTP1)) {
      long beganNs = System.nanoTime();
      server.pause(ONE, Duration.ofMillis(300));
      client.line();
      assertThat(System.nanoTime() - beganNs).isGreaterThanOrEqualTo(300_000_000);
    }
  }

  /** An answer that was on its way when the pod stalled goes out afterwards. */
  @ParameterizedTest
  @EnumSource(value = PodPort.class, mode = EnumSource.Mode.EXCLUDE, names = "SHORT_LIVED")
  void aPausedPodWritesNothing(PodPort port) throws Exception {
    try (Client client = Client.connected(one(), port);
        Client quick = Client.connected(server.pods().getLast(), port)) {
      long before = requests();
      server.slow(List.of("pod-1", "pod-2"), Duration.ofMillis(100), Duration.ZERO);
      CompletableFuture<String> late = client.send();
      await("it is read", () -> requests() > before);
      server.pause(ONE, LONG);
      quick.line();
      quick.line();
      assertThat(late).isNotDone();
      server.start(ONE);
      assertThat(EchoLine.parse(late.get(LIMIT_S, TimeUnit.SECONDS)).pod()).isEqualTo("pod-1");
    }
  }

  @ParameterizedTest
  @EnumSource(value = PodPort.class, mode = EnumSource.Mode.EXCLUDE, names = "SHORT_LIVED")
  void aSlowPodIsSlowUntilItIsNot(PodPort port) throws Exception {
    try (Client client = Client.connected(one(), port)) {
      server.slow(ONE, Duration.ofMillis(80), Duration.ZERO);
      long sentNs = System.nanoTime();
      client.line();
      assertThat(System.nanoTime() - sentNs).isGreaterThanOrEqualTo(80_000_000);
      server.slow(ONE, LONG, Duration.ZERO);
      server.slow(ONE, Duration.ZERO, Duration.ZERO);
      client.line();
      server.slow(ONE, LONG, Duration.ZERO);
      server.start(ONE);
      client.line();
    }
  }

  @Test
  void anAnswerNeverOvertakesAnother() throws Exception {
    try (Socket socket = raw(one().httpPort())) {
      byte[] ten = "GET / HTTP/1.1\r\nHost: echo\r\n\r\n".repeat(10).getBytes(US_ASCII);
      server.slow(ONE, Duration.ofMillis(300), Duration.ZERO);
      socket.getOutputStream().write(ten);
      await("they are read", () -> open() == 1 && requests() == 10);
      server.slow(ONE, Duration.ZERO, Duration.ZERO);
      socket.getOutputStream().write(ten);
      BufferedReader in =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
      List<Long> answers = new ArrayList<>();
      while (answers.size() < 20) {
        int length = 0;
        for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
          if (line.startsWith("content-length: ")) {
            length = Integer.parseInt(line.substring(16));
          }
        }
        char[] body = new char[length];
        assertThat(in.read(body)).isEqualTo(length);
        answers.add(EchoLine.parse(new String(body)).request());
      }
      assertThat(answers).isEqualTo(IntStream.rangeClosed(1, 20).mapToObj(Long::valueOf).toList());
    }
  }

  @ParameterizedTest
  @EnumSource(value = PodPort.class, mode = EnumSource.Mode.EXCLUDE, names = "SHORT_LIVED")
  void aKilledPodClosesEverythingAndComesBackAnew(PodPort port) throws Exception {
    try (Client client = Client.connected(one(), port)) {
      server.stop(ONE, PodEnding.EXIT);
      assertThat(open()).isZero();
      if (port == PodPort.HTTP1) {
        client.send(); // nobody reads an idle connection of OkHttp
      }
      await("its end", () -> client.connection().death() != Death.OPEN);
      if (port != PodPort.HTTP1) {
        assertThat(client.connection().death()).as("all was read").isEqualTo(Death.PEER_FIN);
      }
      nobodyListens();
      assertThatThrownBy(() -> new Client(one(), port).caller.connect(_ -> {}))
          .satisfies(e -> assertThat(e.toString() + e.getCause()).containsIgnoringCase("connect"));
      EchoPod before = one();
      server.slow(ONE, LONG, Duration.ZERO);
      server.start(ONE);
      assertThat(one()).isEqualTo(before);
      try (Client again = Client.connected(one(), port)) {
        assertThat(again.line().connection()).as("its number goes on").isEqualTo(2);
        assertThat(closedBy()).containsExactly(ClosedBy.EXIT, ClosedBy.OPEN);
      }
    }
  }

  /** Whether a connection of a listening port has data that was not read (proc(5), net/tcp). */
  private static boolean hasUnread(int port) {
    return Stream.of("tcp", "tcp6")
        .flatMap(table -> lines(Path.of("/proc/self/net", table)).stream())
        .anyMatch(line ->
            line.matches("\\s*\\d+: \\w+:%04X \\S+ 01 \\w+:(?!0{8})\\w+ .*".formatted(port)));
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException _) {
      return List.of(); // without IPv6
    }
  }

  /** As Linux does it: data that nobody will read is answered with a reset, without a FIN. */
  @ParameterizedTest
  @EnumSource(value = PodPort.class, mode = EnumSource.Mode.EXCLUDE, names = "SHORT_LIVED")
  void aPodKilledWithUnreadDataResets(PodPort port) throws Exception {
    try (Client client = Client.connected(one(), port)) {
      server.pause(ONE, LONG);
      CompletableFuture<String> unread = client.send();
      await("it is in the pod's socket", () -> hasUnread(port.of(one())));
      server.stop(ONE, PodEnding.EXIT);
      assertThatThrownBy(() -> unread.get(LIMIT_S, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class);
      await("its end", () -> client.connection().death() != Death.OPEN);
      assertThat(client.connection().death()).isEqualTo(Death.RESET);
      assertThat(closedBy()).containsExactly(ClosedBy.EXIT);
    }
  }

  @ParameterizedTest
  @EnumSource(value = PodPort.class, mode = EnumSource.Mode.EXCLUDE, names = "SHORT_LIVED")
  void aDrainingPodServesWhatIsOpen(PodPort port) throws Exception {
    Client client = Client.connected(one(), port);
    server.stop(ONE, PodEnding.DRAIN);
    nobodyListens();
    for (int i = 0; i < 3; i++) {
      assertThat(client.line().connection()).isEqualTo(1);
    }
    assertThat(open()).isEqualTo(1);
    assertThatThrownBy(() -> server.stop(ONE, PodEnding.GOODBYE))
        .hasMessage("pod pod-1: found goodbye, but it has stopped; allowed: exit");
    client.close();
    await("it is left", () -> open() == 0);
    assertThat(closedBy()).containsExactly(ClosedBy.CLIENT);
  }

  /** A request in flight is answered; the next goes elsewhere, for the connection ends. */
  @ParameterizedTest
  @EnumSource(
      value = PodPort.class,
      names = {"HTTP1", "HTTP2", "GRPC", "FRAMED_GRPC"})
  void aPodThatSaysGoodbyeLosesNoRequest(PodPort port) throws Exception {
    try (Client client = Client.connected(one(), port)) {
      long before = requests();
      server.slow(ONE, Duration.ofMillis(200), Duration.ZERO);
      CompletableFuture<String> inFlight = client.send();
      await("it is read", () -> requests() > before);
      server.stop(ONE, PodEnding.GOODBYE);
      nobodyListens();
      assertThat(EchoLine.parse(inFlight.get(LIMIT_S, TimeUnit.SECONDS)).connection()).isEqualTo(1);
      if (port == PodPort.HTTP1) {
        assertThat(open()).as("idle, until its next answer says close").isEqualTo(1);
        client.line();
      }
      await("it is left", () -> open() == 0);
      await("it ends", () -> client.connection().death() != Death.OPEN);
      assertThat(first.closedBy()).isEqualTo(ClosedBy.GOODBYE);
    }
  }

  @Test
  void theNextAnswerOfHttp1SaysClose() throws Exception {
    try (Socket socket = raw(one().httpPort())) {
      BufferedReader in =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
      await("it is accepted", () -> open() == 1);
      server.stop(ONE, PodEnding.GOODBYE);
      socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: echo\r\n\r\n".getBytes(US_ASCII));
      assertThat(in.lines().toList())
          .startsWith("HTTP/1.1 200 OK")
          .contains("connection: close")
          .endsWith("pod-1 node-1 1 1");
    }
    assertThat(closedBy()).containsExactly(ClosedBy.GOODBYE);
  }

  @Test
  void aWebSocketIsClosedAsGoingAway() throws Exception {
    try (Client client = Client.connected(one(), PodPort.WEBSOCKET)) {
      server.slow(ONE, Duration.ofMillis(200), Duration.ZERO);
      long before = requests();
      CompletableFuture<String> inFlight = client.send();
      await("it is read", () -> requests() > before);
      server.stop(ONE, PodEnding.GOODBYE);
      assertThat(EchoLine.parse(inFlight.get(LIMIT_S, TimeUnit.SECONDS)).pod()).isEqualTo("pod-1");
      await("it is left", () -> open() == 0);
      assertThat(first.closedBy()).isEqualTo(ClosedBy.GOODBYE);
      nobodyListens();
    }
    try (Socket socket = upgraded()) {
      server.stop(List.of("pod-2"), PodEnding.GOODBYE);
      // a close frame (RFC 6455, 5.5.1) with the code 1001
      assertThat(socket.getInputStream().readNBytes(4))
          .startsWith(new byte[] {(byte) 0x88})
          .endsWith(new byte[] {1001 >> 8, (byte) 1001});
    }
  }

  /** A WebSocket of the other pod, after its handshake. */
  private Socket upgraded() throws IOException {
    Socket socket = raw(server.pods().getLast().httpPort());
    socket
        .getOutputStream()
        .write(
            """
            GET /ws HTTP/1.1
            Host: echo
            Upgrade: websocket
            Connection: Upgrade
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
            Sec-WebSocket-Version: 13

            """
                .replace("\n", "\r\n")
                .getBytes(US_ASCII));
    StringBuilder head = new StringBuilder();
    while (!head.toString().endsWith("\r\n\r\n")) {
      head.append((char) socket.getInputStream().read());
    }
    assertThat(head).startsWith("HTTP/1.1 101");
    return socket;
  }

  /** It is told by GOAWAY, and may go on with its stream: only the end of the process ends it. */
  @ParameterizedTest
  @EnumSource(
      value = PodPort.class,
      names = {"GRPC_STREAM", "FRAMED_GRPC_STREAM"})
  void aGrpcStreamOutlivesTheGoodbye(PodPort port) throws Exception {
    try (Client client = Client.connected(one(), port)) {
      server.stop(ONE, PodEnding.GOODBYE);
      nobodyListens();
      assertThat(client.line().connection()).isEqualTo(1);
      assertThat(open()).isEqualTo(1);
      server.stop(ONE, PodEnding.EXIT);
      assertThat(open()).isZero();
      assertThat(closedBy()).containsExactly(ClosedBy.EXIT);
    }
  }

  @Test
  void whatAProcessBeforeItLeftOpenEndsWhenAPodStarts() throws Exception {
    try (Client client = Client.connected(one(), PodPort.WEBSOCKET)) {
      server.stop(ONE, PodEnding.DRAIN);
      server.start(ONE);
      await("its end", () -> client.connection().death() != Death.OPEN);
      assertThat(closedBy()).containsExactly(ClosedBy.EXIT);
      Client.connected(one(), PodPort.HTTP1).close();
    }
  }

  @Test
  void aPodThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> server.slow(List.of("pod-1", "pod-9"), LONG, Duration.ZERO))
        .hasMessage("found the pod pod-9; allowed: pod-1, pod-2");
  }
}
