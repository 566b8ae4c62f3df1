package dev.conntrail.model.iptables;

import static dev.conntrail.model.iptables.Entry.HEADER;

import dev.conntrail.model.Packet;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.ToIntFunction;

/** Writes entries one behind the other, as libiptc does ({@code iptcc_compile_rule}). */
final class EntryWriter {
  private static final int LONGEST_INTERFACE = 15;

  private final byte[] bytes;
  private final ToIntFunction<String> starts;
  private int at;
  private int number;

  /**
   * Begins at the first byte.
   *
   * @param starts where the first rule of a chain is
   */
  EntryWriter(byte[] bytes, ToIntFunction<String> starts) {
    this.bytes = bytes;
    this.starts = starts;
  }

  /** How many entries there are by now. */
  int count() {
    return number;
  }

  /** The entry that names a user chain; nothing ever matches into it. */
  void error(String name) {
    entry(Entry.MATCHES, Entry.MATCHES + Entry.ERROR_SIZE);
    at += Entry.MATCHES;
    target(Entry.ERROR, Entry.ERROR_SIZE);
    text(HEADER, name);
    at += Entry.ERROR_SIZE;
  }

  void rule(Rule rule) {
    int size = Entry.size(rule);
    header(rule.header());
    bytes[at + Entry.FLAGS] =
        (byte) (rule.target() instanceof Target.Jump j && !j.returns() ? Entry.GOTO : 0);
    entry(size - Entry.size(rule.target()), size);
    int next = at + size;
    at += Entry.MATCHES;
    rule.matches().forEach(this::match);
    target(rule.target(), next);
    at = next;
  }

  /** {@code struct ipt_ip}. */
  private void header(Rule.Header h) {
    put(Entry.SOURCE, Integer.reverseBytes(h.source().address()));
    put(Entry.SOURCE_MASK, Integer.reverseBytes(h.source().mask()));
    put(Entry.DESTINATION, Integer.reverseBytes(h.destination().address()));
    put(Entry.DESTINATION_MASK, Integer.reverseBytes(h.destination().mask()));
    if (!h.inInterface().isEmpty()) {
      inInterface(h.inInterface());
    }
    putShort(Entry.PROTOCOL, h.protocol());
    bytes[at + Entry.INVERTED] =
        (byte)
            ((h.notInInterface() ? Entry.NOT_IN_INTERFACE : 0)
                | (h.notSource() ? Entry.NOT_SOURCE : 0)
                | (h.notDestination() ? Entry.NOT_DESTINATION : 0));
  }

  /** {@code xtables_parse_interface}: the mask covers the zero at the end, but for a {@code +}. */
  private void inInterface(String given) {
    boolean prefix = given.endsWith("+");
    String name = prefix ? given.substring(0, given.length() - 1) : given;
    if (name.length() > LONGEST_INTERFACE) {
      throw new IllegalArgumentException("interface name too long: " + name);
    }
    text(Entry.IN_INTERFACE, name);
    int mask = at + Entry.IN_INTERFACE_MASK;
    Arrays.fill(bytes, mask, mask + name.length() + (prefix ? 0 : 1), (byte) -1);
  }

  private void entry(int targetOffset, int nextOffset) {
    putShort(Entry.TARGET_OFFSET, targetOffset);
    putShort(Entry.NEXT_OFFSET, nextOffset);
    Entry.LONG.set(bytes, at + Entry.NUMBER, (long) number++);
  }

  private void match(Match match) {
    putShort(0, Entry.size(match));
    put(Entry.KIND, Entry.kind(match));
    switch (match) {
      case Match.Comment c -> text(HEADER, c.text());
      case Match.Port p -> port(p);
      case Match.Random r -> {
        put(HEADER + 4, r.probability());
        put(HEADER + Entry.NTH_COUNT, r.probability());
      }
      case Match.Nth n -> nth(n);
      case Match.Mark m -> {
        put(HEADER, m.value());
        put(HEADER + 4, m.mask());
        bytes[at + HEADER + 8] = (byte) (m.inverted() ? 1 : 0);
      }
      case Match.Recent r -> recent(r);
      case Match.State s -> {
        putShort(HEADER + Entry.STATE_MATCH_FLAGS, 1);
        putShort(HEADER + Entry.STATE_INVERT_FLAGS, s.inverted() ? 1 : 0);
        putShort(HEADER + Entry.STATE_MASK, s.states());
      }
      case Match.Local l -> putShort(HEADER + (l.ofSource() ? 0 : 2), 1 << 2);
      case Match.Count c -> text(HEADER, c.name());
    }
    at += Entry.size(match);
  }

  /**
   * {@code struct xt_tcp}, {@code xt_udp}: ranges of source and destination ports. {@code struct
   * xt_sctp_info}: destination ports first, tested only if a flag says so.
   */
  private void port(Match.Port p) {
    if (p.protocol() == Packet.SCTP) {
      for (int i = 0; i < 4; i++) {
        bytes[at + HEADER + Entry.SCTP_CHUNKS + 3 * i] = -1;
      }
      if (p.port() >= 0) {
        putShort(HEADER, p.port());
        putShort(HEADER + 2, p.port());
        put(HEADER + Entry.SCTP_FLAGS, Entry.SCTP_DESTINATION);
      }
    } else {
      putShort(HEADER + 2, 0xffff);
      putShort(HEADER + 4, Math.max(p.port(), 0));
      putShort(HEADER + 6, p.port() < 0 ? 0xffff : p.port());
    }
  }

  /** {@code struct xt_statistic_info}, mode nth. */
  private void nth(Match.Nth n) {
    putShort(HEADER, 1);
    put(HEADER + 4, n.every() - 1);
    put(HEADER + 8, n.packet());
    put(HEADER + Entry.NTH_COUNT, n.every() - 1 - n.packet());
  }

  /** {@code struct xt_recent_mtinfo_v1}: all bits of the source count. */
  private void recent(Match.Recent r) {
    put(HEADER, r.seconds());
    bytes[at + HEADER + Entry.RECENT_CHECK_SET] = (byte) RecentLists.flags(r);
    text(HEADER + Entry.RECENT_NAME, r.list());
    int mask = at + HEADER + Entry.RECENT_MASK;
    Arrays.fill(bytes, mask, mask + 16, (byte) -1);
  }

  private void target(Target target, int next) {
    switch (target) {
      case Target.Continue _ -> standard(next);
      case Target.Jump j -> standard(starts.applyAsInt(j.chain()));
      case Target.Verdict v ->
          standard(
              switch (v.word()) {
                case "ACCEPT" -> Entry.ACCEPT;
                case "DROP" -> Entry.DROP;
                default -> Entry.RETURN;
              });
      case Target.Mark m -> {
        target(Entry.SET_MARK, Entry.size(target));
        put(HEADER, m.value());
        put(HEADER + 4, m.mask());
      }
      case Target.Dnat d -> dnat(d);
      case Target.Masquerade m -> {
        target(Entry.MASQUERADE, Entry.size(target));
        put(HEADER, 1);
        put(HEADER + 4, m.randomFully() ? 1 << 4 : 0);
      }
      case Target.Reject _ -> {
        target(Entry.REJECT, Entry.size(target));
        put(HEADER, 3);
      }
    }
  }

  private void standard(int verdict) {
    target(Entry.STANDARD, Entry.STANDARD_SIZE);
    put(HEADER, verdict);
  }

  /** {@code struct nf_nat_range2}: a range of one address and of one port. */
  private void dnat(Target.Dnat d) {
    target(Entry.DNAT, Entry.size(d));
    put(HEADER, 3);
    put(HEADER + Entry.NAT_ADDRESS, Integer.reverseBytes(d.address()));
    put(HEADER + Entry.NAT_ADDRESS + 16, Integer.reverseBytes(d.address()));
    short port = Short.reverseBytes((short) d.port());
    Entry.SHORT.set(bytes, at + HEADER + Entry.NAT_PORT, port);
    Entry.SHORT.set(bytes, at + HEADER + Entry.NAT_PORT + 2, port);
  }

  private void target(int kind, int size) {
    putShort(0, size);
    put(Entry.KIND, kind);
  }

  private void text(int offset, String text) {
    byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(ascii, 0, bytes, at + offset, ascii.length);
  }

  private void put(int offset, int value) {
    Entry.INT.set(bytes, at + offset, value);
  }

  private void putShort(int offset, int value) {
    Entry.SHORT.set(bytes, at + offset, (short) value);
  }
}
