package dev.conntrail.load.codec;

import java.net.ProtocolException;

/** A header block is none: the connection's table can no longer be known. */
final class HpackException extends ProtocolException {
  private static final long serialVersionUID = 1;

  HpackException(String why) {
    super("HPACK: " + why);
  }
}
