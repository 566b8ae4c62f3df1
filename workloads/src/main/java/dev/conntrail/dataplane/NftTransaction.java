package dev.conntrail.dataplane;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Commands for {@code nft -f} on kube-proxy's table of one family, as its library knftables writes
 * them ({@code sigs.k8s.io/knftables}); all of them take effect, or none.
 */
final class NftTransaction {
  /** An element of a set or map; there is one of a key. */
  record Element(String container, String key) {}

  private final IpFamily family;
  private final StringBuilder out = new StringBuilder();
  private final Set<String> chains = new LinkedHashSet<>();
  private final Set<String> affinitySets = new LinkedHashSet<>();
  private final Map<Element, String> elements = new LinkedHashMap<>();

  /** One that begins with an empty table. */
  NftTransaction(IpFamily family) {
    this.family = family;
  }

  /** One that begins with the elements that another ended with. */
  NftTransaction(NftTransaction before) {
    this.family = before.family;
    this.elements.putAll(before.elements);
  }

  IpFamily family() {
    return family;
  }

  /** Chains that were made, but for those that packets come into from hooks. */
  Set<String> chains() {
    return chains;
  }

  /** Sets that remember clients. */
  Set<String> affinitySets() {
    return affinitySets;
  }

  /** Elements, those that were there before included. */
  Set<Element> elements() {
    return elements.keySet();
  }

  void table(String comment) {
    command("add table", "", " { comment \"" + comment + "\" ; }");
  }

  /** Makes a chain, or empties it; once, however often it is asked for. */
  void chain(String name) {
    if (chains.add(name)) {
      add("chain", name, "");
      flushChain(name);
    }
  }

  /** Makes a chain of this definition. */
  void chain(String name, String definition) {
    add("chain", name, " { " + definition + " }");
    flushChain(name);
  }

  void remove(String what, String name) {
    command("delete " + what, " " + name, "");
  }

  /** Removes a chain or counter, which is made first in case it is not there. */
  void removeIfThere(String what, String name) {
    add(what, name, "");
    remove(what, name);
  }

  void flushChain(String name) {
    command("flush chain", " " + name, "");
  }

  void flushSet(String name) {
    command("flush set", " " + name, "");
  }

  void rule(String chain, String rule) {
    add("rule", chain, " " + rule);
  }

  void affinitySet(String name, int seconds) {
    affinitySets.add(name);
    add(
        "set",
        name,
        " { type "
            + family.nftAddressType
            + " ; flags dynamic,timeout ; timeout "
            + seconds
            + "s ; }");
  }

  void set(String name, String type, String comment) {
    add("set", name, " { " + typed(type, comment) + " }");
  }

  void map(String name, String type, String comment) {
    add("map", name, " { " + typed(type, comment) + " }");
  }

  private static String typed(String type, String comment) {
    return "type " + type + " ; comment \"" + comment + "\" ;";
  }

  /** An element of a set. */
  void element(String set, String key) {
    element(set, key, "", "");
  }

  /** An element of a map. */
  void element(String map, String key, String verdict) {
    element(map, key, "", verdict);
  }

  /** An element of a map, with a comment; one that is there as it is wanted is left alone. */
  void element(String container, String key, String comment, String verdict) {
    Element element = new Element(container, key);
    String had = elements.put(element, verdict);
    if (verdict.equals(had)) {
      return;
    }
    if (had != null) {
      remove(element);
    }
    String noted = comment.isEmpty() ? "" : " comment \"" + comment + "\"";
    String value = verdict.isEmpty() ? "" : " : " + verdict;
    add("element", container, " { " + key + noted + value + " }");
  }

  void remove(Element element) {
    command("delete element", " " + element.container(), " { " + element.key() + " }");
  }

  private void add(String what, String name, String rest) {
    command("add " + what, " " + name, rest);
  }

  private void command(String verb, String name, String rest) {
    out.append(verb)
        .append(' ')
        .append(family.nft)
        .append(' ')
        .append(NftablesRules.TABLE)
        .append(name)
        .append(rest)
        .append('\n');
  }

  /** The text. */
  String text() {
    return out.toString();
  }
}
