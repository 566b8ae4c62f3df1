package dev.conntrail.echo;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.regex.Pattern;

/**
 * Reads the header blocks of one connection, of which nothing matters but that they are well made,
 * and whether they call a method of gRPC. One that leaves HPACK's table as it is (RFC 7541, section
 * 6) is not read again when it comes once more at once.
 */
final class HeaderBlocks {
  /** Most that the fields of a request may come to, by the count of HTTP/2's settings. */
  static final int LARGEST = 1 << 16;

  private static final int LONGEST = 512;
  private static final int INDEXED = 0x80;
  private static final int LITERAL = 0x20;
  private static final int NAME = 0x0f;
  private static final int LONG_INDEX = 0xff;
  private static final int LONG = 0x7f;
  private static final int NONE = -1;

  /**
   * What is asked for.
   *
   * @param grpc whether that is a method of gRPC
   * @param path of a method, {@code package.Service/Method}; else empty
   */
  record Asked(boolean grpc, String path) {
    private static final Asked LINE = new Asked(false, "");

    private static Asked of(Http2Headers fields) {
      CharSequence type = fields.get(HttpHeaderNames.CONTENT_TYPE);
      CharSequence path = fields.path();
      if (type == null || !GRPC.matcher(type).matches()) {
        return LINE;
      }
      return new Asked(true, path == null ? "" : path.toString().replaceFirst("^/", ""));
    }
  }

  /** With whatever messages, and parameters. */
  private static final Pattern GRPC = Pattern.compile("application/grpc([+;].*)?");

  private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(true, LARGEST);
  private ByteBuf last = Unpooled.EMPTY_BUFFER;
  private Asked asked = Asked.LINE;

  /**
   * Reads one; what it asks for.
   *
   * @throws Http2Exception if it is not well made
   */
  Asked read(int stream, ByteBuf in, int at, int length) throws Http2Exception {
    if (length == last.readableBytes() && ByteBufUtil.equals(in, at, last, 0, length)) {
      return asked;
    }
    last = Unpooled.EMPTY_BUFFER;
    asked = Asked.of(decoder.decodeHeaders(stream, in.slice(at, length)));
    if (length <= LONGEST && changesNothing(in, at, at + length)) {
      last = Unpooled.copiedBuffer(in.slice(at, length));
    }
    return asked;
  }

  /** Whether all fields are indices, or literals that are not added; longer numbers count as no. */
  private static boolean changesNothing(ByteBuf in, int from, int end) {
    int at = from;
    while (at != NONE && at < end) {
      int first = in.getUnsignedByte(at++);
      if (first >= INDEXED) {
        at = first == LONG_INDEX ? NONE : at;
      } else if (first >= LITERAL) {
        return false;
      } else {
        if ((first & NAME) == 0) {
          at = string(in, at, end);
        } else if ((first & NAME) == NAME) {
          at = at < end && in.getByte(at) >= 0 ? at + 1 : NONE;
        }
        at = string(in, at, end);
      }
    }
    return at == end;
  }

  /** Behind a string that begins there. */
  private static int string(ByteBuf in, int at, int end) {
    if (at == NONE || at >= end) {
      return NONE;
    }
    int length = in.getByte(at) & LONG;
    return length == LONG || at + 1 + length > end ? NONE : at + 1 + length;
  }
}
