package dev.conntrail.echo;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;

/**
 * Answers requests of HTTP/1.1 that are the same bytes as one that Netty's codec has read on the
 * connection before, and has found to be one whole request that a plain answer follows. What else
 * comes goes on to the codec.
 */
final class RepeatedRequests extends ChannelInboundHandlerAdapter {
  private static final int LONGEST = 4096;
  private static final int BLANK_LINE = 0x0d0a0d0a;
  private static final int CR = '\r';
  private static final byte[] HEAD =
      "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: "
          .getBytes(StandardCharsets.US_ASCII);
  private static final int MOST_DIGITS = 20;

  private final Gate gate;
  private ByteBuf known = Unpooled.EMPTY_BUFFER;
  private ByteBuf passed = Unpooled.EMPTY_BUFFER;

  /** Whether the codec waits for the first byte of a request. */
  private boolean between = true;

  private boolean written;
  private int requests;
  private boolean plain;
  private int content;

  RepeatedRequests(Gate gate) {
    this.gate = gate;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf in = (ByteBuf) message;
    while (repeats(in)) {
      in.skipBytes(known.readableBytes());
      answer(context);
    }
    if (!in.isReadable()) {
      in.release();
      return;
    }
    between = false;
    boolean whole = passed.readableBytes() + in.readableBytes() <= LONGEST;
    if (whole) {
      passed = Unpooled.copiedBuffer(passed, in);
    }
    requests = 0;
    context.fireChannelRead(in);
    if (!whole || requests > 1 || (requests == 1 && !learnt())) {
      leave(context);
    }
  }

  private boolean repeats(ByteBuf in) {
    int length = known.readableBytes();
    return between
        && length > 0
        && in.readableBytes() >= length
        && ByteBufUtil.equals(in, in.readerIndex(), known, 0, length)
        && !gate.lastIsNext();
  }

  /** The codec has read a whole request. */
  void read(FullHttpRequest request) {
    requests++;
    content = request.content().readableBytes();
    plain =
        request.decoderResult().isSuccess()
            && request.protocolVersion().equals(HttpVersion.HTTP_1_1)
            && HttpUtil.isKeepAlive(request)
            && !request.method().equals(HttpMethod.HEAD)
            && !request.method().equals(HttpMethod.CONNECT)
            && !request.headers().contains(HttpHeaderNames.TRANSFER_ENCODING)
            && !request.headers().contains(HttpHeaderNames.EXPECT);
  }

  /** Whether what the codec was given is that request, and nothing before or behind it. */
  private boolean learnt() {
    int at = 0;
    while (at + 4 <= passed.writerIndex() && passed.getInt(at) != BLANK_LINE) {
      at++;
      if (passed.getByte(at) == '\n' && passed.getByte(at - 1) != CR) {
        return false; // a line that ends in a way of its own may end the head as well
      }
    }
    if (!plain || at + 4 + content != passed.writerIndex()) {
      return false;
    }
    known = passed;
    passed = Unpooled.EMPTY_BUFFER;
    between = true;
    return true;
  }

  /** Nothing more is answered here. */
  void leave(ChannelHandlerContext context) {
    between = false;
    if (!context.isRemoved()) {
      context.pipeline().remove(this);
    }
  }

  private void answer(ChannelHandlerContext context) {
    PodLedger.Connection connection = gate.connection();
    long number = connection.counts();
    int length = connection.length(number);
    ByteBuf out = context.alloc().directBuffer(HEAD.length + MOST_DIGITS + length);
    out.writeBytes(HEAD);
    Decimals.write(length, out);
    out.writeInt(BLANK_LINE);
    connection.write(number, out);
    if (gate.answers().none()) {
      context.write(out, context.voidPromise());
      written = true;
    } else {
      gate.answers().say(() -> context.writeAndFlush(out, context.voidPromise()));
    }
    gate.answered();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (written) {
      written = false;
      context.flush();
    }
    context.fireChannelReadComplete();
  }
}
