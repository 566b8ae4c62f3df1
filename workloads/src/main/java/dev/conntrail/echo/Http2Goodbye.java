package dev.conntrail.echo;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.DefaultHttp2PingFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2PingFrame;
import io.netty.util.ReferenceCountUtil;

/**
 * Ends an HTTP/2 connection without a loss (RFC 9113, section 6.8): a GOAWAY that still allows
 * every stream, a round trip for those that are on their way, then one that names the last; streams
 * in flight are finished.
 */
final class Http2Goodbye extends ChannelInboundHandlerAdapter {
  private static final long LEAVING = 0x6c656176696e67L;

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
    if (event instanceof Gate.Goodbye) {
      context.write(
          new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR).setExtraStreamIds(Integer.MAX_VALUE));
      context.writeAndFlush(new DefaultHttp2PingFrame(LEAVING));
    }
    super.userEventTriggered(context, event);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object frame) {
    if (frame instanceof Http2PingFrame ping && ping.ack() && ping.content() == LEAVING) {
      context.close(); // the codec says GOAWAY again, and closes after the last stream
    }
    ReferenceCountUtil.release(frame);
  }
}
