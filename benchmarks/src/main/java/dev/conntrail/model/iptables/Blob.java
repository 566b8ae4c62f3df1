package dev.conntrail.model.iptables;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A table as the kernel holds it: all rules of all chains in one run of bytes, each an {@link
 * Entry}. Built-in chains first, then user chains by name, as libiptc 1.8.9 lays them out. A jump
 * is the offset of the first rule of its chain.
 *
 * <p>Two things differ from the kernel's bytes: where the kernel has a pointer to the match or the
 * target there is a number of ours, and where it has a pointer to the counters of each CPU there is
 * the number of the rule.
 */
public final class Blob {
  /** {@code XT_MAX_TABLE_SIZE} ({@code net/netfilter/x_tables.c}). */
  public static final long MAX_SIZE = 512L << 20;

  private static final Map<String, List<String>> BUILT_IN =
      Map.of(
          "nat", List.of("PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"),
          "filter", List.of("INPUT", "FORWARD", "OUTPUT"));

  private static final Rule.Header ANY =
      new Rule.Header(Rule.Net.ANY, Rule.Net.ANY, "", 0, false, false, false);
  private static final Rule END = new Rule(ANY, List.of(), new Target.Verdict("RETURN"));
  private static final Rule POLICY = new Rule(ANY, List.of(), new Target.Verdict("ACCEPT"));

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
    int size = layOut(chains, builtIn, starts, ends);
    byte[] bytes = new byte[size];
    EntryWriter writer = new EntryWriter(bytes, chain -> of(starts, chain));
    chains.forEach((chain, rules) -> {
      boolean user = !builtIn.contains(chain);
      if (user) {
        writer.error(chain);
      }
      rules.forEach(writer::rule);
      writer.rule(user ? END : POLICY);
    });
    writer.error("ERROR");
    return new Blob(bytes, starts, ends, writer.count(), chains.size() - builtIn.size());
  }

  /** Bytes of the whole table; where its chains start and end is put into the two maps. */
  private static int layOut(
      Map<String, List<Rule>> chains,
      List<String> builtIn,
      Map<String, Integer> starts,
      Map<String, Integer> ends) {
    int named = Entry.MATCHES + Entry.ERROR_SIZE;
    long size = 0;
    for (Map.Entry<String, List<Rule>> chain : chains.entrySet()) {
      size += builtIn.contains(chain.getKey()) ? 0 : named;
      starts.put(chain.getKey(), Math.toIntExact(size));
      for (Rule rule : chain.getValue()) {
        size += Entry.size(rule);
      }
      ends.put(chain.getKey(), Math.toIntExact(size));
      size += Entry.MATCHES + Entry.STANDARD_SIZE;
      if (size > MAX_SIZE) {
        throw new IllegalArgumentException(
            "the table passes "
                + MAX_SIZE
                + " bytes (XT_MAX_TABLE_SIZE), as the kernel would say with ENOMEM");
      }
    }
    return Math.toIntExact(size + named);
  }

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
}
