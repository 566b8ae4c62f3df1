package dev.conntrail.load.codec;

import static dev.conntrail.load.codec.Talk.ascii;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.ProtocolException;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests and replies make no garbage, once a connection has what it needs: counted in bytes. */
class NothingAllocatedTest {
  private static final int REQUESTS = 20_000;
  private static final byte[] KEY = new byte[16];

  /** A field of HTTP/2 that is not put into the table; one that is (RFC 7541, section 6.2). */
  private static final int LITERAL = 0x00;

  private static final int INSERTED = 0x40;

  /** A value that changes: a number of eight digits, as text or as Huffman codes of five bits. */
  private static final String NUMBER = "00000000";

  private static final byte[] HUFFMAN_NUMBER = new byte[5];
  private static final int HUFFMAN = 0x80;
  private static final byte[] STATUS_200 = {(byte) 0x88};

  /** A string of twelve bytes: it, and its array, in whole words of eight. */
  private static final int BYTES_OF_A_NAME = 24 + 32;

  /** What makes a reply another than the one before. */
  @FunctionalInterface
  interface Change {
    void of(byte[] reply, int number);
  }

  /** What a server sends first, and what it answers to each request, on its own stream or not. */
  static final class Server {
    private final Function<Wire.Listener, Wire> wire;
    private final byte[] first;
    private final byte[][] replies;
    private final boolean streams;
    private byte[] head = {};
    private String pod = "";
    private Change change = (_, _) -> {};

    Server(Function<Wire.Listener, Wire> wire, byte[] first, boolean streams, byte[]... replies) {
      this.wire = wire;
      this.first = first;
      this.streams = streams;
      this.replies = replies;
    }

    /** With the value of the watched field, and what changes from reply to reply. */
    Server changing(String watched, Change by) {
      pod = watched;
      change = by;
      return this;
    }
  }

  private static final class Counter implements Wire.Listener {
    private final String pod;
    private Wire wire;
    private int answered;

    Counter(String pod) {
      this.pod = pod;
    }

    @Override
    public void answered(int status, Body body) {
      answered += status == 200 && body.length() > 0 && wire.seen().startsWith(pod) ? 1 : 0;
    }

    @Override
    public void refused(IOException why) {
      throw new IllegalStateException(why);
    }

    @Override
    public void leaving() {
      throw new IllegalStateException("leaving");
    }
  }

  private static byte[] settings() {
    Output settings = new Output();
    Http2Frames.header(settings, 0, Http2Frames.SETTINGS, 0, 0);
    return settings.toBytes();
  }

  private static byte[] joined(byte[]... parts) {
    Output all = new Output();
    for (byte[] part : parts) {
      all.bytes(part);
    }
    return all.toBytes();
  }

  private static byte[] field(int kind, String name, int coding, byte[] value) {
    return joined(
        new byte[] {(byte) kind, (byte) name.length()},
        ascii(name),
        new byte[] {(byte) (coding | value.length)},
        value);
  }

  private static byte[] field(String name, String value) {
    return field(LITERAL, name, 0, ascii(value));
  }

  private static Server http1(String watched, String... fields) {
    Http1Request get = Http1Request.of("GET", "a:1", "/", List.of(), new byte[0], false);
    byte[][] replies =
        Stream.of(fields)
            .map(f -> "HTTP/1.1 200 OK\r\n" + f + "content-length: 3\r\n\r\npod")
            .map(Talk::ascii)
            .toArray(byte[][]::new);
    return new Server(l -> new Http1Wire(get, watched, l), new byte[0], false, replies);
  }

  private static Server http2(String watched, byte[]... fields) {
    HpackDecoder.Room room = new HpackDecoder.Room();
    Http2Request get = Http2Request.of("GET", "a:1", "/", List.of(), new byte[0]);
    Output reply = new Output();
    Http2Frames.headers(reply, 1, joined(STATUS_200, joined(fields)), false);
    Http2Frames.header(reply, 3, Http2Frames.DATA, Http2Frames.END_STREAM, 1);
    reply.bytes(ascii("pod"));
    return new Server(
        l -> new Http2RequestWire(get, watched, room, l), settings(), true, reply.toBytes());
  }

  private static Server grpc(String watched, byte[]... trailers) {
    HpackDecoder.Room room = new HpackDecoder.Room();
    Http2Request call = Http2Request.call("a:1", "a.B/C", List.of(), new byte[0]);
    Output reply = new Output();
    Http2Frames.headers(reply, 1, STATUS_200, false);
    Http2Frames.header(reply, 8, Http2Frames.DATA, 0, 1);
    reply.bytes(new byte[] {0, 0, 0, 0, 3, 'p', 'o', 'd'});
    Http2Frames.headers(reply, 1, joined(field("grpc-status", "0"), joined(trailers)), true);
    return new Server(
        l -> new GrpcWire(call, true, watched, room, l), settings(), true, reply.toBytes());
  }

  private static Stream<Named<Server>> servers() {
    return Stream.of(
        Named.of("http1", http1("", "connection: keep-alive\r\n")),
        Named.of("http2", http2("")),
        Named.of("grpc", grpc("")),
        Named.of("grpc-stream", stream()),
        Named.of(
            "websocket",
            new Server(
                l ->
                    new WebSocketWire(
                        "a:1", "/", List.of(), KEY, ascii("echo"), new SplittableRandom(1), l),
                welcome(),
                false,
                new byte[] {(byte) 0x81, 3, 'p', 'o', 'd'})));
  }

  private static byte[] welcome() {
    String accept = WebSocketWire.accept(Base64.getEncoder().encodeToString(KEY));
    String changes = "HTTP/1.1 101 S\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n";
    return ascii(changes + "Sec-WebSocket-Accept: " + accept + "\r\n\r\n");
  }

  /** All on the one call, whose head comes with the first reply, and whose windows stay open. */
  private static Server stream() {
    HpackDecoder.Room room = new HpackDecoder.Room();
    Http2Request call = Http2Request.call("a:1", "a.B/C", List.of(), new byte[0]);
    Output head = new Output();
    Http2Frames.headers(head, 1, STATUS_200, false);
    Output message = new Output();
    Http2Frames.header(message, 8, Http2Frames.DATA, 0, 1);
    message.bytes(new byte[] {0, 0, 0, 0, 3, 'p', 'o', 'd'});
    Http2Frames.windowUpdate(message, 0, 5);
    Http2Frames.windowUpdate(message, 1, 5);
    Server server =
        new Server(
            l -> new GrpcWire(call, false, "", room, l), settings(), false, message.toBytes());
    server.head = head.toBytes();
    return server;
  }

  /** Where the bytes are in the only reply. */
  private static int at(Server server, byte[] bytes) {
    int at = new String(server.replies[0], ISO_8859_1).indexOf(new String(bytes, ISO_8859_1));
    assertThat(at).isPositive();
    return at;
  }

  /** A number in a field of its own changes, and a pod is watched, whose name stays. */
  private static Server digits(Server server, String pod) {
    int at = at(server, ascii(NUMBER));
    return server.changing(
        pod,
        (reply, number) -> {
          int left = number;
          for (int i = NUMBER.length() - 1; i >= 0; i--) {
            reply[at + i] = (byte) ('0' + left % 10);
            left /= 10;
          }
        });
  }

  /** The same as Huffman codes: eight of those that are 0 to 9, in five bits each. */
  private static Server codes(Server server, String pod) {
    int at =
        at(server, joined(new byte[] {(byte) (HUFFMAN | HUFFMAN_NUMBER.length)}, HUFFMAN_NUMBER))
            + 1;
    return server.changing(
        pod,
        (reply, number) -> {
          long bits = 0;
          int left = number;
          for (int shift = 0; shift < 40; shift += 5) {
            bits |= (long) (left % 10) << shift;
            left /= 10;
          }
          for (int i = 0; i < HUFFMAN_NUMBER.length; i++) {
            reply[at + i] = (byte) (bits >>> (32 - 8 * i));
          }
        });
  }

  private static Stream<Named<Server>> changing() {
    byte[] pod = field("x-pod", "pod-1");
    byte[] literal = field("x-id", NUMBER);
    return Stream.of(
        Named.of("http1", digits(http1("", "x-id: " + NUMBER + "\r\n"), "")),
        Named.of(
            "http1, watched",
            digits(http1("x-pod", "X-Pod: pod-1\r\nx-id: " + NUMBER + "\r\n"), "pod-1")),
        Named.of(
            "http1, of two lengths, watched",
            http1("x-pod", "x-pod: pod-1\r\n", "x-pod: pod-1\r\nx-id: 1\r\n")
                .changing("pod-1", (_, _) -> {})),
        Named.of("http2, literal", digits(http2("", literal), "")),
        Named.of("http2, literal, watched", digits(http2("x-pod", literal, pod), "pod-1")),
        Named.of(
            "http2, inserted, watched",
            digits(http2("x-pod", field(INSERTED, "x-id", 0, ascii(NUMBER)), pod), "pod-1")),
        Named.of(
            "http2, Huffman, watched",
            codes(http2("x-pod", field(LITERAL, "x-id", HUFFMAN, HUFFMAN_NUMBER), pod), "pod-1")),
        Named.of(
            "http2, inserted, Huffman, watched",
            codes(http2("x-pod", field(INSERTED, "x-id", HUFFMAN, HUFFMAN_NUMBER), pod), "pod-1")),
        Named.of("grpc, watched", digits(grpc("x-pod", literal, pod), "pod-1")),
        Named.of(
            "grpc, inserted, watched",
            digits(grpc("x-pod", field(INSERTED, "x-id", 0, ascii(NUMBER)), pod), "pod-1")));
  }

  private static Stream<Named<Server>> strangers() {
    return Stream.of(
        Named.of("http1", digits(http1("x-pod", "x-pod: pod-" + NUMBER + "\r\n"), "pod-")),
        Named.of("http2", digits(http2("x-pod", field("x-pod", "pod-" + NUMBER)), "pod-")),
        Named.of("grpc", digits(grpc("x-pod", field("x-pod", "pod-" + NUMBER)), "pod-")));
  }

  @ParameterizedTest
  @MethodSource("servers")
  void requestsAndReplies(Server server) throws ProtocolException {
    assertThat(bytes(server)).as("bytes for %d requests", REQUESTS).isLessThan(REQUESTS);
  }

  /** None is read by what the last one said. */
  @ParameterizedTest
  @MethodSource("changing")
  void repliesWithAFieldThatChangesEachTime(Server server) throws ProtocolException {
    assertThat(bytes(server)).as("bytes for %d requests", REQUESTS).isLessThan(REQUESTS);
  }

  /** Where the watched field changes with each reply, its value is the one object of each. */
  @ParameterizedTest
  @MethodSource("strangers")
  void aPodThatChangesEachTimeTakesItsName(Server server) throws ProtocolException {
    assertThat(bytes(server))
        .as("bytes for %d requests", REQUESTS)
        .isLessThan((BYTES_OF_A_NAME + 1L) * REQUESTS);
  }

  /** What so many requests and replies allocate, on a connection that has had some before. */
  private static long bytes(Server server) throws ProtocolException {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Counter counter = new Counter(server.pod);
    Wire wire = server.wire.apply(counter);
    counter.wire = wire;
    Output out = new Output();
    wire.begin(out);
    wire.consume(server.first, 0, server.first.length, out);
    exchange(wire, server, out, 0, 1000);
    long before = threads.getCurrentThreadAllocatedBytes();
    exchange(wire, server, out, 1000, REQUESTS);
    long bytes = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(counter.answered).isEqualTo(1000 + REQUESTS);
    return bytes;
  }

  private static void exchange(Wire wire, Server server, Output out, int from, int count)
      throws ProtocolException {
    for (int i = from; i < from + count; i++) {
      byte[] reply = server.replies[i % server.replies.length];
      out.clear();
      wire.request(out);
      if (i == 0) {
        wire.consume(server.head, 0, server.head.length, out);
      }
      if (server.streams) {
        for (int at = 0; at < reply.length; at += 9 + Http2Frames.int24(reply, at)) {
          int stream = 2 * i + 1;
          reply[at + 5] = (byte) (stream >>> 24);
          reply[at + 6] = (byte) (stream >>> 16);
          reply[at + 7] = (byte) (stream >>> 8);
          reply[at + 8] = (byte) stream;
        }
      }
      server.change.of(reply, i);
      wire.consume(reply, 0, reply.length, out);
    }
  }
}
