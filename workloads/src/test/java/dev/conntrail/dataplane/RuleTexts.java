package dev.conntrail.dataplane;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Turns rule texts and listings into what can be compared: rules by chain, in order, but where
 * kube-proxy's order is chance.
 */
final class RuleTexts {
  /** Chains into which kube-proxy writes Services in the order of a Go map. */
  private static final Set<String> UNORDERED =
      Set.of("KUBE-SERVICES", "KUBE-NODEPORTS", "KUBE-EXTERNAL-SERVICES", "KUBE-PROXY-FIREWALL");

  /** The one of mode ipvs. */
  private static final Set<String> UNORDERED_OF_IPVS = Set.of("KUBE-IPVS-OUT-FILTER");

  /** A jump from a built-in chain, in a table. */
  private static final Pattern JUMP =
      Pattern.compile("-A (INPUT|FORWARD|OUTPUT|PREROUTING|POSTROUTING) .*");

  private RuleTexts() {}

  /**
   * Restore input or {@code iptables-save} of mode iptables: rules by table and chain. The last
   * rule of nat KUBE-SERVICES must be the NodePort one.
   */
  static Map<String, List<String>> iptables(String text) {
    return iptables(text, UNORDERED);
  }

  /** The same of mode ipvs, whose chains ask sets and do not grow with Services. */
  static Map<String, List<String>> ipvsIptables(String text) {
    return iptables(text, UNORDERED_OF_IPVS);
  }

  private static Map<String, List<String>> iptables(String text, Set<String> unordered) {
    Map<String, List<String>> chains = new TreeMap<>();
    String table = "";
    for (String line : text.split("\n")) {
      if (line.startsWith("*")) {
        table = line.substring(1);
      } else if (line.startsWith(":")) {
        chains.computeIfAbsent(
            table + " " + line.substring(1).split(" ")[0], _ -> new ArrayList<>());
      } else if (line.startsWith("-X ")) {
        chains.put(table + " " + line, new ArrayList<>());
      } else if (line.startsWith("-A ")) {
        chains.computeIfAbsent(table + " " + line.split(" ")[1], _ -> new ArrayList<>()).add(line);
      }
    }
    chains.forEach((chain, rules) -> {
      if (unordered.contains(chain.split(" ")[1])) {
        String last = rules.isEmpty() ? "" : rules.getLast();
        Collections.sort(rules);
        if (chain.equals("nat KUBE-SERVICES")) {
          rules.add("last: " + last);
        }
      }
    });
    return chains;
  }

  /**
   * What ipvsadm, ipset and ip are told, in an order in which only the commands on one real server
   * keep theirs. Addresses are there without their length and interface.
   */
  static List<String> ipvs(String text) {
    return text.lines()
        .filter(l -> !l.isBlank())
        .map(l -> l.replaceFirst("^addr add ([^/]+)/.*", "address $1"))
        .map(l -> l.replaceFirst("^addr del ([^/]+)/.*", "no address $1"))
        .sorted(Comparator.comparing(l -> l.replaceFirst("^-[ade] (\\S+ \\S+ -r \\S+).*", "-a $1")))
        .toList();
  }

  /**
   * What removes all that restore input makes: each jump from a built-in chain, and each chain once
   * it is empty, in the words of iptables.
   */
  static Stream<String> removals(String restoreInput) {
    List<String> removals = new ArrayList<>();
    String table = "";
    for (String line : restoreInput.lines().toList()) {
      if (line.startsWith("*")) {
        table = "-t " + line.substring(1);
      } else if (line.startsWith(":")) {
        String chain = line.substring(1).split(" ")[0];
        removals.add(table + " -F " + chain);
        removals.add(table + " -X " + chain);
      } else if (JUMP.matcher(line).matches()) {
        removals.add(table + line.replaceFirst("-A", " -D"));
      }
    }
    return removals.stream();
  }

  /** What a clean-up did, in the same words: by single commands, or by restore input. */
  static Stream<String> removed(String cleanUp) {
    List<String> removed = new ArrayList<>();
    String table = "";
    for (String line : cleanUp.lines().toList()) {
      if (line.startsWith("*")) {
        table = "-t " + line.substring(1);
      } else if (line.startsWith(":")) {
        removed.add(table + " -F " + line.substring(1).split(" ")[0]);
      } else if (line.startsWith("-X")) {
        removed.add(table + " " + line);
      } else if (line.startsWith("-t")) {
        removed.add(line);
      }
    }
    return removed.stream();
  }

  /**
   * Commands for nft, as kube-proxy's library writes them: objects, elements, and rules by chain.
   */
  static Map<String, List<String>> nftCommands(String text) {
    Map<String, List<String>> found = new TreeMap<>();
    for (String line : text.split("\n")) {
      String flat = line.replaceAll("\\s+", " ");
      String[] words = flat.split(" ");
      if (flat.startsWith("add rule ")) {
        found.computeIfAbsent("rules of " + words[4], _ -> new ArrayList<>()).add(flat);
      } else if (flat.startsWith("add chain ")) {
        // A chain is added bare and again with its hook: the fuller line counts.
        found.merge(
            "chain " + words[4],
            List.of(flat),
            (a, b) -> a.getFirst().length() >= b.getFirst().length() ? a : b);
      } else if (flat.startsWith("add ")) {
        found.put(flat, List.of());
      }
    }
    return found;
  }

  /** All commands of a transaction: rules by chain, in order; of the others each once, sorted. */
  static Map<String, List<String>> nftTransaction(String text) {
    Map<String, List<String>> found = new TreeMap<>();
    for (String line : text.split("\n")) {
      String flat = line.replaceAll("\\s+", " ").strip();
      String[] words = flat.split(" ");
      if (flat.startsWith("add rule ")) {
        found.computeIfAbsent("rules of " + words[4], _ -> new ArrayList<>()).add(flat);
      } else {
        found.put(flat, List.of());
      }
    }
    return found;
  }

  /** {@code nft list table}: each block (set, map, chain) with its lines, elements sorted. */
  static Map<String, List<String>> nftListing(String text) {
    Map<String, List<String>> blocks = new TreeMap<>();
    String table = "";
    String block = "";
    for (String raw : text.replaceAll(",\\s*\n\\s*", ", ").split("\n")) {
      String line = raw.strip();
      if (line.startsWith("table ")) {
        table = line;
        block = "";
      } else if (line.endsWith(" {")) {
        block = table + " " + line;
        blocks.put(block, new ArrayList<>());
      } else if (line.startsWith("elements = {")) {
        List<String> elements =
            new ArrayList<>(
                List.of(
                    line.substring("elements = {".length(), line.length() - 1)
                        .strip()
                        .split(", ")));
        Collections.sort(elements);
        blocks.get(block).addAll(elements.stream().map(String::strip).toList());
      } else if (!line.isEmpty() && !line.equals("}") && !block.isEmpty()) {
        blocks.get(block).add(line);
      }
    }
    return blocks;
  }

  /** Compares by chain or block, so that a difference is short. */
  static void same(Map<String, List<String>> ours, Map<String, List<String>> real) {
    org.assertj.core.api.Assertions.assertThat(ours.keySet())
        .containsExactlyInAnyOrderElementsOf(real.keySet());
    ours.forEach((key, lines) ->
        org.assertj.core.api.Assertions.assertThat(lines).as(key).isEqualTo(real.get(key)));
  }
}
