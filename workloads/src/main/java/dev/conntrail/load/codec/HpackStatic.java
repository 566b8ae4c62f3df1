package dev.conntrail.load.codec;

import java.nio.charset.StandardCharsets;

/** The static table of HPACK (RFC 7541, appendix A); indices are from 1. */
final class HpackStatic {
  /** There is no such entry. */
  static final int NONE = 0;

  private static final String[] STATIC = {
    ":authority",
    "",
    ":method",
    "GET",
    ":method",
    "POST",
    ":path",
    "/",
    ":path",
    "/index.html",
    ":scheme",
    "http",
    ":scheme",
    "https",
    ":status",
    "200",
    ":status",
    "204",
    ":status",
    "206",
    ":status",
    "304",
    ":status",
    "400",
    ":status",
    "404",
    ":status",
    "500",
    "accept-charset",
    "",
    "accept-encoding",
    "gzip, deflate",
    "accept-language",
    "",
    "accept-ranges",
    "",
    "accept",
    "",
    "access-control-allow-origin",
    "",
    "age",
    "",
    "allow",
    "",
    "authorization",
    "",
    "cache-control",
    "",
    "content-disposition",
    "",
    "content-encoding",
    "",
    "content-language",
    "",
    "content-length",
    "",
    "content-location",
    "",
    "content-range",
    "",
    "content-type",
    "",
    "cookie",
    "",
    "date",
    "",
    "etag",
    "",
    "expect",
    "",
    "expires",
    "",
    "from",
    "",
    "host",
    "",
    "if-match",
    "",
    "if-modified-since",
    "",
    "if-none-match",
    "",
    "if-range",
    "",
    "if-unmodified-since",
    "",
    "last-modified",
    "",
    "link",
    "",
    "location",
    "",
    "max-forwards",
    "",
    "proxy-authenticate",
    "",
    "proxy-authorization",
    "",
    "range",
    "",
    "referer",
    "",
    "refresh",
    "",
    "retry-after",
    "",
    "server",
    "",
    "set-cookie",
    "",
    "strict-transport-security",
    "",
    "transfer-encoding",
    "",
    "user-agent",
    "",
    "vary",
    "",
    "via",
    "",
    "www-authenticate",
    ""
  };

  /** How many entries it has. */
  static final int COUNT = STATIC.length / 2;

  private static final byte[][] NAMES = column(0);
  private static final byte[][] VALUES = column(1);

  private HpackStatic() {}

  private static byte[][] column(int which) {
    byte[][] column = new byte[COUNT][];
    for (int i = 0; i < COUNT; i++) {
      column[i] = STATIC[2 * i + which].getBytes(StandardCharsets.US_ASCII);
    }
    return column;
  }

  static byte[] name(int index) {
    return NAMES[index - 1];
  }

  static byte[] value(int index) {
    return VALUES[index - 1];
  }

  /** The first entry of a name; {@link #NONE} if there is none. */
  static int named(String name) {
    for (int i = 0; i < COUNT; i++) {
      if (STATIC[2 * i].equals(name)) {
        return i + 1;
      }
    }
    return NONE;
  }

  /** The entry that is this very field; {@link #NONE} if there is none. */
  static int whole(String name, String value) {
    for (int i = 0; i < COUNT; i++) {
      if (STATIC[2 * i].equals(name) && STATIC[2 * i + 1].equals(value)) {
        return i + 1;
      }
    }
    return NONE;
  }
}
