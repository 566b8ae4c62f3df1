package dev.conntrail.load.codec;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Header blocks as a client sends them: literals that are never put into a table (RFC 7541, section
 * 6.2.2), so that they are the same bytes for each request. A block tells the peer first that its
 * table is of no use (a size of 0), as is due where that may have been made smaller (section 4.2).
 */
public final class Fields {
  private static final int SIZE_OF_0 = 0x20;
  private static final int LONG = 0x7f;

  private Fields() {}

  /** A block of fields, names in lower case, those of requests that begin with a colon first. */
  public static byte[] block(List<Http1Request.Field> fields) {
    Output out = new Output();
    out.int8(SIZE_OF_0);
    for (Http1Request.Field field : fields) {
      out.int8(0);
      string(field.name(), out);
      string(field.value(), out);
    }
    return out.toBytes();
  }

  private static void string(String text, Output out) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    if (bytes.length < LONG) {
      out.int8(bytes.length);
    } else {
      out.int8(LONG);
      int rest = bytes.length - LONG;
      for (; rest >= 0x80; rest >>>= 7) {
        out.int8((rest & 0x7f) | 0x80);
      }
      out.int8(rest);
    }
    out.bytes(bytes);
  }
}
