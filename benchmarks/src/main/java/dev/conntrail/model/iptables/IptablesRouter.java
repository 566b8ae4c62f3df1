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
      counters[(int) (long) Blob.LONG.get(blob, at + Blob.NUMBER)]++;
      int target = at + targetOffset(at);
      switch (integer(target + Blob.KIND)) {
        case Blob.STANDARD -> {
          int verdict = integer(target + Blob.HEADER);
          if (verdict >= 0) {
            if (verdict != at + next(at) && (blob[at + Blob.FLAGS] & Blob.GOTO) == 0) {
              if (depth == stack.length) {
                return DROPPED;
              }
              stack[depth++] = at;
            }
            at = verdict;
          } else if (verdict != Blob.RETURN) {
            return verdict == -1 ? DROPPED : PASSED;
          } else if (depth > 0) {
            at = stack[--depth];
            at += next(at);
          } else if (at == underflow) {
            return PASSED;
          } else {
            at = underflow;
          }
        }
        case Blob.SET_MARK -> {
          packet.mark =
              (packet.mark & ~integer(target + Blob.HEADER + 4)) ^ integer(target + Blob.HEADER);
          at += next(at);
        }
        case Blob.DNAT -> {
          packet.endpoint = Integer.reverseBytes(integer(target + Blob.HEADER + Blob.NAT_ADDRESS));
          packet.endpointPort =
              Short.toUnsignedInt(
                  Short.reverseBytes(
                      (short) Blob.SHORT.get(blob, target + Blob.HEADER + Blob.NAT_PORT)));
          return TRANSLATED;
        }
        case Blob.MASQUERADE -> {
          return PASSED;
        }
        case Blob.REJECT -> {
          return REJECTED;
        }
        default -> throw new IllegalStateException("the walk met the name of a chain at " + at);
      }
    }
  }

  /**
   * The first part of {@code ip_packet_match}, along the rules: passes by all whose addresses
   * differ. Source and destination lie side by side, and their masks, so each pair is one load.
   */
  private int candidate(int from, long addresses) {
    byte[] rules = blob;
    int at = from;
    while (((addresses & (long) Blob.LONG.get(rules, at + Blob.SOURCE_MASK))
            != (long) Blob.LONG.get(rules, at + Blob.SOURCE))
        && (rules[at + Blob.INVERTED] & (Blob.NOT_SOURCE | Blob.NOT_DESTINATION)) == 0) {
      at += (short) Blob.SHORT.get(rules, at + Blob.NEXT_OFFSET) & 0xffff;
    }
    return at;
  }

  /** {@code ip_packet_match}: source, destination, interface, protocol, in this order. */
  private boolean headerFits(int at, long addresses, Packet packet) {
    int inverted = blob[at + Blob.INVERTED];
    long other =
        (addresses & (long) Blob.LONG.get(blob, at + Blob.SOURCE_MASK))
            ^ (long) Blob.LONG.get(blob, at + Blob.SOURCE);
    if (((int) other != 0) != ((inverted & Blob.NOT_SOURCE) != 0)
        || ((int) (other >>> 32) != 0) != ((inverted & Blob.NOT_DESTINATION) != 0)) {
      return false;
    }
    long difference =
        (packet.inInterface ^ (long) Blob.LONG.get(blob, at + Blob.IN_INTERFACE))
            & (long) Blob.LONG.get(blob, at + Blob.IN_INTERFACE_MASK);
    if ((difference != 0) != ((inverted & Blob.NOT_IN_INTERFACE) != 0)) {
      return false;
    }
    int protocol = (short) Blob.SHORT.get(blob, at + Blob.PROTOCOL);
    return protocol == 0 || protocol == packet.protocol;
  }

  /** {@code xt_ematch_foreach}: the matches in order, until one says no. */
  private boolean matchesFit(int at, Packet packet, int source) {
    int end = at + targetOffset(at);
    for (int match = at + Blob.ENTRY; match < end; match += size(match)) {
      int data = match + Blob.HEADER;
      boolean fits =
          switch (integer(match + Blob.KIND)) {
            case Blob.COMMENT, Blob.COUNT -> true;
            case Blob.PORT -> port(data, packet);
            case Blob.RANDOM -> (draws.next() & 0x7fffffff) < integer(data + 4);
            case Blob.NTH -> nth(at, data);
            case Blob.MARK ->
                ((packet.mark & integer(data + 4)) == integer(data)) != (blob[data + 8] != 0);
            case Blob.RECENT ->
                lists.match(
                    blob,
                    data + Blob.RECENT_NAME,
                    source,
                    blob[data + Blob.RECENT_CHECK_SET],
                    integer(data));
            case Blob.STATE ->
                ((packet.state & (short) Blob.SHORT.get(blob, data + Blob.STATE_MASK)) != 0)
                    != ((short) Blob.SHORT.get(blob, data + Blob.STATE_INVERT_FLAGS) != 0);
            case Blob.LOCAL ->
                ((short) Blob.SHORT.get(blob, data) == 0 || packet.localSource)
                    && ((short) Blob.SHORT.get(blob, data + 2) == 0 || packet.localDestination);
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
      return (integer(data + Blob.SCTP_FLAGS) & Blob.SCTP_DESTINATION) == 0
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
    int number = (int) (long) Blob.LONG.get(blob, at + Blob.NUMBER);
    nth[number] = nth[number] == integer(data + 4) ? 0 : nth[number] + 1;
    return nth[number] == 0;
  }

  /** What {@code checkentry} does when a table is put in place. */
  private void prepare() {
    int at = 0;
    while (at < blob.length) {
      int end = at + targetOffset(at);
      for (int match = at + Blob.ENTRY; match < end; match += size(match)) {
        int data = match + Blob.HEADER;
        switch (integer(match + Blob.KIND)) {
          case Blob.RECENT -> lists.declare(blob, data + Blob.RECENT_NAME);
          case Blob.NTH ->
              nth[(int) (long) Blob.LONG.get(blob, at + Blob.NUMBER)] =
                  integer(data + Blob.NTH_COUNT);
          default -> {}
        }
      }
      at += next(at);
    }
  }

  private int integer(int at) {
    return (int) Blob.INT.get(blob, at);
  }

  private int size(int match) {
    return Short.toUnsignedInt((short) Blob.SHORT.get(blob, match));
  }

  private int next(int at) {
    return Short.toUnsignedInt((short) Blob.SHORT.get(blob, at + Blob.NEXT_OFFSET));
  }

  private int targetOffset(int at) {
    return Short.toUnsignedInt((short) Blob.SHORT.get(blob, at + Blob.TARGET_OFFSET));
  }
}
