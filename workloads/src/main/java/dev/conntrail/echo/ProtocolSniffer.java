package dev.conntrail.echo;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import java.util.List;

/**
 * HTTP/2 with prior knowledge starts with "PRI " (RFC 9113, 3.4); whatever else comes is HTTP/1.1,
 * which may become WebSocket.
 */
final class ProtocolSniffer extends ByteToMessageDecoder {
  private static final int ENOUGH = 4;
  private static final int PRI = 0x50524920;
  private static final int MAX_BODY = 1 << 20;

  /** A connection that is to end does so after its last stream. */
  private static final long UNTIL_DONE = -1;

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    if (in.readableBytes() < ENOUGH) {
      return;
    }
    ChannelPipeline pipeline = context.pipeline();
    Gate gate = context.channel().attr(Gate.OF).get();
    PodLedger.Connection connection = gate.connection();
    if (in.getInt(in.readerIndex()) == PRI) {
      connection.speaks("http2");
      pipeline.addLast(
          Http2FrameCodecBuilder.forServer().gracefulShutdownTimeoutMillis(UNTIL_DONE).build(),
          new Http2MultiplexHandler(
              new ChannelInitializer<Channel>() {
                @Override
                protected void initChannel(Channel stream) {
                  stream
                      .pipeline()
                      .addLast(new DelayedWrites(gate.answers()), new HttpEcho.Http2(gate));
                }
              }),
          new Http2Goodbye());
    } else {
      connection.speaks("http1");
      pipeline.addLast(
          new HttpServerCodec(),
          new HttpObjectAggregator(MAX_BODY),
          new WebSocketServerProtocolHandler("/ws"),
          new DelayedWrites(gate.answers()),
          new HttpEcho.WebSocket(gate),
          new HttpEcho.Http1(gate));
    }
    pipeline.remove(this);
    gate.known();
  }
}
