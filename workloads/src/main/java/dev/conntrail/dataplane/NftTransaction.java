package dev.conntrail.dataplane;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Commands for {@code nft -f} on kube-proxy's table of one family, as its library knftables writes
 * them ({@code sigs.k8s.io/knftables}); all of them take effect, or none.
 */
final class NftTransaction {
  /** An element of a set or map, as it is added. */
  record Element(String container, String element) {}

  private final IpFamily family;
  private final StringBuilder out = new StringBuilder();
  private final Set<String> chains = new LinkedHashSet<>();
  private final Set<Element> elements = new LinkedHashSet<>();

  NftTransaction(IpFamily family) {
    this.family = family;
  }

  IpFamily family() {
    return family;
  }

  /** Chains that were made, but for those that packets come into from hooks. */
  Set<String> chains() {
    return chains;
  }

  /** Elements that were added. */
  Set<Element> elements() {
    return elements;
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

  /** Removes a chain, which is made first in case it is not there. */
  void remove(String chain) {
    add("chain", chain, "");
    command("delete chain", " " + chain, "");
  }

  void flushChain(String name) {
    command("flush chain", " " + name, "");
  }

  void rule(String chain, String rule) {
    add("rule", chain, " " + rule);
  }

  void set(String name, String definition) {
    add("set", name, " { " + definition + " }");
  }

  void set(String name, String type, String comment) {
    set(name, typed(type, comment));
  }

  void map(String name, String type, String comment) {
    add("map", name, " { " + typed(type, comment) + " }");
  }

  private static String typed(String type, String comment) {
    return "type " + type + " ; comment \"" + comment + "\" ;";
  }

  void element(String container, String element) {
    elements.add(new Element(container, element));
    add("element", container, " { " + element + " }");
  }

  void remove(Element element) {
    command("delete element", " " + element.container(), " { " + element.element() + " }");
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
