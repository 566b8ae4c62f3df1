package dev.conntrail.load.codec;

import dev.conntrail.load.NettyListener;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2PingFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.DefaultHttp2SettingsFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2Settings;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** Netty's frames of HTTP/2, put together as no finished server does. */
final class NettyServer implements CountedServer, AutoCloseable {
  private final NettyListener listener;

  NettyServer() {
    listener =
        new NettyListener(
            to -> to.addLast(Http2FrameCodecBuilder.forServer().build(), new Answers()));
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

  private static final class Answers extends SimpleChannelInboundHandler<Http2HeadersFrame> {
    private static final int MOST_PADDING = 256;

    @Override
    protected void channelRead0(ChannelHandlerContext to, Http2HeadersFrame asked) {
      Http2FrameStream on = asked.stream();
      Http2Headers head = new DefaultHttp2Headers().status("200").add("x-pod", "netty-1");
      switch (asked.headers().path().toString()) {
        case "/padded" -> {
          to.write(new DefaultHttp2HeadersFrame(head, false, MOST_PADDING).stream(on));
          data(to, on, "pod", false, MOST_PADDING);
          data(to, on, "", false, 1);
          data(to, on, "-1", true, 100);
        }
        case "/continued" -> {
          for (int i = 0; i < 3; i++) {
            head.add("x-large-" + i, "abcdefghij".repeat(1700));
          }
          to.write(new DefaultHttp2HeadersFrame(head, true).stream(on));
        }
        case "/trailers" -> {
          to.write(new DefaultHttp2HeadersFrame(head, false).stream(on));
          data(to, on, "body", false, 0);
          Http2Headers last = new DefaultHttp2Headers().add("x-sum", "7").add("x-pod", "netty-2");
          to.write(new DefaultHttp2HeadersFrame(last, true, 3).stream(on));
        }
        case "/empty-frames" -> {
          to.write(new DefaultHttp2HeadersFrame(head, false).stream(on));
          data(to, on, "", false, 0);
          data(to, on, "a", false, 0);
          data(to, on, "", true, 0);
        }
        case "/settings" -> {
          to.write(
              new DefaultHttp2SettingsFrame(
                  new Http2Settings().headerTableSize(0).maxFrameSize(20_000)));
          to.write(new DefaultHttp2PingFrame(42));
          to.write(new DefaultHttp2HeadersFrame(head, true).stream(on));
        }
        case "/table" -> {
          for (int i = 0; i < 60; i++) {
            head.add("x-field-" + i % 7, "value " + i % 11);
          }
          to.write(new DefaultHttp2HeadersFrame(head, true).stream(on));
        }
        default -> to.write(new DefaultHttp2ResetFrame(Http2Error.REFUSED_STREAM).stream(on));
      }
      to.flush();
    }

    private static void data(
        ChannelHandlerContext to, Http2FrameStream on, String text, boolean last, int padding) {
      to.write(
          new DefaultHttp2DataFrame(
                  text.isEmpty()
                      ? Unpooled.EMPTY_BUFFER
                      : ByteBufUtil.encodeString(
                          to.alloc(), java.nio.CharBuffer.wrap(text), StandardCharsets.UTF_8),
                  last,
                  padding)
              .stream(on));
    }
  }
}
