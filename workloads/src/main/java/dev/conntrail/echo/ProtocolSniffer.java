package dev.conntrail.echo;

import dev.conntrail.spec.Spoken;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import java.util.List;

/**
 * HTTP/2 with prior knowledge starts with "PRI " (RFC 9113, 3.4); whatever else comes is HTTP/1.1,
 * which may become WebSocket.
 */
final class ProtocolSniffer extends ByteToMessageDecoder {
  private static final int ENOUGH = 4;
  private static final int PRI = 0x50524920;
  private static final int MAX_BODY = 1 << 20;

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    if (in.readableBytes() < ENOUGH) {
      return;
    }
    ChannelPipeline pipeline = context.pipeline();
    Gate gate = context.channel().attr(Gate.OF).get();
    PodLedger.Connection connection = gate.connection();
    if (in.getInt(in.readerIndex()) == PRI) {
      connection.speaks(Spoken.HTTP2);
      pipeline.addLast(new Http2Echo(gate));
    } else {
      connection.speaks(Spoken.HTTP1);
      RepeatedRequests repeated = new RepeatedRequests(gate);
      pipeline.addLast(
          repeated,
          new HttpServerCodec(),
          new HttpObjectAggregator(MAX_BODY),
          new WebSocketServerProtocolHandler("/ws"),
          new DelayedWrites(gate.answers()),
          new HttpEcho.WebSocket(gate),
          new HttpEcho.Http1(gate, repeated));
    }
    pipeline.remove(this);
    gate.known();
  }
}
