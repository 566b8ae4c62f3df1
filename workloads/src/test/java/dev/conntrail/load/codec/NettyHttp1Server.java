package dev.conntrail.load.codec;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.conntrail.load.NettyListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Netty's HTTP/1.1 and WebSocket, put together as no finished server does. */
final class NettyHttp1Server implements CountedServer, AutoCloseable {
  private static final int MOST = 1 << 20;

  /** What clients said on WebSockets that no request of theirs is. */
  final List<String> said = new CopyOnWriteArrayList<>();

  private final NettyListener listener;

  NettyHttp1Server() {
    listener =
        new NettyListener(to ->
            to.addLast(
                new HttpServerCodec(),
                new HttpObjectAggregator(MOST),
                new WebSocketServerProtocolHandler(
                    WebSocketServerProtocolConfig.newBuilder()
                        .websocketPath("/ws")
                        .checkStartsWith(true)
                        .handleCloseFrames(false)
                        .dropPongFrames(false)
                        .build()),
                new Answers(),
                new Chat()));
  }

  @Override
  public InetSocketAddress address() {
    return listener.address();
  }

  @Override
  public long connections() {
    return listener.connections();
  }

  @Override
  public void close() {
    listener.close();
  }

  private static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, UTF_8);
  }

  private static final class Answers extends SimpleChannelInboundHandler<FullHttpRequest> {
    @Override
    protected void channelRead0(ChannelHandlerContext to, FullHttpRequest asked) {
      switch (asked.uri()) {
        case "/length" -> whole(to, HttpVersion.HTTP_1_1, "netty", "");
        case "/old-kept" -> whole(to, HttpVersion.HTTP_1_0, "kept", "keep-alive");
        case "/closes" -> closes(to, whole(to, HttpVersion.HTTP_1_1, "bye", "Close"));
        case "/chunks" -> chunks(to, false);
        case "/trailers" -> chunks(to, true);
        case "/until-close" -> {
          to.write(head(HttpVersion.HTTP_1_1));
          to.write(new DefaultHttpContent(bytes("until the ")));
          closes(to, new DefaultLastHttpContent(bytes("end")));
        }
        case "/early" -> {
          FullHttpResponse early =
              new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.EARLY_HINTS);
          early.headers().set("x-pod", "no");
          to.write(early);
          to.write(
              new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.PROCESSING));
          whole(to, HttpVersion.HTTP_1_1, "late", "");
        }
        case "/byte-by-byte" -> raw(to, true);
        default -> raw(to, false);
      }
      to.flush();
    }

    private HttpResponse head(HttpVersion version) {
      HttpResponse head = new DefaultHttpResponse(version, HttpResponseStatus.OK);
      head.headers().set("X-Pod", "netty-1");
      return head;
    }

    private Object whole(
        ChannelHandlerContext to, HttpVersion version, String body, String connection) {
      FullHttpResponse reply =
          new DefaultFullHttpResponse(version, HttpResponseStatus.OK, bytes(body));
      reply.headers().set("X-Pod", "netty-1").set("Content-Length", body.length());
      if (!connection.isEmpty()) {
        reply.headers().set("Connection", connection);
      }
      to.write(reply);
      return Unpooled.EMPTY_BUFFER;
    }

    private void closes(ChannelHandlerContext to, Object last) {
      to.writeAndFlush(last).addListener(ChannelFutureListener.CLOSE);
    }

    private void chunks(ChannelHandlerContext to, boolean trailers) {
      HttpResponse head = head(HttpVersion.HTTP_1_1);
      head.headers().set("Transfer-Encoding", "chunked");
      to.write(head);
      for (int i = 0; i < 3; i++) {
        to.writeAndFlush(new DefaultHttpContent(bytes("chunk " + i + "x".repeat(2000 * i))));
      }
      LastHttpContent last = new DefaultLastHttpContent();
      if (trailers) {
        last.trailingHeaders().set("X-Sum", "7").set("X-Pod", "netty-2");
      }
      to.write(last);
    }

    /** What Netty's own codec would not write, and is allowed (RFC 9112). */
    private void raw(ChannelHandlerContext to, boolean pieces) {
      String text =
          String.join(
              "\r\n",
              "HTTP/1.1 200 ",
              "X-POD:\t netty-3 \t",
              "x-empty:",
              "x-list: a,, b",
              "transfer-encoding:chunked",
              "",
              "5;name=\"a value\"",
              "12345",
              "000A",
              "1234567890",
              "00;last",
              "x-sum: 15",
              "",
              "");
      ChannelHandlerContext first = to.pipeline().firstContext();
      byte[] all = text.getBytes(US_ASCII);
      for (int at = 0; at < all.length; at += pieces ? 1 : all.length) {
        int n = pieces ? 1 : all.length;
        first.writeAndFlush(Unpooled.copiedBuffer(all, at, n));
      }
    }
  }

  /** Answers each message as the path has it. */
  private final class Chat extends SimpleChannelInboundHandler<WebSocketFrame> {
    private String how = "";
    private boolean closing;
    private boolean heard;

    /** As Jetty says it of a connection that ended without a close frame. */
    @Override
    public void channelInactive(ChannelHandlerContext to) {
      if (!heard) {
        said.add("close 1006");
      }
      to.fireChannelInactive();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext to, Object event) {
      if (event instanceof WebSocketServerProtocolHandler.HandshakeComplete done) {
        how = done.requestUri().substring(4);
      }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext to, WebSocketFrame came) {
      switch (came) {
        case TextWebSocketFrame text -> answer(to, text.text());
        case PongWebSocketFrame pong -> said.add("pong " + pong.content().toString(UTF_8));
        case CloseWebSocketFrame close -> {
          heard = true;
          said.add("close " + close.statusCode());
          if (!closing) {
            to.write(new CloseWebSocketFrame(close.statusCode(), ""));
          }
          to.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
        default -> said.add(came.toString());
      }
      to.flush();
    }

    private void answer(ChannelHandlerContext to, String message) {
      switch (how) {
        case "pieces" -> {
          to.write(new TextWebSocketFrame(false, 0, ""));
          to.write(new ContinuationWebSocketFrame(false, 0, bytes(message)));
          to.write(new PingWebSocketFrame(bytes("1")));
          to.write(new ContinuationWebSocketFrame(false, 0, bytes(" and more")));
          to.write(new PongWebSocketFrame(bytes("nobody asked")));
          to.write(new PingWebSocketFrame(Unpooled.EMPTY_BUFFER));
          to.write(new ContinuationWebSocketFrame(true, 0, Unpooled.EMPTY_BUFFER));
        }
        case "cut-letter" -> {
          ByteBuf letter = bytes("\u20ac");
          to.write(new TextWebSocketFrame(false, 0, letter.readRetainedSlice(2)));
          to.write(new ContinuationWebSocketFrame(true, 0, letter));
        }
        case "binary" -> {
          to.write(new BinaryWebSocketFrame(false, 0, Unpooled.wrappedBuffer(new byte[] {-1, 0})));
          to.write(new ContinuationWebSocketFrame(true, 0, Unpooled.wrappedBuffer(new byte[9])));
        }
        case "reason" -> closes(to, new CloseWebSocketFrame(1001, "r".repeat(123)));
        case "long-ping" -> {
          to.write(new PingWebSocketFrame(bytes("p".repeat(125))));
          to.write(new TextWebSocketFrame(message));
        }
        default -> to.write(new TextWebSocketFrame("x".repeat(Integer.parseInt(how))));
      }
    }

    private void closes(ChannelHandlerContext to, CloseWebSocketFrame frame) {
      closing = true;
      to.write(frame);
    }
  }
}
