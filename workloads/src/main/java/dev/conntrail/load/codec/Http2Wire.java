package dev.conntrail.load.codec;

import static dev.conntrail.load.codec.Http2Frames.check;
import static dev.conntrail.load.codec.Http2Frames.checkSize;
import static dev.conntrail.load.codec.Http2Frames.int16;
import static dev.conntrail.load.codec.Http2Frames.int24;
import static dev.conntrail.load.codec.Http2Frames.int32;

import java.io.IOException;
import java.net.ProtocolException;

/**
 * HTTP/2 in cleartext with prior knowledge (RFC 9113), as a client that has one stream open at a
 * time. What is said on that stream is for the classes that extend this.
 */
abstract class Http2Wire extends Wire {
  private static final long OPAQUE = 0x636f6e6e74726169L;
  private static final int UNLIMITED = Integer.MAX_VALUE;

  private final Http2Windows windows = new Http2Windows();
  private final Http2Upload upload = new Http2Upload(windows);
  private final Http2Reply reply;
  private final Fields.Known known = new Fields.Known();
  private final Http2Streams streams = new Http2Streams();
  private final Http2Block block;
  private boolean begun;
  private boolean settled;
  private boolean leaving;
  private int maxStreams = UNLIMITED;

  Http2Wire(Http2Reply reply, HpackDecoder.Room room, Listener listener) {
    super(listener);
    this.reply = reply;
    this.block = new Http2Block(new HpackDecoder(room));
  }

  /** What the fields of the reply say. */
  final Http2Reply reply() {
    return reply;
  }

  @Override
  public final String seen() {
    return reply.seen();
  }

  /** The fields have ended, and the stream with them if {@code last}. */
  abstract void fields(boolean last) throws ProtocolException;

  /** Bytes of the reply. */
  abstract void data(byte[] in, int at, int count, boolean last) throws ProtocolException;

  /** The stream was reset, or the peer will not answer it; the connection may live. */
  abstract void broken(IOException why);

  /** What was lent must be kept. */
  abstract void keep();

  @Override
  public final void begin(Output out) {
    Http2Frames.greeting(out);
    Http2Windows.grant(out);
    begun = true;
  }

  @Override
  public final boolean ready() {
    return begun && !spent() && maxStreams > 0;
  }

  @Override
  public final boolean spent() {
    return leaving || streams.used();
  }

  /** Whether a stream is open. */
  final boolean streaming() {
    return streams.current() != 0;
  }

  /** Begins a stream. */
  final void open(Fields head, boolean last, Output out) {
    upload.begin(!last);
    Http2Frames.headers(out, streams.open(), known.next(head), last);
  }

  /** Sends on it, as soon as the peer's windows allow; not before all that came before is sent. */
  final void send(byte[] bytes, boolean last, Output out) {
    upload.send(bytes, last);
    upload.pump(streams.current(), out);
  }

  /** The client wants no more of the stream. */
  final void cancel(Output out) {
    if (streaming()) {
      Http2Frames.reset(out, streams.current(), Http2Frames.CANCEL);
      closed();
    }
  }

  private void closed() {
    streams.close();
    upload.end();
  }

  @Override
  public final int consume(byte[] in, int from, int to, Output out) throws ProtocolException {
    int at = from;
    while (to - at >= Http2Frames.HEADER) {
      int length = int24(in, at);
      if (!settled && (in[at + 3] != Http2Frames.SETTINGS || (in[at + 4] & Http2Frames.ACK) != 0)) {
        throw Http2Frames.unsettled(in, at, to, out);
      }
      if (length > Http2Frames.LARGEST) {
        throw Http2Frames.fatal(
            Http2Frames.FRAME_SIZE_ERROR, "a frame of " + length + " bytes", out);
      }
      if (to - at - Http2Frames.HEADER < length) {
        break;
      }
      int id = int32(in, at + 5) & Integer.MAX_VALUE;
      frame(in[at + 3], in[at + 4], id, in, at + Http2Frames.HEADER, length, out);
      at += Http2Frames.HEADER + length;
    }
    keep();
    return at;
  }

  private void frame(int type, int flags, int id, byte[] in, int at, int length, Output out)
      throws ProtocolException {
    if (block.open() && (type != Http2Frames.CONTINUATION || id != block.stream())) {
      throw Http2Frames.fatal(
          Http2Frames.PROTOCOL_ERROR, "another frame within a header block", out);
    }
    try {
      switch (type) {
        case Http2Frames.DATA -> dataFrame(flags, id, in, at, length, out);
        case Http2Frames.HEADERS -> headersFrame(flags, id, in, at, length, out);
        case Http2Frames.CONTINUATION -> {
          block.more(in, at, length);
          blockFrame((flags & Http2Frames.END_HEADERS) != 0, in, at, 0, out);
        }
        case Http2Frames.RST_STREAM -> resetFrame(id, in, at, length);
        case Http2Frames.SETTINGS -> settingsFrame(flags, id, in, at, length, out);
        case Http2Frames.PUSH_PROMISE -> throw new ProtocolException("HTTP/2: a push");
        case Http2Frames.PING -> Http2Frames.pong(flags, id, in, at, length, out);
        case Http2Frames.GOAWAY -> goAwayFrame(id, in, at, length);
        case Http2Frames.WINDOW_UPDATE -> windowFrame(id, in, at, length, out);
        case Http2Frames.PRIORITY -> {
          check(id != 0, "a priority of no stream"); // it means nothing any more (section 5.3)
          checkSize(length == 5);
        }
        default -> {
          // of an extension
        }
      }
    } catch (ProtocolException e) {
      Http2Frames.goAway(out, Http2Exception.code(e));
      throw e;
    }
  }

  private void dataFrame(int flags, int id, byte[] in, int at, int length, Output out)
      throws ProtocolException {
    streams.speaks(id);
    int padding = Http2Frames.padding(flags, in, at, length);
    boolean last = (flags & Http2Frames.END_STREAM) != 0;
    boolean current = id == streams.current();
    windows.received(length, current && !last ? id : 0, out);
    if (current) {
      int first = padding == 0 ? at : at + 1;
      end(last, out);
      data(in, first, length - padding, last);
    }
  }

  /** The peer's side of the stream ends; if the client's has not, nobody wants the rest of it. */
  private void end(boolean last, Output out) {
    if (last) {
      if (upload.open()) {
        Http2Frames.reset(out, streams.current(), Http2Frames.CANCEL);
      }
      streams.end();
      upload.end();
    }
  }

  private void headersFrame(int flags, int id, byte[] in, int at, int length, Output out)
      throws ProtocolException {
    streams.speaks(id);
    int padding = Http2Frames.padding(flags, in, at, length);
    int from = at + (padding == 0 ? 0 : 1);
    int end = at + length - Math.max(0, padding - 1);
    if ((flags & Http2Frames.HAS_PRIORITY) != 0) {
      from += 5;
    }
    checkSize(from <= end);
    block.begin(id, (flags & Http2Frames.END_STREAM) != 0);
    boolean whole = (flags & Http2Frames.END_HEADERS) != 0;
    if (!whole) {
      block.more(in, from, end - from);
    }
    blockFrame(whole, in, from, end - from, out);
  }

  private void blockFrame(boolean whole, byte[] in, int at, int length, Output out)
      throws ProtocolException {
    if (whole) {
      boolean current = block.stream() == streams.current();
      boolean last = block.last();
      block.decode(in, at, length, current ? reply : null);
      if (current) {
        end(last, out);
        fields(last);
      }
    }
  }

  private void resetFrame(int id, byte[] in, int at, int length) throws ProtocolException {
    checkSize(length == 4);
    streams.known(id);
    if (id == streams.current()) {
      closed();
      broken(new IOException("HTTP/2 stream reset: " + Http2Frames.code(int32(in, at))));
    }
  }

  private void settingsFrame(int flags, int id, byte[] in, int at, int length, Output out)
      throws ProtocolException {
    check(id == 0, "settings of a stream");
    if ((flags & Http2Frames.ACK) != 0) {
      checkSize(length == 0);
      return;
    }
    checkSize(length % Http2Frames.SETTING == 0);
    settled = true;
    for (int i = at; i < at + length; i += Http2Frames.SETTING) {
      int value = int32(in, i + 2);
      switch (int16(in, i)) {
        case Http2Frames.TABLE_SIZE -> known.allowed(value);
        case Http2Frames.ENABLE_PUSH -> check(value == 0, "a server allows pushes");
        case Http2Frames.MAX_STREAMS -> maxStreams = value < 0 ? UNLIMITED : value;
        case Http2Frames.INITIAL_WINDOW -> windows.initial(value);
        case Http2Frames.MAX_FRAME -> windows.largestFrame(value);
        default -> {
          // nothing that this client goes by
        }
      }
    }
    Http2Frames.header(out, 0, Http2Frames.SETTINGS, Http2Frames.ACK, 0);
    upload.pump(streams.current(), out);
  }

  private void goAwayFrame(int id, byte[] in, int at, int length) throws ProtocolException {
    check(id == 0, "a GOAWAY of a stream");
    checkSize(length >= 8);
    leaving = true;
    listener().leaving();
    int lastId = int32(in, at) & Integer.MAX_VALUE;
    if (streams.current() > lastId) {
      closed();
      broken(
          new IOException(
              "HTTP/2 stream not begun: GOAWAY " + Http2Frames.code(int32(in, at + 4))));
    }
  }

  private void windowFrame(int id, byte[] in, int at, int length, Output out)
      throws ProtocolException {
    checkSize(length == 4);
    int more = int32(in, at) & Integer.MAX_VALUE;
    check(more > 0, "a window that is made no larger");
    if (id == 0 || id == streams.current()) {
      windows.more(more, id == 0);
      upload.pump(streams.current(), out);
    } else {
      streams.known(id);
    }
  }

  @Override
  public final void ended() throws ProtocolException {
    if (!settled) {
      throw Http2Frames.silent();
    }
  }

  @Override
  public final void ping(Output out) {
    if (begun) {
      Http2Frames.ping(out, 0, OPAQUE);
    }
  }

  @Override
  public final void goodbye(Output out) {
    cancel(out);
    Http2Frames.goAway(out, Http2Frames.NO_ERROR);
  }
}
