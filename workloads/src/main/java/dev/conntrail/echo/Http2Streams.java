package dev.conntrail.echo;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.util.List;

/**
 * The streams of one connection of HTTP/2 that have not ended, and what is sent on them, as the
 * client's windows let it through (RFC 9113, section 5.2). A stream that is answered at once makes
 * no objects but its bytes.
 */
final class Http2Streams {
  private static final int DEFAULT_WINDOW = 65_535;
  private static final int HALF_WINDOW = 32_768;
  private static final int LARGEST_FRAME = 16_384;

  private final ChannelHandlerContext context;
  private final Http2Out out;
  private final IntObjectMap<Http2Stream> open = new IntObjectHashMap<>(2);
  private Http2Stream spare = new Http2Stream();
  private long window = DEFAULT_WINDOW;
  private long initialWindow = DEFAULT_WINDOW;
  private int taken;
  private int cutShort;

  Http2Streams(ChannelHandlerContext context, Http2Out out) {
    this.context = context;
    this.out = out;
  }

  Http2Out out() {
    return out;
  }

  /** Whether all streams are answered. */
  boolean none() {
    return open.isEmpty();
  }

  /** A stream is there. */
  Http2Stream open(int id, Http2Answers by) {
    Http2Stream stream = spare == null ? new Http2Stream() : spare;
    spare = null;
    stream.begin(id, initialWindow, by);
    open.put(id, stream);
    return stream;
  }

  /** That of a number; null where it has ended. */
  Http2Stream get(int id) {
    return open.get(id);
  }

  /** Whether the client may not know yet that a stream has ended, before it had said all. */
  boolean cutShort(int id) {
    return id <= cutShort;
  }

  /** So much came on any stream: the client is allowed as much again on the connection. */
  void took(int bytes) {
    taken += bytes;
    if (taken > HALF_WINDOW) {
      out.allow(0, taken);
      taken = 0;
    }
  }

  /** So much came on a stream that is let go: the client is allowed as much again. */
  void took(Http2Stream stream, int bytes) {
    int taken = stream.took(bytes);
    if (taken > HALF_WINDOW) {
      stream.allowed();
      out.allow(stream.id(), taken);
    }
  }

  /**
   * Where so many bytes of a body are to be written: what goes out, where windows let all through,
   * else what waits. Who has written them ends the stream, or has it sent ({@link #pump}).
   *
   * @param last whether the stream ends with them
   */
  ByteBuf body(Http2Stream stream, int length, boolean last) {
    if (stream.waiting() > 0 || length > Math.min(window, stream.window())) {
      return stream.waits();
    }
    return data(stream, length, last);
  }

  private ByteBuf data(Http2Stream stream, int length, boolean last) {
    window -= length;
    stream.allows(-length);
    int flags = last ? Http2Flags.END_STREAM : 0;
    return out.frame(length, Http2FrameTypes.DATA, flags, stream.id());
  }

  /** A stream ends with these fields, or where there are none with its body. */
  void end(Http2Stream stream, byte[] trailers) {
    stream.ends(trailers);
    pump(stream);
  }

  /** Sends as much of what waits as windows let through, and the stream's end behind it. */
  void pump(Http2Stream stream) {
    boolean withBody = stream.ending() && stream.trailers().length == 0;
    for (int may = may(stream); may > 0; may = may(stream)) {
      data(stream, may, withBody && may == stream.waiting()).writeBytes(stream.waits(), may);
    }
    if (stream.ending() && stream.waiting() == 0) {
      finish(stream);
    }
  }

  private int may(Http2Stream stream) {
    long allowed = Math.min(window, stream.window());
    return (int) Math.min(allowed, Math.min(stream.waiting(), LARGEST_FRAME));
  }

  private void finish(Http2Stream stream) {
    byte[] trailers = stream.trailers();
    if (trailers.length > 0) {
      out.headers(trailers.length, Http2Flags.END_STREAM, stream.id()).writeBytes(trailers);
    }
    if (!stream.asked()) {
      out.enough(stream.id());
      cutShort = Math.max(cutShort, stream.id());
    }
    over(stream);
  }

  private void over(Http2Stream stream) {
    open.remove(stream.id());
    stream.end();
    if (!stream.kept()) {
      spare = stream;
    }
  }

  /** A part of an answer as it is said later: unless the client has given it up by then. */
  Runnable late(Http2Stream stream, Runnable part) {
    stream.keep();
    return () -> {
      if (!stream.over()) {
        part.run();
        out.flush();
        if (open.isEmpty()) {
          context.pipeline().fireUserEventTriggered(Http2Echo.ANSWERED);
        }
      }
    };
  }

  /** The client wants no answer. */
  void reset(int id) {
    Http2Stream stream = open.get(id);
    if (stream != null) {
      over(stream);
    }
  }

  /** The client allows more; on the connection if the stream is 0. */
  void more(int id, int bytes) throws Http2Exception {
    Http2Stream stream = open.get(id);
    if (id == 0) {
      window += bytes;
      check(window);
      pump();
    } else if (stream != null) {
      stream.allows(bytes);
      check(stream.window());
      pump(stream);
    }
  }

  private static void check(long window) throws Http2Exception {
    if (window < Integer.MIN_VALUE || window > Integer.MAX_VALUE) {
      throw Http2Exception.connectionError(Http2Error.FLOW_CONTROL_ERROR, "a window too large");
    }
  }

  /** The client's setting, by which open streams go too. */
  void initial(int bytes) throws Http2Exception {
    check(Integer.toUnsignedLong(bytes));
    for (Http2Stream one : open.values()) {
      one.allows(bytes - initialWindow);
      check(one.window());
    }
    initialWindow = bytes;
    pump();
  }

  private void pump() {
    List<Http2Stream> waiting = open.values().stream().filter(s -> s.waiting() > 0).toList();
    waiting.forEach(this::pump);
  }
}
