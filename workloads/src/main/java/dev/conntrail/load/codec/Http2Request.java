package dev.conntrail.load.codec;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A request of HTTP/2, or the call of a gRPC method, as it is sent. */
public final class Http2Request {
  private final Fields head;
  private final byte[] body;
  private final boolean headOnly;

  private Http2Request(Fields head, byte[] body, boolean headOnly) {
    this.head = head;
    this.body = body;
    this.headOnly = headOnly;
  }

  /**
   * A request.
   *
   * @param host the authority, {@code HOST:PORT}
   * @param fields of any case; written in lower case, as HTTP/2 has it
   */
  public static Http2Request of(
      String method, String host, String path, List<Http1Request.Field> fields, byte[] body) {
    List<Http1Request.Field> all = new ArrayList<>();
    all.add(new Http1Request.Field(":method", method));
    all.add(new Http1Request.Field(":scheme", "http"));
    all.add(new Http1Request.Field(":path", path));
    all.add(new Http1Request.Field(":authority", host));
    fields.forEach(
        f -> all.add(new Http1Request.Field(f.name().toLowerCase(Locale.ROOT), f.value())));
    if (Http1Request.hasLength(method, body)) {
      all.add(new Http1Request.Field("content-length", Integer.toString(body.length)));
    }
    return new Http2Request(Fields.of(all), body, method.equals("HEAD"));
  }

  /**
   * A call.
   *
   * @param method {@code package.Service/Method}
   * @param message as protobuf writes it
   */
  public static Http2Request call(
      String host, String method, List<Http1Request.Field> fields, byte[] message) {
    List<Http1Request.Field> all = new ArrayList<>();
    all.add(new Http1Request.Field(":method", "POST"));
    all.add(new Http1Request.Field(":scheme", "http"));
    all.add(new Http1Request.Field(":path", "/" + method));
    all.add(new Http1Request.Field(":authority", host));
    all.add(new Http1Request.Field("te", "trailers"));
    all.add(new Http1Request.Field("content-type", "application/grpc"));
    fields.forEach(
        f -> all.add(new Http1Request.Field(f.name().toLowerCase(Locale.ROOT), f.value())));
    Output prefixed = new Output();
    prefixed.int8(0);
    prefixed.int32(message.length);
    prefixed.bytes(message);
    return new Http2Request(Fields.of(all), prefixed.toBytes(), false);
  }

  /** Its fields. */
  Fields head() {
    return head;
  }

  /** May be empty; of a gRPC call, the message with its prefix. */
  byte[] body() {
    return body;
  }

  /** Whether replies have no body, whatever length their heads say. */
  boolean headOnly() {
    return headOnly;
  }
}
