package dev.conntrail.echo;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** What a client of HTTP/2 says, in hexadecimal: frames (RFC 9113), and blocks of fields. */
final class Http2Hex {
  private Http2Hex() {}

  static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** With a payload that may have spaces in it. */
  static String frame(int type, int flags, int stream, String payload) {
    String all = payload.replace(" ", "");
    return "%06x%02x%02x%08x".formatted(all.length() / 2, type, flags, stream) + all;
  }

  /** POST, http, a path and a type that are not put into the table. */
  static String block(String path, String type) {
    return "838604%02x%s0f10%02x%s".formatted(path.length(), hex(path), type.length(), hex(type));
  }
}
