package dev.conntrail.load.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import okhttp3.Headers;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.internal.http2.StreamResetException;
import org.java_websocket.client.WebSocketClient;
import org.java_websocket.handshake.ServerHandshake;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The same requests by the loop's wires and by OkHttp and Java-WebSocket, to servers that are not
 * Conntrail's: the same statuses, fields, bodies, trailers, and as many connections.
 */
@Timeout(120)
class SameAsLibrariesTest {
  private static final int TIMES = 2;
  private static final Http1Request.Field EXPECTS =
      new Http1Request.Field("Expect", "100-continue");

  private static JettyServer jetty;
  private static NettyServer netty;
  private static NettyHttp1Server netty1;
  private static NginxServer nginx;

  @BeforeAll
  static void start() throws Exception {
    jetty = new JettyServer();
    netty = new NettyServer();
    netty1 = new NettyHttp1Server(jetty.peers);
    nginx = new NginxServer(jetty.address());
  }

  @AfterAll
  static void end() throws Exception {
    nginx.stop();
    jetty.stop();
    netty.close();
    netty1.close();
  }

  /** A request of HTTP. */
  record Asked(String method, String path, String body, List<Http1Request.Field> fields) {
    static Asked get(String path) {
      return new Asked("GET", path, "", List.of());
    }

    @Override
    public String toString() {
      return method + " " + path + (body.isEmpty() ? "" : " of " + body.length()) + fields;
    }
  }

  /**
   * What a client made of some.
   *
   * @param fields of head and trailers, by their names in lower case; the last of each name
   */
  record Seen(List<String> replies, Map<String, String> fields, int connections) {}

  private static Stream<Asked> http() {
    return Stream.of(
        Asked.get("/length"),
        Asked.get("/long"),
        Asked.get("/empty"),
        Asked.get("/nothing"),
        Asked.get("/unchanged"),
        Asked.get("/moved"),
        Asked.get("/failed"),
        Asked.get("/chunks"),
        Asked.get("/trailers"),
        Asked.get("/closes"),
        Asked.get("/until-close"),
        Asked.get("/early"),
        Asked.get("/head"),
        Asked.get("/values"),
        new Asked("HEAD", "/length", "", List.of()),
        new Asked("HEAD", "/chunks", "", List.of()),
        new Asked("HEAD", "/nothing", "", List.of()),
        new Asked("POST", "/echo", "a question", List.of()),
        new Asked("PUT", "/echo", "0123456789".repeat(20_000), List.of()),
        new Asked("DELETE", "/echo", "", List.of()),
        new Asked("POST", "/echo", "", List.of()),
        new Asked("POST", "/echo", "a question", List.of(EXPECTS)),
        new Asked("POST", "/refused", "a question", List.of(EXPECTS)));
  }

  private static Function<Wire.Listener, Wire> wires(
      Protocol protocol, InetSocketAddress server, Asked asked, String watched) {
    String host = "127.0.0.1:" + server.getPort();
    byte[] body = asked.body().getBytes(UTF_8);
    if (protocol == Protocol.HTTP_1_1) {
      Http1Request request =
          Http1Request.of(asked.method(), host, asked.path(), asked.fields(), body, false);
      return l -> new Http1Wire(request, watched, l);
    }
    Http2Request request =
        Http2Request.of(asked.method(), host, asked.path(), asked.fields(), body);
    return l -> new Http2RequestWire(request, watched, new HpackDecoder.Room(), l);
  }

  private static String text(String status, byte[] body) {
    String first = new String(body, 0, Math.min(Body.KEPT, body.length), ISO_8859_1);
    return status + " " + first + (body.length > Body.KEPT ? " of " + body.length : "");
  }

  private static Seen byLibrary(Protocol protocol, InetSocketAddress server, Asked asked)
      throws IOException {
    jetty.peers.clear();
    OkHttpClient client =
        new OkHttpClient.Builder()
            .protocols(List.of(protocol))
            .followRedirects(false)
            .retryOnConnectionFailure(false)
            .build();
    Request.Builder request =
        new Request.Builder().url("http://127.0.0.1:" + server.getPort() + asked.path());
    asked.fields().forEach(f -> request.header(f.name(), f.value()));
    // OkHttp would ask for gzip, and not say that it came so
    request.header("Accept-Encoding", "identity");
    boolean bodied = List.of("POST", "PUT").contains(asked.method());
    request.method(
        asked.method(), bodied ? RequestBody.create(asked.body().getBytes(UTF_8), null) : null);
    List<String> replies = new ArrayList<>();
    Map<String, String> fields = new TreeMap<>();
    for (int i = 0; i < TIMES; i++) {
      try (Response response = client.newCall(request.build()).execute()) {
        replies.add(text(Integer.toString(response.code()), response.body().bytes()));
        for (Headers some : List.of(response.headers(), response.trailers())) {
          some.forEach(f -> fields.put(f.getFirst().toLowerCase(Locale.ROOT), f.getSecond()));
        }
      } catch (StreamResetException e) {
        replies.add("refused: HTTP/2 stream reset: " + e.errorCode);
      }
    }
    Seen seen = new Seen(replies, fields, jetty.peers.size());
    client.connectionPool().evictAll();
    client.dispatcher().executorService().shutdown();
    return seen;
  }

  private static Seen byLoop(
      Protocol protocol, InetSocketAddress server, Asked asked, Iterable<String> names)
      throws IOException {
    List<String> replies = new ArrayList<>();
    Map<String, String> fields = new TreeMap<>();
    int connections = 0;
    for (String name : names) {
      jetty.peers.clear();
      try (Dialog dialog = new Dialog(server, wires(protocol, server, asked, name))) {
        List<Dialog.Heard> heard = dialog.requests(TIMES);
        replies = heard.stream().map(Dialog.Heard::reply).toList();
        fields.put(name, heard.getLast().seen());
        connections = jetty.peers.size();
      }
    }
    return new Seen(replies, fields, connections);
  }

  private static void same(Protocol protocol, InetSocketAddress server, Asked asked)
      throws IOException {
    Seen library = byLibrary(protocol, server, asked);
    List<String> names = new ArrayList<>(library.fields().keySet());
    // what frames a message is the wire's own business, and never asked for; the date goes on
    names.removeAll(List.of("content-length", "connection", "transfer-encoding", "date"));
    library.fields().keySet().retainAll(names);
    names.add("x-absent");
    library.fields().put("x-absent", "");
    assertThat(library.replies()).hasSize(TIMES);
    assertThat(byLoop(protocol, server, asked, names)).isEqualTo(library);
  }

  @ParameterizedTest
  @MethodSource("http")
  void jettyWithHttp1(Asked asked) throws IOException {
    same(Protocol.HTTP_1_1, jetty.address(), asked);
  }

  @ParameterizedTest
  @MethodSource("http")
  void jettyWithHttp2(Asked asked) throws IOException {
    same(Protocol.H2_PRIOR_KNOWLEDGE, jetty.address(), asked);
  }

  /** nginx 1.22 does not hand on what another server says before its reply. */
  private static Stream<Asked> throughNginx() {
    return http().filter(a -> !a.path().equals("/early"));
  }

  /** And says no 100 in HTTP/2, for which OkHttp waits; the loop does not. */
  private static Stream<Asked> throughNginxWithHttp2() {
    return throughNginx().filter(a -> a.fields().isEmpty());
  }

  @ParameterizedTest
  @MethodSource("throughNginx")
  void nginxWithHttp1(Asked asked) throws IOException {
    nginx.assumeHere();
    same(Protocol.HTTP_1_1, nginx.http1(), asked);
  }

  @ParameterizedTest
  @MethodSource("throughNginxWithHttp2")
  void nginxWithHttp2(Asked asked) throws IOException {
    nginx.assumeHere();
    same(Protocol.H2_PRIOR_KNOWLEDGE, nginx.http2(), asked);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/padded",
        "/continued",
        "/trailers",
        "/empty-frames",
        "/settings",
        "/table",
        "/reset"
      })
  void framesOfNetty(String path) throws IOException {
    same(Protocol.H2_PRIOR_KNOWLEDGE, netty.address(), Asked.get(path));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/length",
        "/old-kept",
        "/closes",
        "/chunks",
        "/trailers",
        "/until-close",
        "/early",
        "/raw",
        "/byte-by-byte"
      })
  void nettyWithHttp1(String path) throws IOException {
    same(Protocol.HTTP_1_1, netty1.address(), Asked.get(path));
  }

  @Test
  void bodiesToNettyWithHttp1() throws IOException {
    for (List<Http1Request.Field> fields :
        List.of(List.<Http1Request.Field>of(), List.of(EXPECTS))) {
      same(
          Protocol.HTTP_1_1,
          netty1.address(),
          new Asked("POST", "/length", "0123456789".repeat(20_000), fields));
    }
  }

  /** What Java-WebSocket makes of what is answered to a message. */
  private static final class Library extends WebSocketClient {
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    Library(URI at) {
      super(at);
    }

    @Override
    public void onOpen(ServerHandshake handshake) {
      // the test sends
    }

    @Override
    public void onMessage(String message) {
      heard.add(text("200", message.getBytes(UTF_8)));
    }

    @Override
    public void onMessage(ByteBuffer bytes) {
      byte[] body = new byte[bytes.remaining()];
      bytes.get(body);
      heard.add(text("200", body));
    }

    @Override
    public void onClose(int code, String reason, boolean remote) {
      if (remote) {
        heard.add("refused: WebSocket closed by the peer, code " + code);
      } else if (code != 1000) {
        heard.add(code + " " + reason);
      }
    }

    @Override
    public void onError(Exception e) {
      heard.add(e.toString());
    }

    List<String> requests() throws InterruptedException {
      assertThat(connectBlocking()).as("open %s", heard).isTrue();
      List<String> replies = new ArrayList<>();
      for (int i = 0; i < TIMES && isOpen(); i++) {
        send("echo");
        replies.add(heard.poll(20, TimeUnit.SECONDS));
      }
      closeBlocking();
      return replies;
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text",
        "long",
        "binary",
        "empty",
        "fragments",
        "pinged",
        "unasked",
        "1000",
        "1001",
        "1008",
        "1011",
        "3000",
        "4999"
      })
  void webSocketsOfJetty(String how) throws Exception {
    same(jetty.address(), jetty.said, how);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "125",
        "126",
        "65535",
        "65536",
        "pieces",
        "cut-letter",
        "binary",
        "long-ping",
        "reason"
      })
  void webSocketsOfNetty(String how) throws Exception {
    same(netty1.address(), netty1.said, how);
  }

  /**
   * A message to a server's WebSocket, which answers in a way of its own.
   *
   * @param heard what it was said beside
   */
  private static void same(InetSocketAddress server, List<String> heard, String how)
      throws Exception {
    String host = "127.0.0.1:" + server.getPort();
    List<String> library;
    List<String> saidByLibrary;
    int tries = 0;
    do {
      heard.clear();
      library = new Library(URI.create("ws://" + host + "/ws/" + how)).requests();
      saidByLibrary = said(heard);
      // the library may be gone before its close frame is heard
    } while (saidByLibrary.contains("close 1006") && ++tries < 10);
    Function<Wire.Listener, Wire> wires =
        l ->
            new WebSocketWire(
                host,
                "/ws/" + how,
                List.of(),
                "0123456789abcdef".getBytes(UTF_8),
                "echo".getBytes(UTF_8),
                new SplittableRandom(5),
                l);
    try (Dialog dialog = new Dialog(server, wires)) {
      assertThat(dialog.requests(library.size()))
          .extracting(Dialog.Heard::reply)
          .isEqualTo(library);
    }
    assertThat(said(heard)).isEqualTo(saidByLibrary);
  }

  /** What the server heard, up to the close. */
  private static List<String> said(List<String> heard) throws InterruptedException {
    while (heard.stream().noneMatch(s -> s.startsWith("close"))) {
      Thread.sleep(5);
    }
    List<String> said = List.copyOf(heard);
    heard.clear();
    return said;
  }
}
