package dev.conntrail.load.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The tables of HPACK: the static one ({@link HpackStatic}) and one connection's dynamic one (RFC
 * 7541, section 2.3.2), whose bytes lie in an array of their own. It takes memory only as the peer
 * fills it.
 */
final class HpackTable {
  /** What an entry counts for beside its bytes (section 4.1). */
  static final int OVERHEAD = 32;

  /** The size that holds where no setting says otherwise. */
  static final int DEFAULT_SIZE = 4096;

  private static final int STATICS = HpackStatic.COUNT;
  private static final byte[] NONE = {};
  private static final int FIRST_ENTRIES = 8;
  private static final int FIRST_BYTES = 256;

  private byte[] bytes = NONE;
  private byte[] spare = NONE;
  private int tail;
  private int[] entries = {};
  private int oldest;
  private int count;
  private int size;
  private int most = DEFAULT_SIZE;
  private long changes;

  /** Whether there is an entry of this index, from 1. */
  boolean has(int index) {
    return index >= 1 && index <= STATICS + count;
  }

  /** The array that an entry's name is in. */
  byte[] nameArray(int index) {
    return index <= STATICS ? HpackStatic.name(index) : bytes;
  }

  int nameAt(int index) {
    return index <= STATICS ? 0 : entries[slot(index)];
  }

  int nameLength(int index) {
    return index <= STATICS ? HpackStatic.name(index).length : entries[slot(index) + 1];
  }

  byte[] valueArray(int index) {
    return index <= STATICS ? HpackStatic.value(index) : bytes;
  }

  int valueAt(int index) {
    return index <= STATICS ? 0 : nameAt(index) + nameLength(index);
  }

  int valueLength(int index) {
    return index <= STATICS ? HpackStatic.value(index).length : entries[slot(index) + 2];
  }

  /** The newest entry comes first. */
  private int slot(int index) {
    return slotOf(count - (index - STATICS));
  }

  private int slotOf(int fromOldest) {
    return (oldest + fromOldest) % (entries.length / 3) * 3;
  }

  /** The peer gives it another size, which is no larger than it may be. */
  void resize(int bytesAtMost) {
    changes++;
    most = bytesAtMost;
    evict(most);
  }

  /** Adds an entry; its name may be in this table. */
  void add(byte[] name, int nameAt, int nameLength, byte[] value, int valueAt, int valueLength) {
    changes++;
    int wanted = OVERHEAD + nameLength + valueLength;
    if (wanted > most) {
      evict(0);
      return;
    }
    makeRoom(nameLength + valueLength);
    System.arraycopy(name, nameAt, bytes, tail, nameLength);
    System.arraycopy(value, valueAt, bytes, tail + nameLength, valueLength);
    evict(most - wanted);
    if (count * 3 == entries.length) {
      moreEntries();
    }
    int slot = slotOf(count);
    entries[slot] = tail;
    entries[slot + 1] = nameLength;
    entries[slot + 2] = valueLength;
    count++;
    size += wanted;
    tail += nameLength + valueLength;
  }

  private void evict(int left) {
    while (size > left) {
      size -= OVERHEAD + entries[slotOf(0) + 1] + entries[slotOf(0) + 2];
      oldest = (oldest + 1) % (entries.length / 3);
      count--;
    }
  }

  private void moreEntries() {
    int[] more = new int[Math.max(3 * FIRST_ENTRIES, 2 * entries.length)];
    for (int i = 0; i < count; i++) {
      System.arraycopy(entries, slotOf(i), more, 3 * i, 3);
    }
    entries = more;
    oldest = 0;
  }

  /** Moves what lives to the other of two arrays: a name that is being added stays where it was. */
  private void makeRoom(int wanted) {
    if (tail + wanted <= bytes.length) {
      return;
    }
    int live = size - OVERHEAD * count;
    byte[] other = spare.length >= 2 * (live + wanted) ? spare : new byte[capacity(live + wanted)];
    int to = 0;
    for (int i = 0; i < count; i++) {
      int slot = slotOf(i);
      int length = entries[slot + 1] + entries[slot + 2];
      System.arraycopy(bytes, entries[slot], other, to, length);
      entries[slot] = to;
      to += length;
    }
    spare = bytes;
    bytes = other;
    tail = to;
  }

  /** Twice what is wanted, so that a full table is moved once for many entries. */
  private static int capacity(int wanted) {
    return Math.max(FIRST_BYTES, Integer.highestOneBit(2 * wanted - 1) << 1);
  }

  /** How often it was changed: as long as that stays, an index stays the same field. */
  long changes() {
    return changes;
  }

  /** How large it is by the RFC's count. */
  int size() {
    return size;
  }

  /** Its entries as text, newest first, a line each. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int i = STATICS + 1; has(i); i++) {
      byte[] entry = Arrays.copyOfRange(bytes, nameAt(i), valueAt(i) + valueLength(i));
      String both = new String(entry, StandardCharsets.ISO_8859_1);
      text.append(both, 0, nameLength(i)).append(": ").append(both.substring(nameLength(i)));
      text.append('\n');
    }
    return text.toString();
  }
}
