package dev.conntrail.echo;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.echo.v1.EchoMethods;
import dev.conntrail.echo.v1.EchoReply;
import dev.conntrail.echo.v1.EchoRequest;
import dev.conntrail.load.LibraryEngine;
import dev.conntrail.load.LoadOutcome;
import dev.conntrail.load.RunSignals;
import dev.conntrail.load.StartSignal;
import dev.conntrail.load.client.ProtocolClients;
import dev.conntrail.record.Metric;
import dev.conntrail.record.Recording;
import dev.conntrail.spec.CellId;
import dev.conntrail.spec.EchoPod;
import dev.conntrail.spec.LoadModel;
import dev.conntrail.spec.LoadPlan;
import dev.conntrail.spec.Phases;
import dev.conntrail.spec.Pooling;
import dev.conntrail.spec.Protocol;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pods that answer late: never too early, in order, and without holding up others. */
class EchoDelayTest {
  private static final Duration DELAY = Duration.ofMillis(40);
  private static final int REQUESTS = 20;
  private static final int SOCKET_LIMIT_MS = 20_000;
  private static final String GET = "GET / HTTP/1.1\r\nHost: echo\r\n\r\n";

  /** Two event loops, as what is to keep order may not rest on there being one. */
  private static EchoServer server;

  private static EchoPod slow;

  @BeforeAll
  static void start() throws IOException {
    server = new EchoServer(List.of(pod("pod-1", DELAY)), 2);
    slow = server.pods().getFirst();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static EchoPod pod(String name, Duration delay) {
    return new EchoPod(name, "node-1", "127.0.0.1", 0, 0, "", delay);
  }

  private static Socket connect(EchoPod pod) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), pod.httpPort());
    socket.setSoTimeout(SOCKET_LIMIT_MS);
    return socket;
  }

  private static void send(Socket socket, byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  private static void isLate(long sentNs) {
    assertThat(System.nanoTime() - sentNs).isGreaterThanOrEqualTo(DELAY.toNanos());
  }

  /** What a pod counts as it reads is what its answers end in. */
  private static List<String> inOrder() {
    return IntStream.rangeClosed(1, REQUESTS).mapToObj(Integer::toString).toList();
  }

  private static String request(String line) {
    return line.substring(line.lastIndexOf(' ') + 1);
  }

  @ParameterizedTest
  @EnumSource(PodPort.class)
  void noAnswerComesBeforeItsTime(PodPort port) throws InterruptedException {
    LoadPlan plan =
        new LoadPlan(
            new LoadPlan.Client("ct0a1b2c", new CellId("00000001"), 1, "client-1", "node-1", 0, 1),
            LoadPlan.Callers.plain(
                6, List.of(port.target(slow)), port.protocol(), Pooling.DEDICATED),
            new LoadModel.Constant(50),
            new Phases(
                Duration.ofMillis(100),
                Duration.ZERO,
                Duration.ofMillis(500),
                Duration.ofSeconds(10)));
    LoadOutcome outcome =
        new LibraryEngine(c -> ProtocolClients.of(plan.callers(), c))
            .run(plan, new RunSignals(new CountDownLatch(1), StartSignal.AT_ONCE));
    assertThat(outcome.requests().errors()).isEmpty();
    assertThat(outcome.requests().answered()).isEqualTo(25);
    Histogram service = Recording.sum(outcome.intervals()).get(Metric.SERVICE);
    assertThat(service.highestEquivalentValue(service.getMinValue()))
        .isGreaterThanOrEqualTo(DELAY.toNanos());
  }

  @Test
  void requestsInOnePacketAreAnsweredInOrder() throws IOException {
    try (Socket socket = connect(slow)) {
      long sentNs = System.nanoTime();
      send(socket, GET.repeat(REQUESTS).getBytes(US_ASCII));
      List<String> answers = new ArrayList<>();
      BufferedReader in =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
      while (answers.size() < REQUESTS) {
        int length = 0;
        for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
          if (line.startsWith("content-length: ")) {
            length = Integer.parseInt(line.substring(16));
          }
        }
        isLate(sentNs);
        char[] body = new char[length];
        assertThat(in.read(body)).isEqualTo(length);
        answers.add(request(new String(body)));
      }
      assertThat(answers).isEqualTo(inOrder());
    }
  }

  /** The frames themselves (RFC 9113), for clients hand each stream to a thread of its own. */
  @Test
  void streamsOfHttp2AreAnsweredInOrder() throws IOException {
    try (Socket socket = connect(slow)) {
      long sentNs = System.nanoTime();
      send(socket, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));
      send(socket, new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0});
      for (int i = 0; i < REQUESTS; i++) {
        // HEADERS with END_STREAM and END_HEADERS: GET, http, /
        byte stream = (byte) (2 * i + 1);
        send(
            socket,
            new byte[] {0, 0, 3, 1, 5, 0, 0, 0, stream, (byte) 0x82, (byte) 0x86, (byte) 0x84});
      }
      List<String> answers = new ArrayList<>();
      List<Integer> streams = new ArrayList<>();
      DataInputStream in = new DataInputStream(socket.getInputStream());
      while (answers.size() < REQUESTS) {
        int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        in.readUnsignedByte();
        int stream = in.readInt();
        byte[] payload = in.readNBytes(length);
        if (type == 0) {
          isLate(sentNs);
          streams.add(stream);
          answers.add(request(new String(payload, US_ASCII)));
        }
      }
      assertThat(answers).isEqualTo(inOrder());
      assertThat(streams).isSorted().doesNotHaveDuplicates();
    }
  }

  /** Collects answers as they arrive, on the connection's own event loop. */
  private record Arrived(BlockingQueue<String> lines) implements StreamObserver<EchoReply> {
    @Override
    public void onNext(EchoReply reply) {
      lines.add(request(reply.getLine()));
    }

    @Override
    public void onError(Throwable e) {
      lines.add(e.toString());
    }

    @Override
    public void onCompleted() {
      // the answer has come
    }

    List<String> await(long sentNs) throws InterruptedException {
      List<String> arrived = new ArrayList<>();
      for (int i = 0; i < REQUESTS; i++) {
        arrived.add(lines.poll(SOCKET_LIMIT_MS, TimeUnit.MILLISECONDS));
        isLate(sentNs);
      }
      return arrived;
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PodPort.class,
      names = {"GRPC", "GRPC_STREAM", "FRAMED_GRPC", "FRAMED_GRPC_STREAM"})
  void grpcIsAnsweredInOrder(PodPort port) throws InterruptedException {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", port.of(slow))
            .usePlaintext()
            .directExecutor()
            .build();
    try {
      Arrived arrived = new Arrived(new LinkedBlockingQueue<>());
      EchoRequest request = EchoRequest.getDefaultInstance();
      long sentNs = System.nanoTime();
      if (port.protocol() == Protocol.GRPC) {
        for (int i = 0; i < REQUESTS; i++) {
          ClientCalls.asyncUnaryCall(
              channel.newCall(EchoMethods.UNARY, CallOptions.DEFAULT), request, arrived);
        }
      } else {
        StreamObserver<EchoRequest> stream =
            ClientCalls.asyncBidiStreamingCall(
                channel.newCall(EchoMethods.STREAM, CallOptions.DEFAULT), arrived);
        for (int i = 0; i < REQUESTS; i++) {
          stream.onNext(request);
        }
        stream.onCompleted();
      }
      assertThat(arrived.await(sentNs)).isEqualTo(inOrder());
    } finally {
      channel.shutdownNow();
    }
  }

  /** Both are served by one event loop: what waits there does not hold it. */
  @Test
  void aPodThatWaitsHoldsUpNoOther() throws IOException {
    try (EchoServer both =
            new EchoServer(
                List.of(pod("pod-1", Duration.ofHours(1)), pod("pod-2", Duration.ZERO)), 1);
        Socket waiting = connect(both.pods().getFirst());
        Socket quick = connect(both.pods().getLast())) {
      send(waiting, GET.getBytes(US_ASCII));
      PodLedger ledger = both.ledgers().getFirst();
      List<PodLedger.Connection> seen = new ArrayList<>();
      while (seen.isEmpty() || seen.getFirst().requests() == 0) {
        seen.addAll(ledger.take());
        Thread.onSpinWait();
      }
      send(quick, GET.getBytes(US_ASCII));
      BufferedReader in =
          new BufferedReader(new InputStreamReader(quick.getInputStream(), US_ASCII));
      assertThat(in.readLine()).isEqualTo("HTTP/1.1 200 OK");
      assertThat(waiting.getInputStream().available()).isZero();
    }
  }
}
