package dev.conntrail.dataplane;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Turns rule texts and listings into what can be compared: rules by chain, in order, but where
 * kube-proxy's order is chance.
 */
final class RuleTexts {
  /** Chains into which kube-proxy writes Services in the order of a Go map. */
  private static final Set<String> UNORDERED =
      Set.of(
          "KUBE-SERVICES",
          "KUBE-NODEPORTS",
          "KUBE-EXTERNAL-SERVICES",
          "KUBE-PROXY-FIREWALL",
          "KUBE-IPVS-OUT-FILTER");

  private RuleTexts() {}

  /**
   * Restore input or {@code iptables-save}: rules by table and chain. The last rule of nat
   * KUBE-SERVICES must be the NodePort one.
   */
  static Map<String, List<String>> iptables(String text) {
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
      if (UNORDERED.contains(chain.split(" ")[1])) {
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
