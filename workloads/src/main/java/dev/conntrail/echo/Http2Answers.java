package dev.conntrail.echo;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The answers of one connection of HTTP/2: a head and a line for each stream, as the client's
 * windows let them through (RFC 9113, section 5.2), and as late as the pod is. An answer that goes
 * out at once makes no objects but its bytes.
 */
final class Http2Answers {
  private static final int FRAME = 9;
  private static final int DEFAULT_WINDOW = 65_535;
  private static final int SIZE_OF_0 = 0x20;
  private static final int MOST_DIGITS = 20;

  /** {@code :status: 200}, {@code content-type: text/plain}, and the name of content-length. */
  private static final byte[] HEAD =
      "\210\017\020\012text/plain\017\015".getBytes(StandardCharsets.ISO_8859_1);

  /** A stream that has not been answered. */
  static final class Stream {
    private final int id;
    private long window;
    private boolean asked;
    private int taken;
    private long number;
    private int sent = -1;

    private Stream(int id, long window) {
      this.id = id;
      this.window = window;
    }
  }

  private final Gate gate;
  private final ChannelHandlerContext context;
  private final IntObjectMap<Stream> open = new IntObjectHashMap<>(2);
  private long window = DEFAULT_WINDOW;
  private long initialWindow = DEFAULT_WINDOW;
  private boolean smallerTable;
  private boolean written;

  Http2Answers(Gate gate, ChannelHandlerContext context) {
    this.gate = gate;
    this.context = context;
  }

  /** Whether all streams are answered. */
  boolean none() {
    return open.isEmpty();
  }

  /** A stream is there that has more to say. */
  void open(int id) {
    open.put(id, new Stream(id, initialWindow));
  }

  /** Whether the client may still speak on it. */
  boolean speaks(int id) {
    Stream stream = open.get(id);
    return stream != null && !stream.asked;
  }

  /** So much came on it that is let go; how much that is since it was last allowed more. */
  int took(int id, int bytes) {
    Stream stream = open.get(id);
    stream.taken += bytes;
    return stream.taken;
  }

  /** The client is allowed as much again. */
  void allowed(int id) {
    open.get(id).taken = 0;
  }

  /** The client has said all on a stream: it is answered. */
  void asked(int id) {
    long number = gate.connection().counts();
    int length = gate.connection().length(number);
    Stream stream = open.get(id);
    long may = Math.min(window, stream == null ? initialWindow : stream.window);
    if (gate.answers().none() && length <= may) {
      open.remove(id);
      window -= length;
      whole(id, number, length);
      written = true;
    } else {
      Stream one = stream == null ? new Stream(id, initialWindow) : stream;
      open.put(id, one);
      one.asked = true;
      one.number = number;
      gate.answers().say(() -> due(one));
    }
    gate.answered();
  }

  private void whole(int id, long number, int length) {
    int head = headLength(length);
    ByteBuf out = context.alloc().directBuffer(2 * FRAME + head + length);
    head(id, length, out);
    frame(out, length, Http2FrameTypes.DATA, Http2Flags.END_STREAM, id);
    gate.connection().write(number, out);
    context.write(out, context.voidPromise());
  }

  private int headLength(int length) {
    return (smallerTable ? 1 : 0) + HEAD.length + 1 + Decimals.digits(length);
  }

  private void head(int id, int length, ByteBuf out) {
    frame(out, headLength(length), Http2FrameTypes.HEADERS, Http2Flags.END_HEADERS, id);
    if (smallerTable) {
      smallerTable = false;
      out.writeByte(SIZE_OF_0);
    }
    out.writeBytes(HEAD);
    out.writeByte(Decimals.digits(length));
    Decimals.write(length, out);
  }

  static void frame(ByteBuf out, int length, int type, int flags, int stream) {
    out.writeMedium(length);
    out.writeByte(type);
    out.writeByte(flags);
    out.writeInt(stream);
  }

  private void due(Stream one) {
    if (open.get(one.id) == one) {
      one.sent = 0;
      pump(one, true);
      context.flush();
      if (open.isEmpty()) {
        context.pipeline().fireUserEventTriggered(Http2Echo.ANSWERED);
      }
    }
  }

  /** As much of an answer as the windows let through. */
  private void pump(Stream one, boolean first) {
    int length = gate.connection().length(one.number);
    ByteBuf text = context.alloc().buffer(length);
    gate.connection().write(one.number, text);
    ByteBuf out = context.alloc().directBuffer(2 * FRAME + HEAD.length + MOST_DIGITS + length);
    if (first) {
      head(one.id, length, out);
    }
    int may = Math.clamp(Math.min(window, one.window), 0, length - one.sent);
    if (may > 0) {
      boolean last = may == length - one.sent;
      frame(out, may, Http2FrameTypes.DATA, last ? Http2Flags.END_STREAM : 0, one.id);
      out.writeBytes(text, one.sent, may);
      one.sent += may;
      window -= may;
      one.window -= may;
      if (last) {
        open.remove(one.id);
      }
    }
    text.release();
    context.write(out, context.voidPromise());
    written = true;
  }

  /** The client wants no answer. */
  void reset(int id) {
    open.remove(id);
  }

  /** The client allows more; on the connection if the stream is 0. */
  void more(int id, int bytes) throws Http2Exception {
    Stream stream = open.get(id);
    if (id == 0) {
      window += bytes;
    } else if (stream != null) {
      stream.window += bytes;
    }
    if (window > Integer.MAX_VALUE || (stream != null && stream.window > Integer.MAX_VALUE)) {
      throw Http2Exception.connectionError(Http2Error.FLOW_CONTROL_ERROR, "a window too large");
    }
    pump();
  }

  /** The client's setting, by which open streams go too. */
  void initial(int bytes) throws Http2Exception {
    if (bytes < 0) {
      throw Http2Exception.connectionError(Http2Error.FLOW_CONTROL_ERROR, "a window too large");
    }
    for (Stream one : open.values()) {
      one.window += bytes - initialWindow;
    }
    initialWindow = bytes;
    pump();
  }

  /** The client's table may be smaller than it was: that it is not used is said once. */
  void smallerTable() {
    smallerTable = true;
  }

  private void pump() {
    List<Stream> waiting = new ArrayList<>();
    open.values()
        .forEach(s -> {
          if (s.sent >= 0) {
            waiting.add(s);
          }
        });
    waiting.forEach(s -> pump(s, false));
  }

  /** Lets go what was written. */
  void flush() {
    if (written) {
      written = false;
      context.flush();
    }
  }
}
