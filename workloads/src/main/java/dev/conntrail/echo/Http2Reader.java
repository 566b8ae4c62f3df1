package dev.conntrail.echo;

import static io.netty.handler.codec.http2.Http2Exception.connectionError;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;

/** Cuts what a client of HTTP/2 says into frames (RFC 9113, sections 3.4, 4.1), where they lie. */
abstract class Http2Reader extends ChannelInboundHandlerAdapter {
  /** What breaks a rule that has no code of its own. */
  static final Http2Error PROTOCOL = Http2Error.PROTOCOL_ERROR;

  private static final int HEADER = 9;
  private static final int LARGEST = 16_384;
  private static final ByteBuf PREFACE = Http2CodecUtil.connectionPrefaceBuf();

  private ByteBuf left = Unpooled.EMPTY_BUFFER;
  private boolean greeted;
  private boolean over;

  /** A frame, whose payload is so many bytes from {@code at} on. */
  abstract void frame(int type, int flags, int id, ByteBuf in, int at, int length)
      throws Http2Exception;

  /** The client broke a rule; nothing that follows is read. */
  abstract void broken(Http2Exception why);

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf in = (ByteBuf) message;
    if (left.isReadable()) {
      ByteBuf both = Unpooled.copiedBuffer(left, in);
      in.release();
      in = both;
    }
    try {
      if (!over) {
        consume(in);
      }
      left = in.isReadable() ? Unpooled.copiedBuffer(in) : Unpooled.EMPTY_BUFFER;
    } catch (Http2Exception e) {
      over = true;
      left = Unpooled.EMPTY_BUFFER;
      broken(e);
    } finally {
      in.release();
    }
  }

  private void consume(ByteBuf in) throws Http2Exception {
    if (!greeted) {
      int length = PREFACE.readableBytes();
      if (in.readableBytes() < length) {
        return;
      }
      check(
          ByteBufUtil.equals(in, in.readerIndex(), PREFACE, PREFACE.readerIndex(), length),
          "no preface of HTTP/2");
      in.skipBytes(length);
      greeted = true;
    }
    while (in.readableBytes() >= HEADER) {
      int at = in.readerIndex();
      int length = in.getUnsignedMedium(at);
      size(length <= LARGEST);
      if (in.readableBytes() < HEADER + length) {
        return;
      }
      int id = in.getInt(at + 5) & Integer.MAX_VALUE;
      frame(in.getByte(at + 3), in.getByte(at + 4), id, in, at + HEADER, length);
      in.skipBytes(HEADER + length);
    }
  }

  static void check(boolean well, String otherwise) throws Http2Exception {
    if (!well) {
      throw connectionError(PROTOCOL, otherwise);
    }
  }

  static void size(boolean well) throws Http2Exception {
    if (!well) {
      throw connectionError(Http2Error.FRAME_SIZE_ERROR, "a frame of the wrong size");
    }
  }

  /** How many bytes of a frame are padding, its length included. */
  static int padding(int flags, ByteBuf in, int at, int length) throws Http2Exception {
    if ((flags & Http2Flags.PADDED) == 0) {
      return 0;
    }
    check(length > 0 && in.getUnsignedByte(at) < length, "more padding than frame");
    return in.getUnsignedByte(at) + 1;
  }
}
