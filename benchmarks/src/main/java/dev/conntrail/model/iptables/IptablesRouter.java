package dev.conntrail.model.iptables;

import dev.conntrail.model.Draws;
import dev.conntrail.model.Packet;
import dev.conntrail.model.Router;

/**
 * {@code ipt_do_table} ({@code net/ipv4/netfilter/ip_tables.c}): the walk over a {@link Blob}, as
 * one CPU does it, with its own jump stack and counters.
 *
 * <p>Of a rule that does not match, a walk loads the source and its mask, the destination and its
 * mask, compares, and steps on by {@code next_offset}; a ClusterIP rule with its comment is 488
 * bytes, so that each is a cache line of its own. Left out: the sequence count that guards the
 * counters against readers, and the tests of the outgoing interface and of fragments, which
 * kube-proxy's rules of this table never use.
 */
public final class IptablesRouter implements Router {
  /** {@code XT_CONTINUE}: the walk goes on; no word of {@link Router}. */
  private static final int CONTINUE = -1;

  private final byte[] blob;
  private final int start;
  private final int underflow;
  private final int[] stack;
  private final long[] counters;
  private final int[] nth;
  private final Draws draws;
  private final RecentLists lists;

  /**
   * A table on one CPU.
   *
   * @param chain the chain to begin in; its end is the end of the walk
   * @param draws what {@code statistic} draws from
   * @param lists what {@code recent} remembers
   */
  public IptablesRouter(Blob blob, String chain, Draws draws, RecentLists lists) {
    this.blob = blob.bytes();
    this.start = blob.start(chain);
    this.stack = new int[Math.max(1, blob.userChains())];
    this.counters = new long[blob.rules()];
    this.nth = new int[blob.rules()];
    this.draws = draws;
    this.lists = lists;
    this.underflow = blob.end(chain);
    prepare();
  }

  /** How often the rules have matched, all together. */
  public long matches() {
    long sum = 0;
    for (long c : counters) {
      sum += c;
    }
    return sum;
  }

  @Override
  public int route(Packet packet) {
    int source = Integer.reverseBytes(packet.source);
    long addresses = (long) Integer.reverseBytes(packet.destination) << 32 | (source & 0xffffffffL);
    int depth = 0;
    int at = start;
    while (true) {
      at = candidate(at, addresses);
      if (!headerFits(at, addresses, packet) || !matchesFit(at, packet, source)) {
        at += next(at);
        continue;
      }
      counters[(int) (long) Entry.LONG.get(blob, at + Entry.NUMBER)]++;
      int target = at + targetOffset(at);
      if (integer(target + Entry.KIND) != Entry.STANDARD) {
        int verdict = extension(target, packet);
        if (verdict != CONTINUE) {
          return verdict;
        }
        at += next(at);
        continue;
      }
      int verdict = integer(target + Entry.HEADER);
      if (verdict >= 0) {
        if (verdict != at + next(at) && (blob[at + Entry.FLAGS] & Entry.GOTO) == 0) {
          if (depth == stack.length) {
            return DROPPED;
          }
          stack[depth++] = at;
        }
        at = verdict;
      } else if (verdict != Entry.RETURN || (depth == 0 && at == underflow)) {
        return verdict == Entry.DROP ? DROPPED : PASSED;
      } else if (depth == 0) {
        at = underflow;
      } else {
        at = stack[--depth];
        at += next(at);
      }
    }
  }

  /** A target of another module ({@code target->target}): a word of the router, or on. */
  private int extension(int target, Packet packet) {
    int data = target + Entry.HEADER;
    return switch (integer(target + Entry.KIND)) {
      case Entry.SET_MARK -> {
        packet.mark = (packet.mark & ~integer(data + 4)) ^ integer(data);
        yield CONTINUE;
      }
      case Entry.DNAT -> {
        packet.endpoint = Integer.reverseBytes(integer(data + Entry.NAT_ADDRESS));
        packet.endpointPort =
            Short.toUnsignedInt(
                Short.reverseBytes((short) Entry.SHORT.get(blob, data + Entry.NAT_PORT)));
        yield TRANSLATED;
      }
      case Entry.MASQUERADE -> PASSED;
      case Entry.REJECT -> REJECTED;
      default -> throw new IllegalStateException("the walk met the name of a chain at " + target);
    };
  }

  /**
   * The first part of {@code ip_packet_match}, along the rules: passes by all whose addresses
   * differ. Source and destination lie side by side, and their masks, so each pair is one load.
   */
  private int candidate(int from, long addresses) {
    byte[] rules = blob;
    int at = from;
    while (((addresses & (long) Entry.LONG.get(rules, at + Entry.SOURCE_MASK))
            != (long) Entry.LONG.get(rules, at + Entry.SOURCE))
        && (rules[at + Entry.INVERTED] & (Entry.NOT_SOURCE | Entry.NOT_DESTINATION)) == 0) {
      at += (short) Entry.SHORT.get(rules, at + Entry.NEXT_OFFSET) & 0xffff;
    }
    return at;
  }

  /** {@code ip_packet_match}: source, destination, interface, protocol, in this order. */
  private boolean headerFits(int at, long addresses, Packet packet) {
    int inverted = blob[at + Entry.INVERTED];
    long other =
        (addresses & (long) Entry.LONG.get(blob, at + Entry.SOURCE_MASK))
            ^ (long) Entry.LONG.get(blob, at + Entry.SOURCE);
    if (((int) other != 0) != ((inverted & Entry.NOT_SOURCE) != 0)
        || ((int) (other >>> 32) != 0) != ((inverted & Entry.NOT_DESTINATION) != 0)) {
      return false;
    }
    long difference =
        (packet.inInterface ^ (long) Entry.LONG.get(blob, at + Entry.IN_INTERFACE))
            & (long) Entry.LONG.get(blob, at + Entry.IN_INTERFACE_MASK);
    if ((difference != 0) != ((inverted & Entry.NOT_IN_INTERFACE) != 0)) {
      return false;
    }
    int protocol = (short) Entry.SHORT.get(blob, at + Entry.PROTOCOL);
    return protocol == 0 || protocol == packet.protocol;
  }

  /** {@code xt_ematch_foreach}: the matches in order, until one says no. */
  private boolean matchesFit(int at, Packet packet, int source) {
    int end = at + targetOffset(at);
    for (int match = at + Entry.MATCHES; match < end; match += size(match)) {
      int data = match + Entry.HEADER;
      boolean fits =
          switch (integer(match + Entry.KIND)) {
            case Entry.COMMENT, Entry.COUNT -> true;
            case Entry.PORT -> port(data, packet);
            case Entry.RANDOM -> (draws.next() & 0x7fffffff) < integer(data + 4);
            case Entry.NTH -> nth(at, data);
            case Entry.MARK ->
                ((packet.mark & integer(data + 4)) == integer(data)) != (blob[data + 8] != 0);
            case Entry.RECENT ->
                lists.match(
                    blob,
                    data + Entry.RECENT_NAME,
                    source,
                    blob[data + Entry.RECENT_CHECK_SET],
                    integer(data));
            case Entry.STATE ->
                ((packet.state & (short) Entry.SHORT.get(blob, data + Entry.STATE_MASK)) != 0)
                    != ((short) Entry.SHORT.get(blob, data + Entry.STATE_INVERT_FLAGS) != 0);
            case Entry.LOCAL ->
                ((short) Entry.SHORT.get(blob, data) == 0 || packet.localSource)
                    && ((short) Entry.SHORT.get(blob, data + 2) == 0 || packet.localDestination);
            default -> throw new IllegalStateException("unknown match at " + match);
          };
      if (!fits) {
        return false;
      }
    }
    return true;
  }

  /** {@code tcp_mt}, {@code udp_mt}: both ports within their ranges; {@code sctp_mt}. */
  private boolean port(int data, Packet packet) {
    if (packet.protocol == Packet.SCTP) {
      return (integer(data + Entry.SCTP_FLAGS) & Entry.SCTP_DESTINATION) == 0
          || within(data, packet.destinationPort);
    }
    return within(data, packet.sourcePort) && within(data + 4, packet.destinationPort);
  }

  private boolean within(int range, int port) {
    int both = integer(range);
    return (both & 0xffff) <= port && port <= both >>> 16;
  }

  /** {@code statistic_mt}, mode nth: a counter that begins anew when it reaches {@code every}. */
  private boolean nth(int at, int data) {
    int number = (int) (long) Entry.LONG.get(blob, at + Entry.NUMBER);
    nth[number] = nth[number] == integer(data + 4) ? 0 : nth[number] + 1;
    return nth[number] == 0;
  }

  /** What {@code checkentry} does when a table is put in place. */
  private void prepare() {
    int at = 0;
    while (at < blob.length) {
      int end = at + targetOffset(at);
      for (int match = at + Entry.MATCHES; match < end; match += size(match)) {
        int data = match + Entry.HEADER;
        switch (integer(match + Entry.KIND)) {
          case Entry.RECENT -> lists.declare(blob, data + Entry.RECENT_NAME);
          case Entry.NTH ->
              nth[(int) (long) Entry.LONG.get(blob, at + Entry.NUMBER)] =
                  integer(data + Entry.NTH_COUNT);
          default -> {}
        }
      }
      at += next(at);
    }
  }

  private int integer(int at) {
    return (int) Entry.INT.get(blob, at);
  }

  private int size(int match) {
    return Short.toUnsignedInt((short) Entry.SHORT.get(blob, match));
  }

  private int next(int at) {
    return Short.toUnsignedInt((short) Entry.SHORT.get(blob, at + Entry.NEXT_OFFSET));
  }

  private int targetOffset(int at) {
    return Short.toUnsignedInt((short) Entry.SHORT.get(blob, at + Entry.TARGET_OFFSET));
  }
}
