package dev.conntrail.load.loop;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.conntrail.load.GrpcBytes;
import dev.conntrail.load.LoadOutcome;
import dev.conntrail.load.RunSignals;
import dev.conntrail.load.StartSignal;
import dev.conntrail.record.LedgerRow;
import dev.conntrail.spec.CellId;
import dev.conntrail.spec.ClientKind;
import dev.conntrail.spec.Exchange;
import dev.conntrail.spec.Exchange.Teller;
import dev.conntrail.spec.LoadModel;
import dev.conntrail.spec.LoadPlan;
import dev.conntrail.spec.Phases;
import dev.conntrail.spec.Pooling;
import dev.conntrail.spec.Protocol;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.java_websocket.WebSocket;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.server.WebSocketServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The event loop against servers that are no echo of Conntrail: other people's code. */
@Timeout(120)
class AnyServerTest {
  private static final String TEXT = "a question";

  /** Settings of HTTP/2: how many streams may be open, but for the number. */
  private static final String STREAMS = "000006" + "04" + "00" + "00000000" + "0003";

  /** The first stream was the last. */
  private static final String GOAWAY = "000008" + "07" + "00" + "00000000" + "0000000100000000";

  private static final Metadata.Key<String> SERVED_BY =
      Metadata.Key.of("x-served-by", Metadata.ASCII_STRING_MARSHALLER);

  private final Set<String> asked = new ConcurrentSkipListSet<>();
  private final AtomicLong requests = new AtomicLong();
  private Runnable end = () -> {};

  @AfterEach
  void end() {
    end.run();
  }

  private String http() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::serve);
    server.start();
    end = () -> server.stop(0);
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  /** Every fifth request is refused with 503. */
  private void serve(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    asked.add(
        exchange.getRequestMethod()
            + " "
            + exchange.getRequestURI()
            + " host="
            + exchange.getRequestHeaders().getFirst("Host")
            + " x-user="
            + exchange.getRequestHeaders().getFirst("X-User")
            + " body="
            + body);
    boolean refused = requests.incrementAndGet() % 5 == 0;
    exchange.getResponseHeaders().set("X-Served-By", "server-7");
    byte[] reply = "{\"pod\": \"web-3\", \"n\": 1}".getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(refused ? 503 : 201, reply.length);
    exchange.getResponseBody().write(reply);
    exchange.close();
  }

  private static Exchange exchange(Teller teller, String tells, Integer... statuses) {
    return new Exchange(
        "POST",
        "/api/items?all=1",
        List.of(new Exchange.Field("X-User", "me"), new Exchange.Field("Host", "shop.example")),
        Base64.getEncoder().encodeToString(TEXT.getBytes(StandardCharsets.UTF_8)),
        teller,
        tells,
        Set.of(statuses));
  }

  private static LoadPlan plan(Protocol protocol, int callers, int rate, String target) {
    return new LoadPlan(
        new LoadPlan.Client("ct0a1b2c", new CellId("00000001"), 1, "c", "n", 0, 1),
        LoadPlan.Callers.plain(callers, List.of(target), protocol, Pooling.DEDICATED),
        new LoadModel.Constant(rate),
        new Phases(Duration.ZERO, Duration.ZERO, Duration.ofMillis(500), Duration.ofSeconds(20)),
        ClientKind.LOOP);
  }

  private static LoadOutcome run(LoadPlan plan, Exchange exchange) throws InterruptedException {
    return new LoopEngine()
        .run(plan.with(exchange), new RunSignals(new CountDownLatch(1), StartSignal.AT_ONCE));
  }

  private static LoadOutcome run(Protocol protocol, String target, Exchange exchange)
      throws InterruptedException {
    return run(plan(protocol, 4, 100, target), exchange);
  }

  private static void allAnswered(LoadOutcome outcome, String pod) {
    assertThat(outcome.requests().errors()).isEmpty();
    assertThat(outcome.requests().answered()).isEqualTo(50);
    assertThat(outcome.ledger()).hasSize(4).extracting(LedgerRow::pod).containsOnly(pod);
    // each connection has a first exchange that is no request of the plan
    assertThat(outcome.ledger().stream().mapToLong(LedgerRow::requests).sum()).isEqualTo(54);
  }

  @Test
  void aFieldOfTheHeadNamesWhoAnswered() throws Exception {
    allAnswered(
        run(Protocol.HTTP1, http(), exchange(Teller.FIELD, "x-served-by", 201, 503)), "server-7");
  }

  @Test
  void aPatternFindsInTheBodyWhoAnswered() throws Exception {
    allAnswered(
        run(Protocol.HTTP1, http(), exchange(Teller.PATTERN, "\"pod\": \"([^\"]+)\"", 201, 503)),
        "web-3");
  }

  @Test
  void nobodyNeedSayWhoAnswered() throws Exception {
    allAnswered(run(Protocol.HTTP1, http(), exchange(Teller.NOTHING, "", 201, 503)), "");
  }

  @Test
  void aStatusThatIsNotExpectedIsAFailure() throws Exception {
    LoadOutcome outcome = run(Protocol.HTTP1, http(), exchange(Teller.NOTHING, ""));
    assertThat(requests).hasValue(54);
    assertThat(outcome.requests().errors())
        .hasSize(1)
        .allSatisfy((kind, n) -> {
          assertThat(kind).contains("HTTP status 503");
          assertThat(n).isEqualTo(10);
        });
    assertThat(outcome.requests().answered()).isBetween(40L, 44L);
    assertThat(outcome.requests().statuses()).isEqualTo(Map.of(2, 44L, 5, 10L));
  }

  @Test
  void aReplyThatDoesNotSayWhoSentItIsNamed() throws Exception {
    LoadOutcome outcome = run(Protocol.HTTP1, http(), exchange(Teller.FIELD, "x-pod", 201, 503));
    assertThat(outcome.requests().answered()).isZero();
    assertThat(outcome.requests().errors().keySet())
        .allSatisfy(kind ->
            assertThat(kind)
                .contains(
                    "does not say which pod sent it: no field x-pod; mend: --pod-header as all replies have it, or --no-pods"));
  }

  /** The same as OkHttp, as the server has it. */
  @Test
  void aServerIsAskedTheSameAsByOkHttp() throws Exception {
    String target = http();
    run(Protocol.HTTP1, target, exchange(Teller.NOTHING, "", 201, 503));
    assertThat(asked).hasSize(1);
    Request request =
        new Request.Builder()
            .url("http://" + target + "/api/items?all=1")
            .header("X-User", "me")
            .header("Host", "shop.example")
            .post(RequestBody.create(TEXT, MediaType.get("text/plain")))
            .build();
    try (Response response = new OkHttpClient().newCall(request).execute()) {
      assertThat(response.code()).isIn(201, 503);
    }
    assertThat(asked).hasSize(1);
    run(Protocol.SHORT_LIVED, target, exchange(Teller.NOTHING, "", 201, 503));
    assertThat(asked).hasSize(1);
  }

  /** It knows nothing of 100, as many a server of old: it waits for the whole of a request. */
  @Test
  void aServerThatNeverAllowsABodyGetsItAllTheSame() throws Exception {
    try (ExecutorService together = Executors.newCachedThreadPool();
        ServerSocket serving = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
      together.submit(() -> {
        while (true) {
          Socket one = serving.accept();
          together.submit(() -> answerWhole(one));
        }
      });
      Exchange expecting =
          new Exchange(
              "POST",
              "/",
              List.of(new Exchange.Field("Expect", "100-continue")),
              Base64.getEncoder().encodeToString(TEXT.getBytes(StandardCharsets.UTF_8)),
              Teller.NOTHING,
              "",
              Set.of());
      LoadOutcome outcome =
          run(plan(Protocol.HTTP1, 2, 4, "127.0.0.1:" + serving.getLocalPort()), expecting);
      assertThat(outcome.requests().errors()).isEmpty();
      assertThat(outcome.requests().answered()).isEqualTo(2);
      assertThat(asked).containsExactly(TEXT);
      assertThat(requests).as("with the connections' first exchanges").hasValue(4);
      assertThat(outcome.ledger()).hasSize(2);
    }
  }

  private Void answerWhole(Socket client) throws IOException {
    try (client) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.isEmpty()) {
          char[] body = new char[TEXT.length()];
          for (int n = 0; n < body.length; ) {
            n += in.read(body, n, body.length - n);
          }
          asked.add(new String(body));
          requests.incrementAndGet();
          client
              .getOutputStream()
              .write(
                  "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
                      .getBytes(StandardCharsets.US_ASCII));
        }
      }
    }
    return null;
  }

  /** RFC 9113, section 6.5.2: streams may be allowed later; or GOAWAY comes instead. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void requestsWaitWhileAServerAllowsNoStreams(boolean leaves) throws Exception {
    try (ExecutorService together = Executors.newCachedThreadPool();
        ServerSocket serving = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
      together.submit(() -> {
        for (int n = 0; true; n++) {
          Socket one = serving.accept();
          boolean allows = leaves && n >= 4;
          together.submit(() -> answerStreams(one, allows, leaves));
        }
      });
      String target = "127.0.0.1:" + serving.getLocalPort();
      LoadOutcome outcome = run(Protocol.HTTP2, target, exchange(Teller.NOTHING, ""));
      assertThat(outcome.requests().errors()).isEmpty();
      assertThat(outcome.requests().answered()).isEqualTo(50);
      assertThat(outcome.ledger()).hasSize(leaves ? 8 : 4);
      assertThat(requests).as("with the connections' first exchanges").hasValue(54);
      assertThat(asked).as("before it was allowed").isEmpty();
    }
  }

  /**
   * Allows no streams at first, unless it does, and answers what was sent before that was known;
   * some time later it allows some, or leaves.
   */
  private Void answerStreams(Socket client, boolean allows, boolean leaves) throws Exception {
    try (client) {
      DataInputStream in = new DataInputStream(client.getInputStream());
      OutputStream out = client.getOutputStream();
      HexFormat hex = HexFormat.of();
      out.write(hex.parseHex(STREAMS + (allows ? "00000064" : "00000000")));
      in.skipNBytes(24);
      boolean held = !allows;
      boolean acknowledged = false;
      boolean answered = false;
      for (byte[] head = in.readNBytes(9); head.length == 9; head = in.readNBytes(9)) {
        in.skipNBytes((head[1] & 0xff) << 8 | (head[2] & 0xff));
        acknowledged |= head[3] == 4 && head[4] == 1;
        if (head[3] == 0 && head[4] == 1) {
          requests.incrementAndGet();
          answered = true;
          out.write(hex.parseHex("0000010105" + hex.formatHex(head, 5, 9) + "88"));
        }
        if (held && acknowledged && answered) {
          held = false;
          Thread.sleep(100);
          if (in.available() > 0) {
            asked.add("a frame");
          }
          out.write(hex.parseHex(leaves ? GOAWAY : STREAMS + "00000064"));
        }
      }
    }
    return null;
  }

  /** Names itself in its trailers. */
  private static final class Named implements ServerInterceptor {
    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
      return next.startCall(
          new SimpleForwardingServerCall<Q, R>(call) {
            @Override
            public void close(Status status, Metadata trailers) {
              trailers.put(SERVED_BY, "grpc-2");
              super.close(status, trailers);
            }
          },
          headers);
    }
  }

  @Test
  void aTrailerOfGrpcNamesWhoAnswered() throws Exception {
    ServerServiceDefinition service =
        ServerServiceDefinition.builder("shop.v1.Items")
            .addMethod(
                GrpcBytes.method("shop.v1.Items/Find"),
                ServerCalls.asyncUnaryCall((request, reply) -> {
                  asked.add(new String(request, StandardCharsets.UTF_8));
                  reply.onNext(new byte[] {1, 2, 3});
                  reply.onCompleted();
                }))
            .build();
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(ServerInterceptors.intercept(service, new Named()))
            .build()
            .start();
    end = server::shutdownNow;
    Exchange exchange =
        new Exchange(
            "POST",
            "/shop.v1.Items/Find",
            List.of(),
            Base64.getEncoder().encodeToString(TEXT.getBytes(StandardCharsets.UTF_8)),
            Teller.FIELD,
            "x-served-by",
            Set.of());
    allAnswered(run(Protocol.GRPC, "127.0.0.1:" + server.getPort(), exchange), "grpc-2");
    assertThat(asked).containsExactly(TEXT);
  }

  /** One of Java-WebSocket, at any path. */
  private final class Chat extends WebSocketServer {
    private final CountDownLatch started = new CountDownLatch(1);

    Chat() {
      super(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    @Override
    public void onOpen(WebSocket socket, ClientHandshake handshake) {
      asked.add(handshake.getResourceDescriptor() + " " + handshake.getFieldValue("X-User"));
    }

    @Override
    public void onClose(WebSocket socket, int code, String reason, boolean remote) {}

    @Override
    public void onMessage(WebSocket socket, String message) {
      socket.send(message + " from room=blue");
    }

    @Override
    public void onError(WebSocket socket, Exception e) {}

    @Override
    public void onStart() {
      started.countDown();
    }
  }

  @Test
  void aMessageOfAWebSocketNamesWhoAnswered() throws Exception {
    Chat chat = new Chat();
    chat.start();
    chat.started.await();
    end =
        () -> {
          try {
            chat.stop();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        };
    Exchange exchange = exchange(Teller.PATTERN, "^a question from room=(\\w+)$");
    allAnswered(run(Protocol.WEBSOCKET, "127.0.0.1:" + chat.getPort(), exchange), "blue");
    assertThat(asked).containsExactly("/api/items?all=1 me");
  }
}
