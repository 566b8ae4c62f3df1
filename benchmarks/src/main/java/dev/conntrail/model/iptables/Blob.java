package dev.conntrail.model.iptables;

import dev.conntrail.model.Packet;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A table as the kernel holds it: all rules of all chains in one run of bytes ({@code struct
 * ipt_entry}, {@code include/uapi/linux/netfilter_ipv4/ip_tables.h}; matches and targets as in
 * {@code x_tables.h} and the headers of each). Built-in chains first, then user chains by name, as
 * libiptc 1.8.9 lays them out. A jump is the offset of the first rule of its chain.
 *
 * <p>Two things differ from the kernel's bytes: where the kernel has a pointer to the match or the
 * target there is a number of ours, and where it has a pointer to the counters of each CPU there is
 * the number of the rule.
 */
public final class Blob {
  static final int SOURCE = 0;
  static final int DESTINATION = 4;
  static final int SOURCE_MASK = 8;
  static final int DESTINATION_MASK = 12;
  static final int IN_INTERFACE = 16;
  static final int IN_INTERFACE_MASK = 48;
  static final int PROTOCOL = 80;
  static final int FLAGS = 82;
  static final int INVERTED = 83;
  static final int TARGET_OFFSET = 88;
  static final int NEXT_OFFSET = 90;
  static final int NUMBER = 96;

  /** {@code sizeof(struct ipt_entry)}: where the first match begins. */
  public static final int ENTRY = 112;

  /** {@code sizeof(struct xt_entry_match)}, and of a target: where its own data begin. */
  static final int HEADER = 32;

  /** Where a match or target says what it is; the kernel's pointer stands there. */
  static final int KIND = 8;

  static final int NOT_IN_INTERFACE = 1;
  static final int NOT_SOURCE = 8;
  static final int NOT_DESTINATION = 16;
  static final int GOTO = 2;

  static final int COMMENT = 1;
  static final int PORT = 2;
  static final int RANDOM = 3;
  static final int NTH = 4;
  static final int MARK = 5;
  static final int RECENT = 6;
  static final int STATE = 7;
  static final int LOCAL = 8;
  static final int COUNT = 9;

  static final int STANDARD = 0;
  static final int SET_MARK = 1;
  static final int DNAT = 2;
  static final int MASQUERADE = 3;
  static final int REJECT = 4;
  static final int ERROR = 5;

  /** {@code XT_RETURN}: {@code -NF_REPEAT - 1}. */
  static final int RETURN = -5;

  private static final int ACCEPT = -2;
  private static final int DROP = -1;
  private static final int STANDARD_SIZE = 40;
  private static final int ERROR_SIZE = 64;
  private static final int LONGEST_INTERFACE = 15;

  static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final Map<String, List<String>> BUILT_IN =
      Map.of(
          "nat", List.of("PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"),
          "filter", List.of("INPUT", "FORWARD", "OUTPUT"));

  private final byte[] bytes;
  private final Map<String, Integer> starts;
  private final Map<String, Integer> ends;
  private final int rules;
  private final int userChains;

  private Blob(
      byte[] bytes,
      Map<String, Integer> starts,
      Map<String, Integer> ends,
      int rules,
      int userChains) {
    this.bytes = bytes;
    this.starts = starts;
    this.ends = ends;
    this.rules = rules;
    this.userChains = userChains;
  }

  /**
   * Lays out a table ({@code translate_table} and libiptc's {@code iptcc_compile_table}).
   *
   * @param table {@code nat} or {@code filter}
   * @throws IllegalArgumentException if a rule jumps to a chain that is not there, or the blob
   *     would pass the kernel's limit
   */
  public static Blob of(RuleText text, String table) {
    Map<String, List<Rule>> chains = new LinkedHashMap<>();
    List<String> builtIn = BUILT_IN.get(table);
    builtIn.forEach(c -> chains.put(c, text.chains().getOrDefault(c, List.of())));
    chains.putAll(new TreeMap<>(text.chains()));
    Map<String, Integer> starts = new HashMap<>();
    Map<String, Integer> ends = new HashMap<>();
    long size = 0;
    for (Map.Entry<String, List<Rule>> chain : chains.entrySet()) {
      size += builtIn.contains(chain.getKey()) ? 0 : ENTRY + ERROR_SIZE;
      starts.put(chain.getKey(), Math.toIntExact(size));
      for (Rule rule : chain.getValue()) {
        size += size(rule);
      }
      ends.put(chain.getKey(), Math.toIntExact(size));
      size += ENTRY + STANDARD_SIZE;
      if (size > MAX_SIZE) {
        throw new IllegalArgumentException(
            "the table passes "
                + MAX_SIZE
                + " bytes (XT_MAX_TABLE_SIZE), as the kernel would say with ENOMEM");
      }
    }
    Writer writer = new Writer(new byte[Math.toIntExact(size + ENTRY + ERROR_SIZE)], starts);
    for (Map.Entry<String, List<Rule>> chain : chains.entrySet()) {
      boolean user = !builtIn.contains(chain.getKey());
      if (user) {
        writer.error(chain.getKey());
      }
      chain.getValue().forEach(writer::rule);
      writer.rule(user ? END : POLICY);
    }
    writer.error("ERROR");
    return new Blob(writer.bytes, starts, ends, writer.number, chains.size() - builtIn.size());
  }

  /** {@code XT_MAX_TABLE_SIZE} ({@code net/netfilter/x_tables.c}). */
  public static final long MAX_SIZE = 512L << 20;

  private static final Rule.Header ANY =
      new Rule.Header(Rule.Net.ANY, Rule.Net.ANY, "", 0, false, false, false);
  private static final Rule END = new Rule(ANY, List.of(), new Target.Verdict("RETURN"));
  private static final Rule POLICY = new Rule(ANY, List.of(), new Target.Verdict("ACCEPT"));

  /** The bytes themselves. */
  public byte[] bytes() {
    return bytes;
  }

  /** Rules, with those that end chains and those that name them. */
  public int rules() {
    return rules;
  }

  /** Chains that are not built in; the kernel's jump stack is as deep. */
  public int userChains() {
    return userChains;
  }

  /**
   * Where a chain's first rule is.
   *
   * @throws IllegalArgumentException if there is no such chain
   */
  public int start(String chain) {
    return of(starts, chain);
  }

  /** Where the entry is that ends a chain: a return, or a policy. */
  int end(String chain) {
    return of(ends, chain);
  }

  private static int of(Map<String, Integer> offsets, String chain) {
    Integer offset = offsets.get(chain);
    if (offset == null) {
      throw new IllegalArgumentException("there is no chain " + chain);
    }
    return offset;
  }

  /** Bytes from this rule to the next. */
  public static int size(Rule rule) {
    return ENTRY
        + rule.matches().stream().mapToInt(m -> HEADER + payload(m)).sum()
        + HEADER
        + payload(rule.target());
  }

  private static int payload(Match match) {
    return switch (match) {
      case Match.Comment _ -> 256;
      case Match.Port p -> p.protocol() == Packet.SCTP ? 296 : 16;
      case Match.Random _, Match.Nth _ -> 24;
      case Match.Mark _ -> 16;
      case Match.Recent _ -> 232;
      case Match.State _ -> 168;
      case Match.Local _ -> 8;
      case Match.Count _ -> 40;
    };
  }

  private static int payload(Target target) {
    return switch (target) {
      case Target.Continue _, Target.Jump _, Target.Verdict _, Target.Mark _, Target.Reject _ -> 8;
      case Target.Dnat _ -> 48;
      case Target.Masquerade _ -> 24;
    };
  }

  /** Writes entries one behind the other. */
  private static final class Writer {
    private final byte[] bytes;
    private final Map<String, Integer> starts;
    private int at;
    private int number;

    Writer(byte[] bytes, Map<String, Integer> starts) {
      this.bytes = bytes;
      this.starts = starts;
    }

    private void put(int offset, int value) {
      INT.set(bytes, at + offset, value);
    }

    private void putShort(int offset, int value) {
      SHORT.set(bytes, at + offset, (short) value);
    }

    /** The entry that names a user chain; nothing ever matches into it. */
    void error(String name) {
      entry(ENTRY, ENTRY + ERROR_SIZE);
      at += ENTRY;
      target(ERROR, ERROR_SIZE);
      text(HEADER, name);
      at += ERROR_SIZE;
    }

    private void text(int offset, String text) {
      byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
      System.arraycopy(ascii, 0, bytes, at + offset, ascii.length);
    }

    private void entry(int targetOffset, int nextOffset) {
      putShort(TARGET_OFFSET, targetOffset);
      putShort(NEXT_OFFSET, nextOffset);
      LONG.set(bytes, at + NUMBER, (long) number++);
    }

    private void target(int kind, int size) {
      putShort(0, size);
      put(KIND, kind);
    }

    void rule(Rule rule) {
      Rule.Header h = rule.header();
      int size = size(rule);
      put(SOURCE, Integer.reverseBytes(h.source().address()));
      put(SOURCE_MASK, Integer.reverseBytes(h.source().mask()));
      put(DESTINATION, Integer.reverseBytes(h.destination().address()));
      put(DESTINATION_MASK, Integer.reverseBytes(h.destination().mask()));
      if (!h.inInterface().isEmpty()) {
        boolean prefix = h.inInterface().endsWith("+");
        String name =
            prefix ? h.inInterface().substring(0, h.inInterface().length() - 1) : h.inInterface();
        if (name.length() > LONGEST_INTERFACE) {
          throw new IllegalArgumentException("interface name too long: " + name);
        }
        text(IN_INTERFACE, name);
        java.util.Arrays.fill(
            bytes,
            at + IN_INTERFACE_MASK,
            at + IN_INTERFACE_MASK + name.length() + (prefix ? 0 : 1),
            (byte) -1);
      }
      putShort(PROTOCOL, h.protocol());
      bytes[at + FLAGS] =
          (byte) (rule.target() instanceof Target.Jump j && !j.returns() ? GOTO : 0);
      bytes[at + INVERTED] =
          (byte)
              ((h.notInInterface() ? NOT_IN_INTERFACE : 0)
                  | (h.notSource() ? NOT_SOURCE : 0)
                  | (h.notDestination() ? NOT_DESTINATION : 0));
      entry(size - HEADER - payload(rule.target()), size);
      int next = at + size;
      at += ENTRY;
      rule.matches().forEach(this::match);
      target(rule.target(), next);
      at = next;
    }

    private void match(Match match) {
      putShort(0, HEADER + payload(match));
      put(KIND, kind(match));
      switch (match) {
        case Match.Comment c -> text(HEADER, c.text());
        case Match.Port p -> port(p);
        case Match.Random r -> {
          put(HEADER + 4, r.probability());
          put(HEADER + NTH_COUNT, r.probability());
        }
        case Match.Nth n -> {
          putShort(HEADER, 1);
          put(HEADER + 4, n.every() - 1);
          put(HEADER + 8, n.packet());
          put(HEADER + NTH_COUNT, n.every() - 1 - n.packet());
        }
        case Match.Mark m -> {
          put(HEADER, m.value());
          put(HEADER + 4, m.mask());
          bytes[at + HEADER + 8] = (byte) (m.inverted() ? 1 : 0);
        }
        case Match.Recent r -> {
          put(HEADER, r.seconds());
          bytes[at + HEADER + RECENT_CHECK_SET] = (byte) RecentLists.flags(r);
          text(HEADER + RECENT_NAME, r.list());
          java.util.Arrays.fill(
              bytes, at + HEADER + RECENT_MASK, at + HEADER + RECENT_MASK + 16, (byte) -1);
        }
        case Match.State s -> {
          putShort(HEADER + STATE_MATCH_FLAGS, 1);
          putShort(HEADER + STATE_INVERT_FLAGS, s.inverted() ? 1 : 0);
          putShort(HEADER + STATE_MASK, s.states());
        }
        case Match.Local l -> putShort(HEADER + (l.ofSource() ? 0 : 2), 1 << 2);
        case Match.Count c -> text(HEADER, c.name());
      }
      at += HEADER + payload(match);
    }

    /**
     * {@code struct xt_tcp}, {@code xt_udp}: ranges of source and destination ports. {@code struct
     * xt_sctp_info}: destination ports first, tested only if a flag says so.
     */
    private void port(Match.Port p) {
      if (p.protocol() == Packet.SCTP) {
        for (int i = 0; i < 4; i++) {
          bytes[at + HEADER + SCTP_CHUNKS + 3 * i] = -1;
        }
        if (p.port() >= 0) {
          putShort(HEADER, p.port());
          putShort(HEADER + 2, p.port());
          put(HEADER + SCTP_FLAGS, SCTP_DESTINATION);
        }
      } else {
        putShort(HEADER + 2, 0xffff);
        putShort(HEADER + 4, Math.max(p.port(), 0));
        putShort(HEADER + 6, p.port() < 0 ? 0xffff : p.port());
      }
    }

    private void target(Target target, int next) {
      switch (target) {
        case Target.Continue _ -> standard(next);
        case Target.Jump j -> standard(of(starts, j.chain()));
        case Target.Verdict v ->
            standard(
                switch (v.word()) {
                  case "ACCEPT" -> ACCEPT;
                  case "DROP" -> DROP;
                  default -> RETURN;
                });
        case Target.Mark m -> {
          target(SET_MARK, STANDARD_SIZE);
          put(HEADER, m.value());
          put(HEADER + 4, m.mask());
        }
        case Target.Dnat d -> {
          target(DNAT, HEADER + payload(target));
          put(HEADER, 3);
          put(HEADER + NAT_ADDRESS, Integer.reverseBytes(d.address()));
          put(HEADER + NAT_ADDRESS + 16, Integer.reverseBytes(d.address()));
          short port = Short.reverseBytes((short) d.port());
          SHORT.set(bytes, at + HEADER + NAT_PORT, port);
          SHORT.set(bytes, at + HEADER + NAT_PORT + 2, port);
        }
        case Target.Masquerade m -> {
          target(MASQUERADE, HEADER + payload(target));
          put(HEADER, 1);
          put(HEADER + 4, m.randomFully() ? 1 << 4 : 0);
        }
        case Target.Reject _ -> {
          target(REJECT, STANDARD_SIZE);
          put(HEADER, 3);
        }
      }
    }

    private void standard(int verdict) {
      target(STANDARD, STANDARD_SIZE);
      put(HEADER, verdict);
    }

    private static int kind(Match match) {
      return switch (match) {
        case Match.Comment _ -> COMMENT;
        case Match.Port _ -> PORT;
        case Match.Random _ -> RANDOM;
        case Match.Nth _ -> NTH;
        case Match.Mark _ -> MARK;
        case Match.Recent _ -> RECENT;
        case Match.State _ -> STATE;
        case Match.Local _ -> LOCAL;
        case Match.Count _ -> COUNT;
      };
    }
  }

  static final int SCTP_CHUNKS = 268;
  static final int SCTP_FLAGS = 284;
  static final int SCTP_DESTINATION = 2;
  static final int NTH_COUNT = 12;
  static final int RECENT_CHECK_SET = 8;
  static final int RECENT_NAME = 10;
  static final int RECENT_MASK = 212;
  static final int RECENT_CHECK = 1;
  static final int RECENT_SET = 2;
  static final int RECENT_REAP = 32;
  static final int STATE_MATCH_FLAGS = 146;
  static final int STATE_INVERT_FLAGS = 148;
  static final int STATE_MASK = 150;
  static final int NAT_ADDRESS = 4;
  static final int NAT_PORT = 36;
}
