package dev.conntrail.echo;

import static io.netty.handler.codec.http2.Http2Exception.connectionError;

import dev.conntrail.spec.ClosedBy;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameTypes;

/**
 * The echo over HTTP/2 (RFC 9113): each stream is answered when the client has said all on it, and
 * one that is a call of gRPC at each message. It ends a connection without a loss (section 6.8): a
 * GOAWAY that still allows every stream, a round trip for those that are on their way, then one
 * that names the last; streams in flight are finished.
 */
final class Http2Echo extends Http2Reader {
  /** Told to the connection's handlers: all that was asked is answered, late. */
  static final Object ANSWERED = new Object();

  private static final long LEAVING = 0x6c656176696e67L;
  private static final int SETTING = 6;
  private static final int TABLE_SIZE = 1;
  private static final int INITIAL_WINDOW = 4;
  private static final int MAX_HEADER_LIST = 6;

  private final Gate gate;
  private final HeaderBlocks blocks = new HeaderBlocks();
  private ChannelHandlerContext context;
  private Http2Out out;
  private Http2Streams streams;
  private Http2Answers lines;
  private Http2Answers calls;
  private ByteBuf block = Unpooled.EMPTY_BUFFER;
  private int blockStream;
  private boolean blockEnds;
  private boolean settled;
  private int last;
  private boolean ending;

  Http2Echo(Gate gate) {
    this.gate = gate;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
    out = new Http2Out(added);
    streams = new Http2Streams(added, out);
    lines = new LineAnswers(gate, streams);
    calls = new GrpcAnswers(gate, streams);
    out.settings(MAX_HEADER_LIST, HeaderBlocks.LARGEST);
    out.flush();
  }

  @Override
  void frame(int type, int flags, int id, ByteBuf in, int at, int length) throws Http2Exception {
    check(settled || type == Http2FrameTypes.SETTINGS, "a frame before the settings");
    check(
        blockStream == 0 || (type == Http2FrameTypes.CONTINUATION && id == blockStream),
        "another frame within a header block");
    switch (type) {
      case Http2FrameTypes.DATA -> data(flags, id, in, at, length);
      case Http2FrameTypes.HEADERS -> headers(flags, id, in, at, length);
      case Http2FrameTypes.CONTINUATION -> {
        check(blockStream != 0, "a continuation of nothing");
        gathered(in, at, length, (flags & Http2Flags.END_HEADERS) != 0);
      }
      case Http2FrameTypes.RST_STREAM -> {
        size(length == 4);
        check(id != 0 && id <= last, "a reset of a stream that is not there");
        streams.reset(id);
      }
      case Http2FrameTypes.SETTINGS -> settings(flags, id, in, at, length);
      case Http2FrameTypes.PING -> ping(flags, id, in, at, length);
      case Http2FrameTypes.WINDOW_UPDATE -> {
        size(length == 4);
        int more = in.getInt(at) & Integer.MAX_VALUE;
        check(more > 0 && id <= last, "a window that is made no larger, or of no stream");
        streams.more(id, more);
      }
      case Http2FrameTypes.PUSH_PROMISE -> throw connectionError(PROTOCOL, "a client's push");
      default -> {
        // priorities, GOAWAY and extensions change nothing
      }
    }
  }

  private void headers(int flags, int id, ByteBuf in, int at, int length) throws Http2Exception {
    int padding = padding(flags, in, at, length);
    int from = at + (padding == 0 ? 0 : 1) + ((flags & Http2Flags.PRIORITY) == 0 ? 0 : 5);
    int end = at + length - Math.max(0, padding - 1);
    size(from <= end);
    check((id & 1) == 1, "a stream that is not a client's");
    blockEnds = (flags & Http2Flags.END_STREAM) != 0;
    if (id <= last) {
      check(speaks(id) == null || blockEnds, "fields within a body");
    }
    if ((flags & Http2Flags.END_HEADERS) == 0) {
      blockStream = id;
      gathered(in, from, end - from, false);
    } else {
      read(id, in, from, end - from);
    }
  }

  private void gathered(ByteBuf in, int at, int length, boolean whole) throws Http2Exception {
    check(block.readableBytes() + length <= HeaderBlocks.LARGEST, "a header block without end");
    block = Unpooled.copiedBuffer(block, in.slice(at, length));
    if (whole) {
      int id = blockStream;
      ByteBuf all = block;
      blockStream = 0;
      block = Unpooled.EMPTY_BUFFER;
      read(id, all, 0, all.readableBytes());
    }
  }

  private void read(int id, ByteBuf in, int at, int length) throws Http2Exception {
    HeaderBlocks.Asked asked = blocks.read(id, in, at, length);
    if (id > last && ending) {
      return; // the client knows by GOAWAY that it is not answered
    }
    boolean begins = id > last;
    last = Math.max(last, id);
    Http2Stream stream = begins ? streams.open(id, asked.grpc() ? calls : lines) : streams.get(id);
    if (stream == null) {
      return; // it was cut short
    }
    if (blockEnds) {
      stream.saidAll();
    }
    if (begins) {
      stream.by().begun(stream, asked.path());
    }
    if (blockEnds) {
      asked(stream);
    }
  }

  private static void asked(Http2Stream stream) {
    if (!stream.over()) {
      stream.by().asked(stream);
    }
  }

  private void data(int flags, int id, ByteBuf in, int at, int length) throws Http2Exception {
    int padding = padding(flags, in, at, length);
    streams.took(length);
    if (ending && id > last) {
      return;
    }
    check(id != 0 && id <= last, "data on a stream that is not there");
    Http2Stream stream = speaks(id);
    if (stream == null) {
      return;
    }
    boolean all = (flags & Http2Flags.END_STREAM) != 0;
    if (all) {
      stream.saidAll();
    }
    int from = at + Math.min(padding, 1);
    stream.by().came(stream, in, from, from + length - padding);
    if (all) {
      asked(stream);
    } else if (!stream.over()) {
      streams.took(stream, length);
    }
  }

  /** The stream on which the client speaks; null where it could not know that it has ended. */
  private Http2Stream speaks(int id) throws Http2Exception {
    Http2Stream stream = streams.get(id);
    if (stream == null ? !streams.cutShort(id) : stream.asked()) {
      throw connectionError(Http2Error.STREAM_CLOSED, "a frame on a stream that is closed");
    }
    return stream;
  }

  private void settings(int flags, int id, ByteBuf in, int at, int length) throws Http2Exception {
    check(id == 0, "settings of a stream");
    if ((flags & Http2Flags.ACK) != 0) {
      size(length == 0);
      return;
    }
    size(length % SETTING == 0);
    settled = true;
    for (int i = at; i < at + length; i += SETTING) {
      int value = in.getInt(i + 2);
      switch (in.getUnsignedShort(i)) {
        case TABLE_SIZE -> out.smallerTable();
        case INITIAL_WINDOW -> streams.initial(value);
        default -> {
          // nothing that short answers go by
        }
      }
    }
    out.settingsHeard();
  }

  private void ping(int flags, int id, ByteBuf in, int at, int length) throws Http2Exception {
    check(id == 0, "a ping of a stream");
    size(length == 8);
    long opaque = in.getLong(at);
    if ((flags & Http2Flags.ACK) == 0) {
      out.ping(Http2Flags.ACK, opaque);
    } else if (opaque == LEAVING && !ending) {
      ending = true;
      out.goAway(last, Http2Error.NO_ERROR);
    }
  }

  private void endIfDone() {
    if (ending && streams.none()) {
      context.close();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext told, Object event) {
    if (event instanceof Gate.Goodbye) {
      out.goAway(Integer.MAX_VALUE, Http2Error.NO_ERROR);
      out.ping(0, LEAVING);
      out.flush();
    } else if (event == ANSWERED) {
      endIfDone();
    }
    told.fireUserEventTriggered(event);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext complete) {
    out.flush();
    endIfDone();
    complete.fireChannelReadComplete();
  }

  @Override
  void broken(Http2Exception why) {
    out.goAway(last, why.error());
    out.flush();
    gate.connection().closed(ClosedBy.POD);
    context.close();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext failed, Throwable cause) {
    gate.connection().closed(ClosedBy.POD);
    failed.close();
  }
}
