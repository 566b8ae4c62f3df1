package dev.conntrail.echo;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameTypes;

/**
 * What one connection of HTTP/2 is told: frames (RFC 9113, section 4.1), gathered until they are
 * let go as one. Nothing is put into the client's table of fields (RFC 7541).
 */
final class Http2Out {
  private static final int FRAME = 9;
  private static final int ROOM = 256;
  private static final int FULL = 1 << 15;
  private static final int SIZE_OF_0 = 0x20;

  private final ChannelHandlerContext context;
  private ByteBuf gathered;
  private boolean smallerTable;

  Http2Out(ChannelHandlerContext context) {
    this.context = context;
  }

  /** Begins a frame; its payload is to be written where this returns it. */
  ByteBuf frame(int length, int type, int flags, int stream) {
    if (gathered != null && gathered.readableBytes() > FULL) {
      context.write(gathered, context.voidPromise());
      gathered = null;
    }
    if (gathered == null) {
      gathered = context.alloc().directBuffer(ROOM);
    }
    gathered.ensureWritable(FRAME + length);
    gathered.writeMedium(length);
    gathered.writeByte(type);
    gathered.writeByte(flags);
    return gathered.writeInt(stream);
  }

  /** Begins a header block that is whole, of so many bytes. */
  ByteBuf headers(int length, int flags, int stream) {
    int all = Http2Flags.END_HEADERS | flags;
    if (!smallerTable) {
      return frame(length, Http2FrameTypes.HEADERS, all, stream);
    }
    smallerTable = false;
    return frame(length + 1, Http2FrameTypes.HEADERS, all, stream).writeByte(SIZE_OF_0);
  }

  /** The client's table may be smaller than it was: that it is not used is said once. */
  void smallerTable() {
    smallerTable = true;
  }

  /** Lets the client say so much more; on the connection if the stream is 0. */
  void allow(int stream, int bytes) {
    frame(4, Http2FrameTypes.WINDOW_UPDATE, 0, stream).writeInt(bytes);
  }

  void settings(int setting, int value) {
    frame(6, Http2FrameTypes.SETTINGS, 0, 0).writeShort(setting).writeInt(value);
  }

  void settingsHeard() {
    frame(0, Http2FrameTypes.SETTINGS, Http2Flags.ACK, 0);
  }

  void ping(int flags, long opaque) {
    frame(8, Http2FrameTypes.PING, flags, 0).writeLong(opaque);
  }

  void goAway(int lastStream, Http2Error why) {
    frame(8, Http2FrameTypes.GO_AWAY, 0, 0).writeInt(lastStream).writeInt((int) why.code());
  }

  /** The client need say no more on a stream (RFC 9113, section 8.1). */
  void enough(int stream) {
    frame(4, Http2FrameTypes.RST_STREAM, 0, stream).writeInt((int) Http2Error.NO_ERROR.code());
  }

  /** Lets go what was gathered. */
  void flush() {
    if (gathered != null) {
      ByteBuf all = gathered;
      gathered = null;
      context.writeAndFlush(all, context.voidPromise());
    }
  }
}
