package dev.conntrail.model.nftables;

import dev.conntrail.model.Draws;
import dev.conntrail.model.Packet;
import dev.conntrail.model.Router;
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

  /** No expression: the chain has ended. */
  private static final int END = -1;

  private static final NftTable.Expression[] EXPRESSIONS = NftTable.Expression.values();
  private static final NftTable.Field[] FIELDS = NftTable.Field.values();

  private final NftTable table;
  private final int start;
  private final NftExpressions expressions;
  private final int[] registers;
  private final int[] stackChain = new int[STACK];
  private final int[] stackRule = new int[STACK];

  /** Where the rule that runs ends, and the next begins. */
  private int next;

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
    this.expressions = new NftExpressions(table, draws, lists, recentNames);
    this.registers = expressions.registers;
  }

  /** Sets the clock, seconds. */
  public void now(int seconds) {
    expressions.now(seconds);
  }

  /** How often a counter expression was met. */
  public long counted() {
    return expressions.counted();
  }

  @Override
  public int route(Packet packet) {
    int depth = 0;
    int chain = start;
    next = 0;
    while (true) {
      int verdict = run(table.chains[chain], packet);
      switch (verdict) {
        case NftTable.ACCEPT -> {
          return PASSED;
        }
        case NftTable.DROP -> {
          return DROPPED;
        }
        case NftExpressions.NAT -> {
          return TRANSLATED;
        }
        case NftExpressions.REJECT -> {
          return REJECTED;
        }
        case NftTable.JUMP, NftTable.GOTO -> {
          if (verdict == NftTable.JUMP) {
            if (depth == STACK) {
              return DROPPED;
            }
            stackChain[depth] = chain;
            stackRule[depth++] = next;
          }
          chain = expressions.verdictChain();
          next = 0;
        }
        default -> {
          if (depth == 0) {
            return PASSED;
          }
          chain = stackChain[--depth];
          next = stackRule[depth];
        }
      }
    }
  }

  /** The rules of a chain from {@link #next} on, until one gives a verdict or the chain ends. */
  private int run(int[] code, Packet packet) {
    int at = fast(code, next, packet);
    while (at != END) {
      int verdict = expressions.evaluate(code, at, packet);
      if (verdict == NftTable.CONTINUE) {
        at += code[at] >>> 8;
      } else if (verdict == NftTable.BREAK) {
        at = next;
      } else {
        return verdict;
      }
      at = fast(code, at, packet);
    }
    return NftTable.RETURN;
  }

  /**
   * Loads and compares, which most rules begin with, along the rules ({@code
   * nft_rule_dp_for_each_expr}, where the kernel too takes its fast operations without a call).
   * Nothing is called from here: a call in this loop, however seldom, costs a rule half as much
   * again.
   *
   * @param from an expression, or where a rule ends
   * @return the next expression that must be called; {@link #END} at the end of the chain
   */
  private int fast(int[] code, int from, Packet packet) {
    int at = from;
    int end = next;
    while (true) {
      while (at < end) {
        switch (EXPRESSIONS[code[at] & 0xff]) {
          case META_PROTOCOL -> registers[code[at + 1]] = packet.protocol;
          case PAYLOAD -> registers[code[at + 2]] = field(code[at + 1], packet);
          case BITWISE ->
              registers[code[at + 1]] = (registers[code[at + 2]] & code[at + 3]) ^ code[at + 4];
          case CMP -> {
            boolean equal = (registers[code[at + 1]] & code[at + 3]) == code[at + 2];
            if (equal == (code[at + 4] != 0)) {
              at = end;
              continue;
            }
          }
          default -> {
            next = end;
            return at;
          }
        }
        at += code[at] >>> 8;
      }
      if ((code[end] & NftTable.LAST) != 0) {
        next = end;
        return END;
      }
      at = end + NftTable.RULE_WORDS;
      end = at + (code[end] >>> 1);
    }
  }

  /** The bytes of the header as a little-endian machine loads them. */
  private static int field(int which, Packet packet) {
    return switch (FIELDS[which]) {
      case SOURCE -> Integer.reverseBytes(packet.source);
      case DESTINATION -> Integer.reverseBytes(packet.destination);
      case SOURCE_PORT -> Short.toUnsignedInt(Short.reverseBytes((short) packet.sourcePort));
      case DESTINATION_PORT ->
          Short.toUnsignedInt(Short.reverseBytes((short) packet.destinationPort));
      case NEW_DESTINATION -> Integer.reverseBytes(packet.endpoint);
      case NEW_DESTINATION_PORT ->
          Short.toUnsignedInt(Short.reverseBytes((short) packet.endpointPort));
    };
  }
}
