package dev.conntrail.echo;

import dev.conntrail.spec.ClosedBy;
import dev.conntrail.spec.Spoken;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler.HandshakeComplete;

/** The echo over HTTP/1.1 and WebSocket. */
final class HttpEcho {
  private HttpEcho() {}

  private static ByteBuf body(PodLedger.Connection connection) {
    return Unpooled.wrappedBuffer(
        connection.answer().getBytes(java.nio.charset.StandardCharsets.US_ASCII));
  }

  /** One reply for each request. */
  static final class Http1 extends SimpleChannelInboundHandler<FullHttpRequest> {
    private final Gate gate;
    private final RepeatedRequests repeated;

    Http1(Gate gate, RepeatedRequests repeated) {
      this.gate = gate;
      this.repeated = repeated;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
      repeated.read(request);
      FullHttpResponse response =
          new DefaultFullHttpResponse(
              HttpVersion.HTTP_1_1, HttpResponseStatus.OK, body(gate.connection()));
      gate.answered();
      response
          .headers()
          .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.TEXT_PLAIN)
          .setInt(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
      boolean keep = HttpUtil.isKeepAlive(request) && !gate.pod().leaving() && !gate.overdue();
      HttpUtil.setKeepAlive(response, keep);
      var written = context.writeAndFlush(response);
      if (!keep) {
        written.addListener(ChannelFutureListener.CLOSE);
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      gate.connection().closed(ClosedBy.POD);
      context.close();
    }
  }

  /** One text message for each text message. */
  static final class WebSocket extends SimpleChannelInboundHandler<TextWebSocketFrame> {
    private final Gate gate;
    private boolean leaving;

    WebSocket(Gate gate) {
      this.gate = gate;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
      if (event instanceof HandshakeComplete) {
        gate.connection().speaks(Spoken.WEBSOCKET);
        gate.known();
      } else if (event instanceof Gate.Goodbye(WebSocketCloseStatus why)) {
        leaving = true;
        context.writeAndFlush(new CloseWebSocketFrame(why));
      }
      super.userEventTriggered(context, event);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, TextWebSocketFrame frame) {
      if (leaving) {
        return; // no answer may follow the close frame
      }
      context.writeAndFlush(
          new TextWebSocketFrame(
              ByteBufUtil.writeAscii(context.alloc(), gate.connection().answer())));
      gate.answered();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      gate.connection().closed(ClosedBy.POD);
      context.close();
    }
  }
}
