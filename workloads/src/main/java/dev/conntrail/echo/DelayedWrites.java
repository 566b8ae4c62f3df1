package dev.conntrail.echo;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;

/**
 * Sends what later handlers of its pipeline write as late as the pod answers, in the same order.
 * What earlier handlers write by themselves (a WebSocket's handshake) is not delayed.
 */
final class DelayedWrites extends ChannelOutboundHandlerAdapter {
  private final LateAnswers answers;

  DelayedWrites(LateAnswers answers) {
    this.answers = answers;
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise written) {
    if (answers.none()) {
      context.write(message, written);
    } else {
      answers.say(() -> context.writeAndFlush(message, written));
    }
  }
}
