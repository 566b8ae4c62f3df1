package dev.conntrail.proxy;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** HTTP through an {@link AdminDoor}. */
final class AdminHttp {
  private static final int MOST_BYTES = 1 << 24;
  private static final long LIMIT_S = 10;

  private AdminHttp() {}

  /** What a path has. */
  static String get(Path folder, String path) throws IOException {
    return ask(folder, HttpMethod.GET, path);
  }

  /** Orders something. */
  static void post(Path folder, String path) throws IOException {
    ask(folder, HttpMethod.POST, path);
  }

  private static String ask(Path folder, HttpMethod method, String path) throws IOException {
    EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    try {
      CompletableFuture<String> answer = new CompletableFuture<>();
      Channel door =
          new Bootstrap()
              .group(loop)
              .channel(NioDomainSocketChannel.class)
              .handler(new Conversation(answer))
              .connect(UnixDomainSocketAddress.of(AdminDoor.in(folder)))
              .sync()
              .channel();
      DefaultFullHttpRequest request =
          new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, method, path, Unpooled.EMPTY_BUFFER);
      request.headers().set(HttpHeaderNames.HOST, "admin").set(HttpHeaderNames.CONTENT_LENGTH, 0);
      door.writeAndFlush(request);
      return answer.get(LIMIT_S, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException(path + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while asking " + path, e);
    } finally {
      loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
  }

  /** One request, one answer. */
  private static final class Conversation extends ChannelInitializer<Channel> {
    private final CompletableFuture<String> answer;

    Conversation(CompletableFuture<String> answer) {
      this.answer = answer;
    }

    @Override
    protected void initChannel(Channel channel) {
      channel
          .pipeline()
          .addLast(
              new HttpClientCodec(), new HttpObjectAggregator(MOST_BYTES), new Hearing(answer));
    }
  }

  /** Hears the answer. */
  private static final class Hearing extends SimpleChannelInboundHandler<FullHttpResponse> {
    private final CompletableFuture<String> answer;

    Hearing(CompletableFuture<String> answer) {
      this.answer = answer;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpResponse response) {
      String body = response.content().toString(StandardCharsets.UTF_8);
      if (response.status().equals(HttpResponseStatus.OK)) {
        answer.complete(body);
      } else {
        answer.completeExceptionally(new IOException(response.status() + " " + body.strip()));
      }
      context.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      answer.completeExceptionally(new IOException("it hung up"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      answer.completeExceptionally(cause);
      context.close();
    }
  }
}
