package dev.conntrail.load.codec;

import static dev.conntrail.load.codec.Talk.ascii;
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

  /** What a server sends first, and what it answers to each request, on its own stream or not. */
  static final class Server {
    private final Function<Wire.Listener, Wire> wire;
    private final byte[] first;
    private final byte[] reply;
    private final boolean streams;
    private byte[] head = {};

    Server(Function<Wire.Listener, Wire> wire, byte[] first, byte[] reply, boolean streams) {
      this.wire = wire;
      this.first = first;
      this.reply = reply;
      this.streams = streams;
    }
  }

  private static final class Counter implements Wire.Listener {
    private int answered;

    @Override
    public void answered(int status, Body body) {
      answered += status == 200 && body.length() > 0 ? 1 : 0;
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

  private static Stream<Named<Server>> servers() {
    byte[] nothing = {};
    HpackDecoder.Room room = new HpackDecoder.Room();
    Output settings = new Output();
    Http2Frames.header(settings, 0, Http2Frames.SETTINGS, 0, 0);
    Output http2 = new Output();
    Http2Frames.headers(http2, 1, new byte[] {(byte) 0x88}, false);
    Http2Frames.header(http2, 3, Http2Frames.DATA, Http2Frames.END_STREAM, 1);
    http2.bytes(ascii("pod"));
    Output grpc = new Output();
    Http2Frames.headers(grpc, 1, new byte[] {(byte) 0x88}, false);
    Http2Frames.header(grpc, 8, Http2Frames.DATA, 0, 1);
    grpc.bytes(new byte[] {0, 0, 0, 0, 3, 'p', 'o', 'd'});
    Output trailers = new Output();
    trailers.int8(0);
    trailers.int8(11);
    trailers.bytes(ascii("grpc-status"));
    trailers.int8(1);
    trailers.bytes(ascii("0"));
    Http2Frames.headers(grpc, 1, trailers.toBytes(), true);
    Http1Request get1 = Http1Request.of("GET", "a:1", "/", List.of(), nothing, false);
    Http2Request get2 = Http2Request.of("GET", "a:1", "/", List.of(), nothing);
    Http2Request call = Http2Request.call("a:1", "a.B/C", List.of(), nothing);
    return Stream.of(
        Named.of(
            "http1",
            new Server(
                l -> new Http1Wire(get1, "", l),
                nothing,
                ascii("HTTP/1.1 200 OK\r\ncontent-length: 3\r\nconnection: keep-alive\r\n\r\npod"),
                false)),
        Named.of(
            "http2",
            new Server(
                l -> new Http2RequestWire(get2, "", room, l),
                settings.toBytes(),
                http2.toBytes(),
                true)),
        Named.of(
            "grpc",
            new Server(
                l -> new GrpcWire(call, true, "", room, l),
                settings.toBytes(),
                grpc.toBytes(),
                true)),
        Named.of("grpc-stream", stream(settings.toBytes(), room)),
        Named.of(
            "websocket",
            new Server(
                l ->
                    new WebSocketWire(
                        "a:1", "/", List.of(), KEY, ascii("echo"), new SplittableRandom(1), l),
                welcome(),
                new byte[] {(byte) 0x81, 3, 'p', 'o', 'd'},
                false)));
  }

  private static byte[] welcome() {
    String accept = WebSocketWire.accept(Base64.getEncoder().encodeToString(KEY));
    String changes = "HTTP/1.1 101 S\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n";
    return ascii(changes + "Sec-WebSocket-Accept: " + accept + "\r\n\r\n");
  }

  /** All on the one call, whose head comes with the first reply, and whose windows stay open. */
  private static Server stream(byte[] settings, HpackDecoder.Room room) {
    Http2Request call = Http2Request.call("a:1", "a.B/C", List.of(), new byte[0]);
    Output head = new Output();
    Http2Frames.headers(head, 1, new byte[] {(byte) 0x88}, false);
    Output message = new Output();
    Http2Frames.header(message, 8, Http2Frames.DATA, 0, 1);
    message.bytes(new byte[] {0, 0, 0, 0, 3, 'p', 'o', 'd'});
    Http2Frames.windowUpdate(message, 0, 5);
    Http2Frames.windowUpdate(message, 1, 5);
    Server server =
        new Server(l -> new GrpcWire(call, false, "", room, l), settings, message.toBytes(), false);
    server.head = head.toBytes();
    return server;
  }

  @ParameterizedTest
  @MethodSource("servers")
  void requestsAndReplies(Server server) throws ProtocolException {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Counter counter = new Counter();
    Wire wire = server.wire.apply(counter);
    Output out = new Output();
    wire.begin(out);
    wire.consume(server.first, 0, server.first.length, out);
    exchange(wire, server, out, 0, 100);
    long before = threads.getCurrentThreadAllocatedBytes();
    exchange(wire, server, out, 100, REQUESTS);
    long bytes = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(counter.answered).isEqualTo(100 + REQUESTS);
    assertThat(bytes).as("bytes for %d requests", REQUESTS).isLessThan(REQUESTS);
  }

  private static void exchange(Wire wire, Server server, Output out, int from, int count)
      throws ProtocolException {
    byte[] reply = server.reply;
    for (int i = from; i < from + count; i++) {
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
      wire.consume(reply, 0, reply.length, out);
    }
  }
}
