package dev.conntrail.model.nftables;

import dev.conntrail.model.Draws;
import dev.conntrail.model.Packet;
import dev.conntrail.model.hash.JenkinsHash;
import dev.conntrail.model.iptables.RecentLists;

/**
 * What the expressions do that the machine calls ({@code nft_*_eval}, {@code
 * net/netfilter/nft_*.c}; matches and targets of iptables through {@code nft_compat.c}), with the
 * registers on which they work ({@code struct nft_regs}).
 */
final class NftExpressions {
  /** {@code NF_ACCEPT} of a nat expression: the packet now has an endpoint. */
  static final int NAT = 2;

  /** {@code NF_DROP} of a reject expression: the sender is told. */
  static final int REJECT = 3;

  /** {@code IPS_DST_NAT}. */
  private static final int DESTINATION_NAT = 0x20;

  private static final int REGISTERS = 20;
  private static final NftTable.Expression[] EXPRESSIONS = NftTable.Expression.values();

  final int[] registers = new int[REGISTERS];
  private final NftTable table;
  private final Draws draws;
  private final RecentLists lists;
  private final byte[][] recentNames;
  private int verdictChain;
  private long counter;
  private int now;

  NftExpressions(NftTable table, Draws draws, RecentLists lists, byte[][] recentNames) {
    this.table = table;
    this.draws = draws;
    this.lists = lists;
    this.recentNames = recentNames;
  }

  /** Sets the clock, seconds. */
  void now(int seconds) {
    now = seconds;
    lists.now(seconds);
  }

  /** How often a counter expression was met. */
  long counted() {
    return counter;
  }

  /** The chain of the last verdict that is a jump. */
  int verdictChain() {
    return verdictChain;
  }

  /** {@code expr_call_ops_eval}: all but what the machine does itself. */
  int evaluate(int[] code, int at, Packet packet) {
    return switch (EXPRESSIONS[code[at] & 0xff]) {
      case META_MARK -> load(code[at + 1], packet.mark);
      case META_SET_MARK -> mark(packet, registers[code[at + 1]]);
      case META_IN_INTERFACE -> load(code[at + 1], (int) packet.inInterface);
      case LOOKUP_RESIZABLE -> lookUpResizable(code, at);
      case LOOKUP_FIXED -> lookUpFixed(code, at);
      case LOOKUP_DATA -> lookUpData(code, at);
      case NUMGEN ->
          load(code[at + 1], JenkinsHash.scale(draws.next(), code[at + 2]) + code[at + 3]);
      case IMMEDIATE -> immediate(code, at);
      case COUNTER -> count();
      case NAT -> translate(packet, registers[code[at + 1]], registers[code[at + 2]]);
      case UPDATE -> update(code, at);
      case REJECT -> REJECT;
      case STATE -> load(code[at + 1], packet.state);
      case STATUS -> load(code[at + 1], packet.endpoint == 0 ? 0 : DESTINATION_NAT);
      case MASQUERADE -> masquerade(packet);
      case MATCH_LARGE -> NftTable.CONTINUE;
      case MATCH_PORT -> matched(port(code, at, packet));
      case MATCH_RANDOM -> matched((draws.next() & 0x7fffffff) < code[at + 1]);
      case MATCH_MARK ->
          matched(((packet.mark & code[at + 2]) == code[at + 1]) != (code[at + 3] != 0));
      case MATCH_RECENT -> matched(recent(code, at, packet));
      case MATCH_STATE -> matched(((packet.state & code[at + 1]) != 0) != (code[at + 2] != 0));
      case MATCH_LOCAL -> matched(code[at + 1] != 0 ? packet.localSource : packet.localDestination);
      case TARGET_MARK -> mark(packet, (packet.mark & ~code[at + 2]) ^ code[at + 1]);
      case TARGET_DNAT -> translated(packet, code[at + 1], code[at + 2]);
      case TARGET_MASQUERADE -> NftTable.ACCEPT;
      case META_PROTOCOL, PAYLOAD, BITWISE, CMP ->
          throw new IllegalStateException("a fast expression at " + at);
    };
  }

  private int load(int register, int value) {
    registers[register] = value;
    return NftTable.CONTINUE;
  }

  private static int mark(Packet packet, int mark) {
    packet.mark = mark;
    return NftTable.CONTINUE;
  }

  private int count() {
    counter++;
    return NftTable.CONTINUE;
  }

  /** {@code nft_lookup_eval}: whether a set has an element, or the verdict that a map has. */
  private int lookUpResizable(int[] code, int at) {
    ResizableHash set = table.resizable.get(code[at + 1]);
    int element = set.find(registers, code[at + 2], now);
    boolean inverted = code[at + 4] != 0;
    if ((element == ResizableHash.NONE) != inverted) {
      return NftTable.BREAK;
    }
    return code[at + 3] == 0 ? NftTable.CONTINUE : verdict(set.code(element), set.chain(element));
  }

  private int lookUpFixed(int[] code, int at) {
    FixedHash map = table.fixed[code[at + 1]];
    int element = map.find(registers[code[at + 2]]);
    return element == ResizableHash.NONE
        ? NftTable.BREAK
        : verdict(map.code(element), map.chain(element));
  }

  /** {@code nft_lookup_eval} of a map whose data is an address and a port. */
  private int lookUpData(int[] code, int at) {
    FixedHash map = table.fixed[code[at + 1]];
    int element = map.find(registers[code[at + 2]]);
    if (element == ResizableHash.NONE) {
      return NftTable.BREAK;
    }
    registers[code[at + 3]] = map.code(element);
    registers[code[at + 3] + 1] = map.chain(element);
    return NftTable.CONTINUE;
  }

  /** {@code nft_masq_ipv4_eval}. */
  private static int masquerade(Packet packet) {
    packet.masqueraded = true;
    return NftTable.ACCEPT;
  }

  /** {@code nft_immediate_eval}. */
  private int immediate(int[] code, int at) {
    return code[at + 1] != 0
        ? verdict(code[at + 2], code[at + 3])
        : load(code[at + 2], code[at + 3]);
  }

  /** {@code struct nft_verdict}: a code, and the chain where it is a jump. */
  private int verdict(int code, int chain) {
    verdictChain = chain;
    return code;
  }

  /** {@code nft_dynset_eval}. */
  private int update(int[] code, int at) {
    table
        .resizable
        .get(code[at + 1])
        .put(registers, code[at + 2], NftTable.CONTINUE, 0, now + code[at + 3]);
    return NftTable.CONTINUE;
  }

  /** {@code nft_nat_eval}: address and port from registers, as on the wire. */
  private static int translate(Packet packet, int address, int port) {
    return translated(
        packet,
        Integer.reverseBytes(address),
        Short.toUnsignedInt(Short.reverseBytes((short) port)));
  }

  private static int translated(Packet packet, int address, int port) {
    packet.endpoint = address;
    packet.endpointPort = port;
    return NAT;
  }

  private static boolean port(int[] code, int at, Packet packet) {
    return packet.protocol == code[at + 1]
        && (code[at + 2] < 0 || packet.destinationPort == code[at + 2]);
  }

  private boolean recent(int[] code, int at, Packet packet) {
    return lists.match(
        recentNames[code[at + 1]],
        0,
        Integer.reverseBytes(packet.source),
        code[at + 2],
        code[at + 3]);
  }

  private static int matched(boolean match) {
    return match ? NftTable.CONTINUE : NftTable.BREAK;
  }
}
