package dev.conntrail.load.codec;

import java.net.ProtocolException;

/** The peer broke HTTP/2; the code says how (RFC 9113, section 7). */
class Http2Exception extends ProtocolException {
  private static final long serialVersionUID = 1;
  private final int code;

  Http2Exception(int code, String why) {
    super(why);
    this.code = code;
  }

  /** What the connection's last words name for something that broke it. */
  static int code(ProtocolException broken) {
    return broken instanceof Http2Exception known ? known.code : Http2Frames.PROTOCOL_ERROR;
  }
}
