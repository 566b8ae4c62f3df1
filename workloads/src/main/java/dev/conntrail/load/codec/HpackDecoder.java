package dev.conntrail.load.codec;

import java.net.ProtocolException;

/**
 * Reads header blocks of one connection (RFC 7541), whole ones. Fields are handed on where their
 * bytes lie, and none is made an object.
 */
public final class HpackDecoder {
  /** Takes fields in order; the bytes are lent until it returns. */
  @FunctionalInterface
  public interface Sink {
    /** A field. */
    void field(byte[] name, int nameAt, int nameLength, byte[] value, int valueAt, int valueLength);
  }

  /** Longest name or value that is decoded, in bytes. */
  static final int LONGEST = 32 * 1024;

  /** Most that a block may come to, by the count of SETTINGS_MAX_HEADER_LIST_SIZE. */
  static final int LARGEST_LIST = 1024 * 1024;

  private static final int INDEXED = 0x80;
  private static final int INCREMENTAL = 0x40;
  private static final int RESIZE = 0x20;
  private static final int HUFFMAN = 0x80;
  private static final int LARGEST_INT = 1 << 28;

  /** Room for strings that are Huffman codes, of all decoders that one thread uses. */
  public static final class Room {
    private byte[] names = new byte[128];
    private byte[] values = new byte[512];
  }

  private final HpackTable table = new HpackTable();
  private final Room room;
  private byte[] in;
  private int at;
  private int to;
  private int listed;
  private byte[] string;
  private int stringAt;
  private int stringLength;

  /** For one connection; {@code room} may be shared with others of the same thread. */
  public HpackDecoder(Room room) {
    this.room = room;
  }

  /**
   * Reads a block.
   *
   * @throws ProtocolException if it is none: the connection is of no use after that
   */
  public void decode(byte[] bytes, int from, int end, Sink sink) throws ProtocolException {
    in = bytes;
    at = from;
    to = end;
    listed = 0;
    boolean mayResize = true;
    while (at < to) {
      int first = in[at] & 0xff;
      if ((first & (INDEXED | INCREMENTAL | RESIZE)) == RESIZE) {
        resize(mayResize);
      } else {
        mayResize = false;
        field(first, sink);
      }
    }
  }

  private void resize(boolean may) throws HpackException {
    int size = integer(5);
    if (!may || size > HpackTable.DEFAULT_SIZE) {
      throw new HpackException("the table is resized where or as it may not");
    }
    table.resize(size);
  }

  private void field(int first, Sink sink) throws HpackException {
    if ((first & INDEXED) != 0) {
      int i = index(7);
      listed(table.nameLength(i) + table.valueLength(i));
      sink.field(
          table.nameArray(i),
          table.nameAt(i),
          table.nameLength(i),
          table.valueArray(i),
          table.valueAt(i),
          table.valueLength(i));
      return;
    }
    boolean incremental = (first & INCREMENTAL) != 0;
    int prefix = incremental ? 6 : 4;
    if ((first & (1 << prefix) - 1) == 0) {
      at++;
      room.names = string(room.names);
    } else {
      int i = index(prefix);
      string = table.nameArray(i);
      stringAt = table.nameAt(i);
      stringLength = table.nameLength(i);
    }
    byte[] name = string;
    int nameAt = stringAt;
    int nameLength = stringLength;
    room.values = string(room.values);
    listed(nameLength + stringLength);
    sink.field(name, nameAt, nameLength, string, stringAt, stringLength);
    if (incremental) {
      table.add(name, nameAt, nameLength, string, stringAt, stringLength);
    }
  }

  private void listed(int more) throws HpackException {
    listed += more + HpackTable.OVERHEAD;
    if (listed > LARGEST_LIST) {
      throw new HpackException("a header list of more than " + LARGEST_LIST + " bytes");
    }
  }

  private int index(int prefix) throws HpackException {
    int index = integer(prefix);
    if (!table.has(index)) {
      throw new HpackException("there is no entry " + index);
    }
    return index;
  }

  /** Section 5.1. */
  private int integer(int prefix) throws HpackException {
    int most = (1 << prefix) - 1;
    int value = in[at++] & most;
    if (value < most) {
      return value;
    }
    for (int shift = 0; at < to; shift += 7) {
      int b = in[at++];
      value += (b & 0x7f) << shift;
      if (value > LARGEST_INT || shift > 21) {
        throw new HpackException("a number is too large");
      }
      if (b >= 0) {
        return value;
      }
    }
    throw new HpackException("a block ends within a number");
  }

  /** Section 5.2; the string is left in fields. The room for it, which may be a larger one. */
  private byte[] string(byte[] given) throws HpackException {
    if (at == to) {
      throw new HpackException("a block ends within a field");
    }
    boolean huffman = (in[at] & HUFFMAN) != 0;
    int length = integer(7);
    if (length > to - at || length > LONGEST) {
      throw new HpackException("a string of " + length + " bytes");
    }
    byte[] decoded = given;
    if (huffman) {
      if (decoded.length < 2 * length) {
        decoded = new byte[2 * length];
      }
      stringLength = Huffman.decode(in, at, length, decoded, 0);
      string = decoded;
      stringAt = 0;
    } else {
      string = in;
      stringAt = at;
      stringLength = length;
    }
    at += length;
    return decoded;
  }

  /** How often its table was changed: as long as that stays, equal blocks are equal fields. */
  long changes() {
    return table.changes();
  }

  /** Its dynamic table. */
  HpackTable table() {
    return table;
  }
}
