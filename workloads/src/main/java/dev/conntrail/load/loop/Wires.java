package dev.conntrail.load.loop;

import dev.conntrail.load.codec.GrpcWire;
import dev.conntrail.load.codec.HpackDecoder;
import dev.conntrail.load.codec.Http1Request;
import dev.conntrail.load.codec.Http1Wire;
import dev.conntrail.load.codec.Http2Request;
import dev.conntrail.load.codec.Http2RequestWire;
import dev.conntrail.load.codec.WebSocketWire;
import dev.conntrail.load.codec.Wire;
import dev.conntrail.spec.Exchange;
import dev.conntrail.spec.Protocol;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/** Makes the connections' protocols of one thread, with the plan's requests. */
final class Wires {
  private static final int KEY_BYTES = 16;

  private final Protocol protocol;
  private final Exchange exchange;
  private final List<Http1Request.Field> fields;
  private final String watched;
  private final Teller teller;
  private final HpackDecoder.Room room = new HpackDecoder.Room();
  private final SplittableRandom masks;
  private final Map<InetSocketAddress, Http1Request> http1 = new HashMap<>();
  private final Map<InetSocketAddress, Http2Request> http2 = new HashMap<>();

  /**
   * A maker.
   *
   * @param masks where the keys and masks of WebSocket come from
   */
  Wires(Protocol protocol, Exchange exchange, SplittableRandom masks) {
    this.protocol = protocol;
    this.exchange = exchange;
    this.fields =
        exchange.fields().stream()
            .filter(f -> !f.name().equalsIgnoreCase("host"))
            .map(f -> new Http1Request.Field(f.name(), f.value()))
            .toList();
    this.watched =
        exchange.teller() == Exchange.Teller.FIELD ? exchange.tells().toLowerCase(Locale.ROOT) : "";
    this.teller = new Teller(exchange);
    this.masks = masks;
  }

  /** What reads from replies who sent them. */
  Teller teller() {
    return teller;
  }

  Wire of(InetSocketAddress target, Wire.Listener listener) {
    return switch (protocol) {
      case HTTP1, SHORT_LIVED ->
          new Http1Wire(http1.computeIfAbsent(target, this::http1), watched, listener);
      case HTTP2 ->
          new Http2RequestWire(http2.computeIfAbsent(target, this::http2), watched, room, listener);
      case GRPC, GRPC_STREAM ->
          new GrpcWire(
              http2.computeIfAbsent(target, this::call),
              !protocol.streams(),
              watched,
              room,
              listener);
      case WEBSOCKET -> {
        byte[] key = new byte[KEY_BYTES];
        masks.nextBytes(key);
        byte[] text = exchange.bodyOr("echo");
        yield new WebSocketWire(
            host(target), exchange.pathOr("/ws"), fields, key, text, masks, listener);
      }
    };
  }

  private Http1Request http1(InetSocketAddress target) {
    return Http1Request.of(
        exchange.method(),
        host(target),
        exchange.pathOr("/echo"),
        fields,
        exchange.body(),
        !protocol.longLived());
  }

  private Http2Request http2(InetSocketAddress target) {
    return Http2Request.of(
        exchange.method(), host(target), exchange.pathOr("/echo"), fields, exchange.body());
  }

  private Http2Request call(InetSocketAddress target) {
    String ofEcho = protocol.streams() ? "/conntrail.v1.Echo/Stream" : "/conntrail.v1.Echo/Unary";
    return Http2Request.call(
        host(target), exchange.pathOr(ofEcho).substring(1), fields, exchange.body());
  }

  private String host(InetSocketAddress target) {
    return exchange.hostOr(Link.written(target));
  }
}
