package dev.conntrail.load.codec;

import java.net.ProtocolException;
import java.util.Arrays;

/** A header block, gathered from its frames where there are several (RFC 9113, section 4.3). */
final class Http2Block {
  private static final HpackDecoder.Sink NOBODY =
      (_, _, _, _, _, _) -> {
        // nobody waits for them any more
      };

  private static final int LARGEST = 64 * 1024;
  private static final byte[] NONE = {};

  private final HpackDecoder hpack;
  private byte[] gathered = NONE;
  private int length;
  private int stream;
  private boolean last;

  Http2Block(HpackDecoder hpack) {
    this.hpack = hpack;
  }

  /** Begins one. */
  void begin(int ofStream, boolean endsIt) {
    stream = ofStream;
    last = endsIt;
    length = 0;
  }

  /** Whether one has begun and not ended. */
  boolean open() {
    return stream != 0;
  }

  int stream() {
    return stream;
  }

  /** Whether its stream ends with it. */
  boolean last() {
    return last;
  }

  void more(byte[] in, int at, int count) throws ProtocolException {
    if (stream == 0) {
      throw new ProtocolException("HTTP/2: CONTINUATION of nothing");
    }
    if (length + count > LARGEST) {
      throw new ProtocolException("HTTP/2: a header block of more than " + LARGEST + " bytes");
    }
    if (gathered.length < length + count) {
      gathered = Arrays.copyOf(gathered, Math.max(length + count, 2 * gathered.length));
    }
    System.arraycopy(in, at, gathered, length, count);
    length += count;
  }

  /**
   * Reads what was gathered, or, if nothing was, these bytes; it has ended then.
   *
   * @param reply whose fields they are; null for nobody's, which may be in the table all the same
   */
  void decode(byte[] in, int at, int count, Http2Reply reply) throws ProtocolException {
    stream = 0;
    if (length > 0) {
      hpack.decode(gathered, 0, length, reply == null ? NOBODY : reply);
      gathered = NONE;
      length = 0;
    } else if (reply == null) {
      hpack.decode(in, at, at + count, NOBODY);
    } else {
      reply.read(hpack, in, at, count);
    }
  }
}
