package dev.conntrail.load.codec;

/** A header block is none: the connection's table can no longer be known. */
final class HpackException extends Http2Exception {
  private static final long serialVersionUID = 1;

  HpackException(String why) {
    super(Http2Frames.COMPRESSION_ERROR, "HPACK: " + why);
  }
}
