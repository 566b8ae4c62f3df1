package dev.conntrail.load.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import okhttp3.Headers;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.internal.http2.StreamResetException;

/**
 * The same requests by the loop's wires and by OkHttp: the same statuses, fields, bodies, trailers,
 * and as many connections.
 */
final class HttpCompared {
  static final Http1Request.Field EXPECTS = new Http1Request.Field("Expect", "100-continue");

  private static final int TIMES = 2;

  /**
   * What frames a message is the wire's own business, and never asked for; the date goes on, and
   * Envoy says how long a server took.
   */
  private static final List<String> UNLIKE =
      List.of(
          "content-length",
          "connection",
          "transfer-encoding",
          "date",
          "x-envoy-upstream-service-time");

  private HttpCompared() {}

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
  record Seen(List<String> replies, Map<String, String> fields, long connections) {}

  /** Requests that {@link JettyServer} answers. */
  static Stream<Asked> requests() {
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

  /** A reply, with the beginning of its body. */
  static String text(String status, byte[] body) {
    String first = new String(body, 0, Math.min(Body.KEPT, body.length), ISO_8859_1);
    return status + " " + first + (body.length > Body.KEPT ? " of " + body.length : "");
  }

  private static Seen byLibrary(Protocol protocol, CountedServer server, Asked asked)
      throws IOException {
    long before = server.connections();
    OkHttpClient client =
        new OkHttpClient.Builder()
            .protocols(List.of(protocol))
            .followRedirects(false)
            .retryOnConnectionFailure(false)
            .build();
    Request.Builder request =
        new Request.Builder().url("http://127.0.0.1:" + server.address().getPort() + asked.path());
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
    Seen seen = new Seen(replies, fields, server.connections() - before);
    client.connectionPool().evictAll();
    client.dispatcher().executorService().shutdown();
    return seen;
  }

  private static Seen byLoop(
      Protocol protocol, CountedServer server, Asked asked, Iterable<String> names)
      throws IOException {
    List<String> replies = new ArrayList<>();
    Map<String, String> fields = new TreeMap<>();
    long connections = 0;
    for (String name : names) {
      long before = server.connections();
      try (Dialog dialog =
          new Dialog(server.address(), wires(protocol, server.address(), asked, name))) {
        List<Dialog.Heard> heard = dialog.requests(TIMES);
        replies = heard.stream().map(Dialog.Heard::reply).toList();
        fields.put(name, heard.getLast().seen());
        connections = server.connections() - before;
      }
    }
    return new Seen(replies, fields, connections);
  }

  /**
   * Asserts it.
   *
   * @param server what it counts are connections of these two
   */
  static void same(Protocol protocol, CountedServer server, Asked asked) throws IOException {
    Seen library = byLibrary(protocol, server, asked);
    List<String> names = new ArrayList<>(library.fields().keySet());
    names.removeAll(UNLIKE);
    library.fields().keySet().retainAll(names);
    names.add("x-absent");
    library.fields().put("x-absent", "");
    assertThat(library.replies()).hasSize(TIMES);
    assertThat(byLoop(protocol, server, asked, names)).isEqualTo(library);
  }
}
