package dev.conntrail.load.codec;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The fields of a request that is sent again and again, as HPACK (RFC 7541) writes them: the first
 * time on a connection they are put into the peer's table, from then on they are indices, a byte
 * each. Where the table is too small for all of them they are literals each time.
 */
final class Fields {
  private static final int INDEXED = 0x80;
  private static final int ADDED = 0x40;
  private static final int RESIZED = 0x20;
  private static final int LITERAL = 0;

  private final byte[] first;
  private final byte[] again;
  private final byte[] literal;
  private final int size;

  private Fields(byte[] first, byte[] again, byte[] literal, int size) {
    this.first = first;
    this.again = again;
    this.literal = literal;
    this.size = size;
  }

  /** Names in lower case, those of requests that begin with a colon first. */
  static Fields of(List<Http1Request.Field> fields) {
    Output first = new Output();
    Output again = new Output();
    Output literal = new Output();
    int last = HpackStatic.COUNT;
    int size = 0;
    for (Http1Request.Field field : fields) {
      if (HpackStatic.whole(field.name(), field.value()) == HpackStatic.NONE) {
        last++;
        size += HpackTable.OVERHEAD + bytes(field.name()).length + bytes(field.value()).length;
      }
    }
    for (Http1Request.Field field : fields) {
      int index = HpackStatic.whole(field.name(), field.value());
      if (index == HpackStatic.NONE) {
        literal(field, ADDED, 6, first);
        integer(INDEXED, 7, last--, again); // the one that was added first is the last of the table
        literal(field, LITERAL, 4, literal);
      } else {
        integer(INDEXED, 7, index, first);
        integer(INDEXED, 7, index, again);
        integer(INDEXED, 7, index, literal);
      }
    }
    return new Fields(first.toBytes(), again.toBytes(), literal.toBytes(), size);
  }

  private static void literal(Http1Request.Field field, int kind, int prefix, Output out) {
    int name = HpackStatic.named(field.name());
    integer(kind, prefix, name, out);
    if (name == HpackStatic.NONE) {
      string(field.name(), out);
    }
    string(field.value(), out);
  }

  /** Section 5.2, without Huffman's code. */
  private static void string(String text, Output out) {
    byte[] bytes = bytes(text);
    integer(0, 7, bytes.length, out);
    out.bytes(bytes);
  }

  /** Section 5.1. */
  private static void integer(int kind, int prefix, int value, Output out) {
    int most = (1 << prefix) - 1;
    if (value < most) {
      out.int8(kind | value);
      return;
    }
    out.int8(kind | most);
    int rest = value - most;
    for (; rest >= 0x80; rest >>>= 7) {
      out.int8((rest & 0x7f) | 0x80);
    }
    out.int8(rest);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** What one connection's peer knows of them. */
  static final class Known {
    private int most = HpackTable.DEFAULT_SIZE;
    private boolean added;
    private boolean resized;

    /**
     * The peer allows another size of its table. A smaller one is taken, and said before the next
     * block (section 4.2); that it may grow again is of no use.
     *
     * @param bytes as an unsigned number
     */
    void allowed(int bytes) {
      if (Integer.compareUnsigned(bytes, most) < 0) {
        most = bytes;
        resized = true;
        added = false; // what the peer throws away is the oldest: all are put there anew
      }
    }

    /** The next block; always of the same fields. */
    byte[] next(Fields fields) {
      byte[] block = fields.literal;
      if (fields.size <= most) {
        block = added ? fields.again : fields.first;
        added = true;
      }
      if (!resized) {
        return block;
      }
      resized = false;
      Output both = new Output();
      integer(RESIZED, 5, most, both);
      both.bytes(block);
      return both.toBytes();
    }
  }
}
