package dev.conntrail.load.loop;

import dev.conntrail.load.codec.GrpcWire;
import dev.conntrail.load.codec.HpackDecoder;
import dev.conntrail.load.codec.Http1Request;
import dev.conntrail.load.codec.Http1Wire;
import dev.conntrail.load.codec.Http2Request;
import dev.conntrail.load.codec.Http2RequestWire;
import dev.conntrail.load.codec.WebSocketWire;
import dev.conntrail.load.codec.Wire;
import dev.conntrail.spec.Protocol;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Makes the connections' protocols of one thread, with the requests of echo. */
final class Wires {
  private static final byte[] NOTHING = {};
  private static final byte[] TEXT = "echo".getBytes(StandardCharsets.US_ASCII);
  private static final int KEY_BYTES = 16;

  private final Protocol protocol;
  private final HpackDecoder.Room room = new HpackDecoder.Room();
  private final SplittableRandom masks;
  private final Map<InetSocketAddress, Http1Request> http1 = new HashMap<>();
  private final Map<InetSocketAddress, Http2Request> http2 = new HashMap<>();

  /**
   * A maker.
   *
   * @param masks where the keys and masks of WebSocket come from
   */
  Wires(Protocol protocol, SplittableRandom masks) {
    this.protocol = protocol;
    this.masks = masks;
  }

  Wire of(InetSocketAddress target, Wire.Listener listener) {
    return switch (protocol) {
      case HTTP1, SHORT_LIVED ->
          new Http1Wire(http1.computeIfAbsent(target, this::http1), "", listener);
      case HTTP2 ->
          new Http2RequestWire(http2.computeIfAbsent(target, this::http2), "", room, listener);
      case GRPC -> new GrpcWire(http2.computeIfAbsent(target, this::http2), true, room, listener);
      case GRPC_STREAM ->
          new GrpcWire(http2.computeIfAbsent(target, this::http2), false, room, listener);
      case WEBSOCKET -> {
        byte[] key = new byte[KEY_BYTES];
        masks.nextBytes(key);
        yield new WebSocketWire(host(target), "/ws", List.of(), key, TEXT, masks, listener);
      }
    };
  }

  private Http1Request http1(InetSocketAddress target) {
    boolean last = protocol == Protocol.SHORT_LIVED;
    return Http1Request.of("GET", host(target), "/echo", List.of(), NOTHING, last);
  }

  private Http2Request http2(InetSocketAddress target) {
    return switch (protocol) {
      case GRPC -> Http2Request.call(host(target), "conntrail.v1.Echo/Unary", List.of(), NOTHING);
      case GRPC_STREAM ->
          Http2Request.call(host(target), "conntrail.v1.Echo/Stream", List.of(), NOTHING);
      default -> Http2Request.of("GET", host(target), "/echo", List.of(), NOTHING);
    };
  }

  private static String host(InetSocketAddress target) {
    String ip = target.getAddress().getHostAddress();
    return (target.getAddress() instanceof Inet6Address ? "[" + ip + "]" : ip)
        + ":"
        + target.getPort();
  }
}
