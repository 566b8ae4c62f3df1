package dev.conntrail.load.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The header blocks of requests, as this decoder reads them, and as Netty's does. */
class RequestFieldsTest {
  private static final List<Http1Request.Field> SHORT =
      List.of(
          new Http1Request.Field(":method", "POST"),
          new Http1Request.Field(":scheme", "http"),
          new Http1Request.Field(":path", "/a.B/C"),
          new Http1Request.Field(":authority", "10.0.0.1:80"),
          new Http1Request.Field("te", "trailers"),
          new Http1Request.Field("te", "trailers"),
          new Http1Request.Field("content-type", "application/grpc"));

  private final Fields.Known known = new Fields.Known();
  private final HpackDecoder own = new HpackDecoder(new HpackDecoder.Room());
  private final DefaultHttp2HeadersDecoder netty = new DefaultHttp2HeadersDecoder(false);

  private static List<String> texts(List<Http1Request.Field> fields) {
    return fields.stream().map(f -> f.name() + ": " + f.value()).toList();
  }

  private static String text(byte[] in, int at, int length) {
    return new String(in, at, length, StandardCharsets.ISO_8859_1);
  }

  /** Sends them once more; how long the block is. */
  private int sent(Fields block, List<Http1Request.Field> fields)
      throws ProtocolException, Http2Exception {
    byte[] bytes = known.next(block);
    List<String> read = new ArrayList<>();
    own.decode(
        bytes,
        0,
        bytes.length,
        (n, na, nl, v, va, vl) -> read.add(text(n, na, nl) + ": " + text(v, va, vl)));
    assertThat(read).isEqualTo(texts(fields));
    Http2Headers headers = netty.decodeHeaders(1, Unpooled.wrappedBuffer(bytes));
    List<String> other = new ArrayList<>();
    headers.forEach(e -> other.add(e.getKey() + ": " + e.getValue()));
    assertThat(other).containsExactlyInAnyOrderElementsOf(texts(fields));
    return bytes.length;
  }

  /** As Netty does once its settings are acknowledged: a block that does not say so is an error. */
  private void allow(int bytes) throws Http2Exception {
    known.allowed(bytes);
    netty.configuration().maxHeaderTableSize(bytes & 0xffffffffL);
  }

  @Test
  void fieldsAreSaidOnceAndThenAreAByteEach() throws ProtocolException, Http2Exception {
    Fields fields = Fields.of(SHORT);
    assertThat(sent(fields, SHORT)).isEqualTo(2 + 8 + 13 + 2 * 13 + 18);
    for (int i = 0; i < 3; i++) {
      assertThat(sent(fields, SHORT)).isEqualTo(SHORT.size());
    }
  }

  @Test
  void aPeerWithoutATableGetsLiterals() throws ProtocolException, Http2Exception {
    Fields fields = Fields.of(SHORT);
    allow(0);
    int first = sent(fields, SHORT);
    assertThat(sent(fields, SHORT)).as("the size is said once").isEqualTo(first - 1);
    assertThat(own.table().size()).isZero();
  }

  /** It may take its table away, or make it smaller, when fields are in it; no growth is needed. */
  @Test
  void theTableChangesItsSize() throws ProtocolException, Http2Exception {
    Fields fields = Fields.of(SHORT);
    sent(fields, SHORT);
    int size = own.table().size();
    allow(100_000);
    assertThat(sent(fields, SHORT)).isEqualTo(SHORT.size());
    allow(size + 20);
    int anew = sent(fields, SHORT);
    assertThat(anew).isGreaterThan(60);
    assertThat(sent(fields, SHORT)).isEqualTo(SHORT.size());
    assertThat(own.table().size()).isEqualTo(size);
    allow(size);
    allow(-1); // the largest there is
    sent(fields, SHORT);
    assertThat(sent(fields, SHORT)).isEqualTo(SHORT.size());
    allow(size - 1);
    sent(fields, SHORT);
    assertThat(sent(fields, SHORT)).isGreaterThan(60);
    assertThat(own.table().size()).as("nothing is put there in vain").isLessThan(size);
  }

  /** Indices, lengths and sizes of more than one byte. */
  @Test
  void manyAndLongFields() throws ProtocolException, Http2Exception {
    List<Http1Request.Field> many = new ArrayList<>();
    for (int i = 0; i < 90; i++) {
      many.add(new Http1Request.Field("x-" + i, "v"));
    }
    Fields block = Fields.of(many);
    sent(block, many);
    assertThat(sent(block, many)).isEqualTo(90 + 25); // 62 to 126 in a byte, 127 to 151 in two
    List<Http1Request.Field> longer =
        List.of(
            new Http1Request.Field("x-long", "y".repeat(2000)),
            new Http1Request.Field("accept", "z".repeat(200)));
    RequestFieldsTest other = new RequestFieldsTest();
    Fields two = Fields.of(longer);
    other.allow(3000);
    other.sent(two, longer);
    assertThat(other.sent(two, longer)).isEqualTo(2);
    other.allow(1000);
    assertThat(other.sent(two, longer)).isGreaterThan(2200);
  }
}
