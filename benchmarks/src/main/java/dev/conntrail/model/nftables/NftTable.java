package dev.conntrail.model.nftables;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A table of nf_tables: chains, each with its rules packed into one blob ({@code struct
 * nft_rule_blob}, {@code include/net/netfilter/nf_tables.h}), and the sets that they ask.
 *
 * <p>A rule is two words ({@code struct nft_rule_dp}: length, handle), then its expressions, each
 * as long as the kernel's ({@code struct nft_expr}: a pointer to its operations, then its own
 * fields); the lengths were computed from the structures of 6.18. The first word of an expression,
 * where the kernel has the pointer, says which it is and how long. A blob ends with a rule that is
 * marked as the last.
 */
public final class NftTable {
  /** {@code NFT_CONTINUE}. */
  static final int CONTINUE = -1;

  /** {@code NFT_BREAK}: this rule does not match. */
  static final int BREAK = -2;

  /** {@code NFT_JUMP}. */
  public static final int JUMP = -3;

  /** {@code NFT_GOTO}. */
  public static final int GOTO = -4;

  /** {@code NFT_RETURN}. */
  public static final int RETURN = -5;

  /** {@code NF_DROP}. */
  public static final int DROP = 0;

  /** {@code NF_ACCEPT}. */
  public static final int ACCEPT = 1;

  static final int LAST = 1;
  static final int RULE_WORDS = 2;

  /** Expressions: their number, and their length in the kernel in words of four bytes. */
  enum Expression {
    META_PROTOCOL(4),
    META_MARK(4),
    META_SET_MARK(4),
    META_IN_INTERFACE(4),
    PAYLOAD(4),
    CMP(6),
    BITWISE(6),
    LOOKUP_RESIZABLE(14),
    LOOKUP_FIXED(14),
    LOOKUP_DATA(14),
    NUMGEN(6),
    IMMEDIATE(8),
    COUNTER(4),
    NAT(6),
    UPDATE(20),
    REJECT(4),
    STATE(4),
    STATUS(4),
    MASQUERADE(6),
    MATCH_LARGE(4),
    MATCH_PORT(6),
    MATCH_RANDOM(8),
    MATCH_MARK(6),
    MATCH_RECENT(6),
    MATCH_STATE(6),
    MATCH_LOCAL(6),
    TARGET_MARK(6),
    TARGET_DNAT(14),
    TARGET_MASQUERADE(8);

    private final int words;

    Expression(int words) {
      this.words = words;
    }

    /** The word that stands where the kernel has the pointer: a number of ours, and the length. */
    @SuppressWarnings("EnumOrdinal")
    int head() {
      return ordinal() | words << 8;
    }
  }

  /** What a payload expression loads; raw, as on the wire. */
  enum Field {
    SOURCE,
    DESTINATION,
    SOURCE_PORT,
    DESTINATION_PORT,
    /** The same two once a packet has been translated. */
    NEW_DESTINATION,
    NEW_DESTINATION_PORT
  }

  private static final int[] EMPTY = {LAST, 0};

  private final Map<String, Integer> names = new HashMap<>();
  int[][] chains = new int[16][];
  final List<ResizableHash> resizable = new ArrayList<>();
  FixedHash[] fixed = new FixedHash[16];
  private int chainCount;
  private int fixedCount;
  private int handles;

  /** The number of a chain; an empty one is made if there is none of that name. */
  public int chain(String name) {
    Integer number = names.get(name);
    if (number == null) {
      if (chainCount == chains.length) {
        chains = Arrays.copyOf(chains, 2 * chainCount);
      }
      chains[chainCount] = EMPTY;
      number = chainCount++;
      names.put(name, number);
    }
    return number;
  }

  /** Whether there is a chain of that name. */
  public boolean has(String name) {
    return names.containsKey(name);
  }

  /** Replaces all rules of a chain in one step, as a transaction's commit does. */
  void rules(int chain, Rules rules) {
    chains[chain] = rules.blob();
  }

  /** Adds a resizable set; its number. */
  int add(ResizableHash set) {
    resizable.add(set);
    return resizable.size() - 1;
  }

  /** Adds a fixed map; its number. */
  int add(FixedHash map) {
    if (fixedCount == fixed.length) {
      fixed = Arrays.copyOf(fixed, 2 * fixedCount);
    }
    fixed[fixedCount] = map;
    return fixedCount++;
  }

  /** Puts another map in a place. */
  void replace(int number, FixedHash map) {
    fixed[number] = map;
  }

  /** Packs the rules of one chain. */
  final class Rules {
    private int[] words = new int[64];
    private int length;
    private int open = -1;

    /** Begins a rule. */
    Rules rule() {
      close();
      open = length;
      add(0);
      add(++handles);
      return this;
    }

    /** Adds an expression with its operands. */
    Rules expression(Expression expression, int... operands) {
      int end = length + expression.words;
      add(expression.head());
      for (int operand : operands) {
        add(operand);
      }
      while (length < end) {
        add(0);
      }
      return this;
    }

    @SuppressWarnings("EnumOrdinal")
    Rules payload(Field field, int register) {
      return expression(Expression.PAYLOAD, field.ordinal(), register);
    }

    /** {@code cmp eq} or {@code cmp neq} of the bits of a mask. */
    Rules compare(int register, int data, int mask, boolean equal) {
      return expression(Expression.CMP, register, data, mask, equal ? 0 : 1);
    }

    Rules verdict(int code, int chain) {
      return expression(Expression.IMMEDIATE, 1, code, chain);
    }

    Rules immediate(int register, int data) {
      return expression(Expression.IMMEDIATE, 0, register, data);
    }

    private void add(int word) {
      if (length == words.length) {
        words = Arrays.copyOf(words, 2 * length);
      }
      words[length++] = word;
    }

    private void close() {
      if (open >= 0) {
        words[open] = (length - open - RULE_WORDS) << 1;
      }
    }

    private int[] blob() {
      close();
      int[] blob = Arrays.copyOf(words, length + RULE_WORDS);
      blob[length] = LAST;
      return blob;
    }
  }
}
