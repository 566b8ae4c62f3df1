package dev.conntrail.echo;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Sends what later handlers of its pipeline write as much later as it is told, in the same order:
 * the channel's event loop runs what is due at the same time as it came. What earlier handlers
 * write by themselves (a WebSocket's handshake, settings and pings of HTTP/2) is not delayed.
 */
final class DelayedWrites extends ChannelOutboundHandlerAdapter {
  private final long delayNs;

  DelayedWrites(Duration delay) {
    this.delayNs = delay.toNanos();
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise written) {
    context
        .executor()
        .schedule(() -> context.writeAndFlush(message, written), delayNs, TimeUnit.NANOSECONDS);
  }
}
