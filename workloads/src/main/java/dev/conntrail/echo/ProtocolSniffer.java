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
import java.net.InetSocketAddress;
import java.util.List;

/**
 * HTTP/2 with prior knowledge starts with "PRI " (RFC 9113, 3.4); whatever else comes is HTTP/1.1,
 * which may become WebSocket.
 */
final class ProtocolSniffer extends ByteToMessageDecoder {
  private static final int ENOUGH = 4;
  private static final int PRI = 0x50524920;
  private static final int MAX_BODY = 1 << 20;

  private final PodLedger ledger;
  private PodLedger.Connection connection;

  ProtocolSniffer(PodLedger ledger) {
    this.ledger = ledger;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) throws Exception {
    connection = ledger.opened((InetSocketAddress) context.channel().remoteAddress(), "unknown");
    super.channelActive(context);
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    if (in.readableBytes() < ENOUGH) {
      return;
    }
    ChannelPipeline pipeline = context.pipeline();
    if (in.getInt(in.readerIndex()) == PRI) {
      connection.speaks("http2");
      PodLedger.Connection counted = connection;
      pipeline.addLast(
          Http2FrameCodecBuilder.forServer().build(),
          new Http2MultiplexHandler(
              new ChannelInitializer<Channel>() {
                @Override
                protected void initChannel(Channel stream) {
                  delay(stream.pipeline());
                  stream.pipeline().addLast(new HttpEcho.Http2(counted));
                }
              }));
    } else {
      connection.speaks("http1");
      pipeline.addLast(
          new HttpServerCodec(),
          new HttpObjectAggregator(MAX_BODY),
          new WebSocketServerProtocolHandler("/ws"));
      delay(pipeline);
      pipeline.addLast(new HttpEcho.WebSocket(connection), new HttpEcho.Http1(connection));
    }
    pipeline.remove(this);
  }

  /** What is added to the pipeline after this answers as late as the pod does. */
  private void delay(ChannelPipeline pipeline) {
    if (!ledger.pod().delay().isZero()) {
      pipeline.addLast(new DelayedWrites(ledger.pod().delay()));
    }
  }
}
