package dev.conntrail.load.codec;

import java.net.ProtocolException;

/** Flow control of one connection, both ways (RFC 9113, section 5.2). */
final class Http2Windows {
  /** What the client lets each stream send, and the connection. */
  static final int OURS = 1 << 20;

  private static final int DEFAULT = 65_535;

  private int theirConnection = DEFAULT;
  private int theirInitial = DEFAULT;
  private int theirStream;
  private int largestFrame = Http2Frames.LARGEST;
  private int connectionUsed;
  private int streamUsed;

  /** What the client says before all else, after its settings. */
  static void grant(Output out) {
    Http2Frames.windowUpdate(out, 0, OURS - DEFAULT);
  }

  /** A stream begins. */
  void stream() {
    theirStream = theirInitial;
    streamUsed = 0;
  }

  /**
   * Data came.
   *
   * @param stream that goes on; 0 if none does
   */
  void received(int bytes, int stream, Output out) throws ProtocolException {
    connectionUsed += bytes;
    streamUsed += stream == 0 ? 0 : bytes;
    if (connectionUsed > OURS || streamUsed > OURS) {
      throw new Http2Exception(
          Http2Frames.FLOW_CONTROL_ERROR, "HTTP/2: more data than was allowed");
    }
    if (connectionUsed > OURS / 2) {
      Http2Frames.windowUpdate(out, 0, connectionUsed);
      connectionUsed = 0;
    }
    if (streamUsed > OURS / 2) {
      Http2Frames.windowUpdate(out, stream, streamUsed);
      streamUsed = 0;
    }
  }

  /** How much of so many bytes may be sent as one frame now. */
  int frame(int wanted) {
    return Math.min(Math.min(wanted, largestFrame), Math.min(theirConnection, theirStream));
  }

  /** So much was sent. */
  void sent(int bytes) {
    theirConnection -= bytes;
    theirStream -= bytes;
  }

  /** The peer allows more, on the connection or on the stream. */
  void more(int bytes, boolean connection) throws ProtocolException {
    if (connection) {
      theirConnection = sum(theirConnection, bytes);
    } else {
      theirStream = sum(theirStream, bytes);
    }
  }

  /**
   * The peer's setting, which the open stream goes by too; it may end up with less than nothing.
   */
  void initial(int bytes) throws ProtocolException {
    if (bytes < 0) {
      throw new Http2Exception(Http2Frames.FLOW_CONTROL_ERROR, "HTTP/2: a window is too large");
    }
    theirStream = sum(theirStream, bytes - theirInitial);
    theirInitial = bytes;
  }

  void largestFrame(int bytes) throws ProtocolException {
    if (bytes < Http2Frames.LARGEST || bytes > 0xffffff) {
      throw new ProtocolException("HTTP/2: frames of at most " + bytes + " bytes");
    }
    largestFrame = bytes;
  }

  private static int sum(int window, int more) throws ProtocolException {
    long sum = (long) window + more;
    if (sum > Integer.MAX_VALUE) {
      throw new Http2Exception(Http2Frames.FLOW_CONTROL_ERROR, "HTTP/2: a window is too large");
    }
    return (int) sum;
  }
}
