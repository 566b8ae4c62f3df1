package dev.conntrail.load;

import dev.conntrail.echo.v1.EchoReply;
import dev.conntrail.record.EchoLine;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2StreamFrame;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An echo that answers all requests but some, numbered from 1 as they come: it refuses their
 * streams, or ends the connection that they came on.
 */
final class RefusingServer implements AutoCloseable {
  private final AtomicInteger came = new AtomicInteger();
  private final Set<Integer> refused;
  private final Set<Integer> cut;
  private final NettyListener listener;

  RefusingServer(boolean http2, Set<Integer> refused, Set<Integer> cut) {
    this.refused = refused;
    this.cut = cut;
    this.listener =
        new NettyListener(to -> {
          if (http2) {
            to.addLast(Http2FrameCodecBuilder.forServer().build(), new Streams());
          } else {
            to.addLast(new HttpServerCodec(), new Requests());
          }
        });
  }

  /** Where it listens. */
  String address() {
    return listener.address().toString().replace("/", "");
  }

  /** Requests that came, answered or not. */
  int came() {
    return came.get();
  }

  @Override
  public void close() {
    listener.close();
  }

  private static byte[] line(int number) {
    return new EchoLine("pod-1", "node-1", 1, number).toString().getBytes(StandardCharsets.UTF_8);
  }

  private final class Requests extends SimpleChannelInboundHandler<HttpRequest> {
    @Override
    protected void channelRead0(ChannelHandlerContext to, HttpRequest asked) {
      int number = came.incrementAndGet();
      if (cut.contains(number)) {
        to.close();
        return;
      }
      DefaultFullHttpResponse answer =
          new DefaultFullHttpResponse(
              HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.wrappedBuffer(line(number)));
      answer.headers().set(HttpHeaderNames.CONTENT_LENGTH, answer.content().readableBytes());
      to.writeAndFlush(answer);
    }
  }

  private final class Streams extends SimpleChannelInboundHandler<Http2HeadersFrame> {
    @Override
    protected void channelRead0(ChannelHandlerContext to, Http2HeadersFrame asked) {
      int number = came.incrementAndGet();
      Http2FrameStream on = asked.stream();
      if (cut.contains(number)) {
        to.close();
      } else if (refused.contains(number)) {
        to.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.REFUSED_STREAM).stream(on));
      } else if (asked.headers().contains("te")) {
        grpc(to, on, number);
      } else {
        write(to, on, new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status("200")));
        write(to, on, new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(line(number)), true));
        to.flush();
      }
    }

    private static void write(
        ChannelHandlerContext to, Http2FrameStream on, Http2StreamFrame frame) {
      to.write(frame.stream(on));
    }

    private static void grpc(ChannelHandlerContext to, Http2FrameStream on, int number) {
      byte[] reply =
          EchoReply.newBuilder()
              .setLine(new String(line(number), StandardCharsets.UTF_8))
              .build()
              .toByteArray();
      ByteBuf message = to.alloc().buffer().writeByte(0).writeInt(reply.length).writeBytes(reply);
      Http2Headers head =
          new DefaultHttp2Headers().status("200").add("content-type", "application/grpc");
      write(to, on, new DefaultHttp2HeadersFrame(head));
      write(to, on, new DefaultHttp2DataFrame(message));
      Http2Headers trailers = new DefaultHttp2Headers().add("grpc-status", "0");
      write(to, on, new DefaultHttp2HeadersFrame(trailers, true));
      to.flush();
    }
  }
}
