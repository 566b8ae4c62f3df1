package dev.conntrail.echo;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * A stream of HTTP/2 that has not ended: what the client allows on it, and what waits for that. It
 * serves for one stream after another where nothing else has kept it.
 */
final class Http2Stream {
  private static final byte[] NOTHING = {};

  private final GrpcMessages messages = new GrpcMessages();
  private int id;
  private Http2Answers by;
  private long window;
  private int taken;
  private boolean asked;
  private boolean headed;
  private boolean over;
  private boolean kept;
  private boolean refused;
  private boolean ends;
  private ByteBuf waiting = Unpooled.EMPTY_BUFFER;
  private byte[] trailers = NOTHING;

  void begin(int number, long allowed, Http2Answers answers) {
    id = number;
    by = answers;
    window = allowed;
    taken = 0;
    asked = false;
    headed = false;
    over = false;
    ends = false;
    refused = false;
    waiting = Unpooled.EMPTY_BUFFER;
    trailers = NOTHING;
    messages.begin();
  }

  int id() {
    return id;
  }

  /** Who answers on it. */
  Http2Answers by() {
    return by;
  }

  /** What of gRPC's messages has come. */
  GrpcMessages messages() {
    return messages;
  }

  /** How much the client allows on it; below 0 when it has taken back what was used. */
  long window() {
    return window;
  }

  void allows(long more) {
    window += more;
  }

  /** So much came on it; how much that is since the client was last allowed more. */
  int took(int bytes) {
    taken += bytes;
    return taken;
  }

  void allowed() {
    taken = 0;
  }

  /** Whether the client has said all. */
  boolean asked() {
    return asked;
  }

  void saidAll() {
    asked = true;
  }

  /** Whether its head was sent; from now on it was. */
  boolean headed() {
    boolean was = headed;
    headed = true;
    return was;
  }

  /** Whether what comes on it changes nothing any more. */
  boolean refused() {
    return refused;
  }

  void refuse() {
    refused = true;
  }

  /** What is to be sent and does not go out at once; who adds to it asks for it. */
  ByteBuf waits() {
    if (!waiting.isReadable()) {
      waiting = Unpooled.buffer();
    }
    return waiting.discardSomeReadBytes();
  }

  /** So many bytes wait to be sent. */
  int waiting() {
    return waiting.readableBytes();
  }

  /** Nothing follows but what waits, and these fields. */
  void ends(byte[] fields) {
    ends = true;
    trailers = fields;
  }

  boolean ending() {
    return ends;
  }

  byte[] trailers() {
    return trailers;
  }

  /** It has ended, or the client gave it up. */
  boolean over() {
    return over;
  }

  void end() {
    over = true;
  }

  /** Who answers late knows it until then. */
  void keep() {
    kept = true;
  }

  boolean kept() {
    return kept;
  }
}
