package dev.conntrail.load.codec;

import java.io.IOException;
import java.net.ProtocolException;

/** Requests of HTTP/2, a stream each. */
public final class Http2RequestWire extends Http2Wire {
  private final Http2Request request;
  private final Http2Reply reply;
  private final Body body = new Body();

  /**
   * A connection.
   *
   * @param request what is sent each time
   * @param watched the name of a field of replies that is looked at, in lower case; empty for none
   * @param room shared by all connections of a thread
   */
  public Http2RequestWire(
      Http2Request request, String watched, HpackDecoder.Room room, Listener listener) {
    super(new Http2Reply(watched), room, listener);
    this.request = request;
    this.reply = reply();
  }

  @Override
  public void request(Output out) {
    reply.clear();
    body.clear();
    boolean bodyless = request.body().length == 0;
    open(request.head(), bodyless, out);
    if (!bodyless) {
      send(request.body(), true, out);
    }
  }

  @Override
  void fields(boolean last) throws ProtocolException {
    if (reply.ended(last) && last) {
      answered();
    }
  }

  @Override
  void data(byte[] in, int at, int count, boolean last) throws ProtocolException {
    if (!reply.headed()) {
      throw new ProtocolException("HTTP/2: data before the head");
    }
    body.add(in, at, count);
    if (last) {
      answered();
    }
  }

  private void answered() throws ProtocolException {
    reply.bodyEnded(body.total(), request.headOnly());
    listener().answered(reply.status(), body);
    body.clear();
  }

  @Override
  public String cut(int unused) {
    return Cut.framed(streaming() && reply.headed() ? came() : "", unused);
  }

  private String came() {
    long total = body.total();
    return reply.length() < total
        ? Cut.of(total, "its body")
        : Cut.of(total, reply.length() - total, "its body");
  }

  @Override
  void broken(IOException why) {
    listener().refused(why);
  }

  @Override
  void keep() {
    body.keep();
  }
}
