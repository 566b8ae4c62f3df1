package dev.conntrail.model.nftables;

import dev.conntrail.model.Draws;
import dev.conntrail.model.Packet;
import dev.conntrail.model.Router;
import dev.conntrail.model.hash.JenkinsHash;
import dev.conntrail.model.iptables.RecentLists;

/**
 * {@code nft_do_chain} ({@code net/netfilter/nf_tables_core.c}): runs the rules of a chain over
 * 32-bit registers. A rule ends at its first expression that says break; a jump remembers the next
 * rule, sixteen deep; a goto does not.
 *
 * <p>Left out: tracing, the counters of base chains, and retpolines (an expression is chosen by a
 * switch, not called through a pointer).
 */
public final class NftRouter implements Router {
  /** {@code NFT_JUMP_STACK_SIZE}. */
  public static final int STACK = 16;

  private static final int REGISTERS = 20;
  private static final NftTable.Expression[] EXPRESSIONS = NftTable.Expression.values();
  private static final NftTable.Field[] FIELDS = NftTable.Field.values();

  private final NftTable table;
  private final int start;
  private final Draws draws;
  private final RecentLists lists;
  private final byte[][] recentNames;
  private final int[] registers = new int[REGISTERS];
  private final int[] stackChain = new int[STACK];
  private final int[] stackRule = new int[STACK];
  private long counter;
  private int now;

  /**
   * A machine for one table.
   *
   * @param chain the base chain; its policy is accept
   * @param draws what numgen and {@code statistic} draw from
   */
  public NftRouter(NftTable table, String chain, Draws draws) {
    this(table, chain, draws, new RecentLists(0), new byte[0][]);
  }

  NftRouter(NftTable table, String chain, Draws draws, RecentLists lists, byte[][] recentNames) {
    this.table = table;
    this.start = table.chain(chain);
    this.draws = draws;
    this.lists = lists;
    this.recentNames = recentNames;
  }

  /** Sets the clock, seconds. */
  public void now(int seconds) {
    now = seconds;
    lists.now(seconds);
  }

  /** How often a counter expression was met. */
  public long counted() {
    return counter;
  }

  @Override
  public int route(Packet packet) {
    int depth = 0;
    int chain = start;
    int[] code = table.chains[chain];
    int rule = 0;
    while (true) {
      int verdict = NftTable.CONTINUE;
      int target = 0;
      while ((code[rule] & NftTable.LAST) == 0) {
        int at = rule + NftTable.RULE_WORDS;
        int end = at + (code[rule] >>> 1);
        rule = end;
        for (; at < end; at += code[at] >>> 8) {
          verdict = NftTable.CONTINUE;
          switch (EXPRESSIONS[code[at] & 0xff]) {
            case META_PROTOCOL -> registers[code[at + 1]] = packet.protocol;
            case META_MARK -> registers[code[at + 1]] = packet.mark;
            case META_SET_MARK -> packet.mark = registers[code[at + 1]];
            case META_IN_INTERFACE -> registers[code[at + 1]] = (int) packet.inInterface;
            case PAYLOAD -> registers[code[at + 2]] = field(code[at + 1], packet);
            case CMP -> {
              boolean equal = (registers[code[at + 1]] & code[at + 3]) == code[at + 2];
              if (equal == (code[at + 4] != 0)) {
                verdict = NftTable.BREAK;
              }
            }
            case BITWISE ->
                registers[code[at + 1]] = (registers[code[at + 2]] & code[at + 3]) ^ code[at + 4];
            case LOOKUP_RESIZABLE -> {
              ResizableHash set = table.resizable.get(code[at + 1]);
              int element = set.find(registers, code[at + 2], now);
              boolean inverted = code[at + 4] != 0;
              if ((element == ResizableHash.NONE) != inverted) {
                verdict = NftTable.BREAK;
              } else if (code[at + 3] != 0) {
                verdict = set.code(element);
                target = set.chain(element);
              }
            }
            case LOOKUP_FIXED -> {
              FixedHash map = table.fixed[code[at + 1]];
              int element = map.find(registers[code[at + 2]]);
              if (element == ResizableHash.NONE) {
                verdict = NftTable.BREAK;
              } else {
                verdict = map.code(element);
                target = map.chain(element);
              }
            }
            case NUMGEN ->
                registers[code[at + 1]] =
                    JenkinsHash.scale(draws.next(), code[at + 2]) + code[at + 3];
            case IMMEDIATE -> {
              if (code[at + 1] != 0) {
                verdict = code[at + 2];
                target = code[at + 3];
              } else {
                registers[code[at + 2]] = code[at + 3];
              }
            }
            case COUNTER -> counter++;
            case NAT -> {
              packet.endpoint = Integer.reverseBytes(registers[code[at + 1]]);
              packet.endpointPort =
                  Short.toUnsignedInt(Short.reverseBytes((short) registers[code[at + 2]]));
              return TRANSLATED;
            }
            case UPDATE ->
                table
                    .resizable
                    .get(code[at + 1])
                    .put(registers, code[at + 2], NftTable.CONTINUE, 0, now + code[at + 3]);
            case REJECT -> {
              return REJECTED;
            }
            case STATE -> registers[code[at + 1]] = packet.state;
            case MATCH_LARGE -> {}
            case MATCH_PORT ->
                verdict =
                    matched(
                        packet.protocol == code[at + 1]
                            && (code[at + 2] < 0 || packet.destinationPort == code[at + 2]));
            case MATCH_RANDOM -> verdict = matched((draws.next() & 0x7fffffff) < code[at + 1]);
            case MATCH_MARK ->
                verdict =
                    matched(((packet.mark & code[at + 2]) == code[at + 1]) != (code[at + 3] != 0));
            case MATCH_RECENT ->
                verdict =
                    matched(
                        lists.match(
                            recentNames[code[at + 1]],
                            0,
                            Integer.reverseBytes(packet.source),
                            code[at + 2],
                            code[at + 3]));
            case MATCH_STATE ->
                verdict = matched(((packet.state & code[at + 1]) != 0) != (code[at + 2] != 0));
            case MATCH_LOCAL ->
                verdict = matched(code[at + 1] != 0 ? packet.localSource : packet.localDestination);
            case TARGET_MARK -> packet.mark = (packet.mark & ~code[at + 2]) ^ code[at + 1];
            case TARGET_DNAT -> {
              packet.endpoint = code[at + 1];
              packet.endpointPort = code[at + 2];
              return TRANSLATED;
            }
            case TARGET_MASQUERADE -> {
              return PASSED;
            }
          }
          if (verdict != NftTable.CONTINUE) {
            break;
          }
        }
        if (verdict == NftTable.BREAK) {
          verdict = NftTable.CONTINUE;
        }
        if (verdict != NftTable.CONTINUE) {
          break;
        }
      }
      switch (verdict) {
        case NftTable.ACCEPT -> {
          return PASSED;
        }
        case NftTable.DROP -> {
          return DROPPED;
        }
        case NftTable.JUMP, NftTable.GOTO -> {
          if (verdict == NftTable.JUMP) {
            if (depth == STACK) {
              return DROPPED;
            }
            stackChain[depth] = chain;
            stackRule[depth++] = rule;
          }
          chain = target;
          code = table.chains[chain];
          rule = 0;
        }
        default -> {
          if (depth == 0) {
            return PASSED;
          }
          chain = stackChain[--depth];
          code = table.chains[chain];
          rule = stackRule[depth];
        }
      }
    }
  }

  private static int matched(boolean match) {
    return match ? NftTable.CONTINUE : NftTable.BREAK;
  }

  /** The bytes of the header as a little-endian machine loads them. */
  private static int field(int which, Packet packet) {
    return switch (FIELDS[which]) {
      case SOURCE -> Integer.reverseBytes(packet.source);
      case DESTINATION -> Integer.reverseBytes(packet.destination);
      case SOURCE_PORT -> Short.toUnsignedInt(Short.reverseBytes((short) packet.sourcePort));
      case DESTINATION_PORT ->
          Short.toUnsignedInt(Short.reverseBytes((short) packet.destinationPort));
    };
  }
}
