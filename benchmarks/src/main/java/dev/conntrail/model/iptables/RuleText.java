package dev.conntrail.model.iptables;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One table of the text that kube-proxy hands to {@code iptables-restore}: its chains and rules,
 * with every option that kube-proxy 1.34 writes ({@code pkg/proxy/iptables/proxier.go}).
 */
public final class RuleText {
  private final Map<String, List<Rule>> chains = new LinkedHashMap<>();

  private RuleText() {}

  /**
   * Reads one table.
   *
   * @param lines the whole text, or that table of it
   * @param table {@code nat} or {@code filter}
   * @throws IllegalArgumentException at what is not understood, with the line
   */
  public static RuleText read(Stream<String> lines, String table) {
    RuleText text = new RuleText();
    boolean inside = false;
    int number = 0;
    for (Iterator<String> i = lines.iterator(); i.hasNext(); ) {
      String line = i.next();
      number++;
      if (line.startsWith("*")) {
        inside = line.substring(1).equals(table);
      } else if (inside && !line.isBlank() && !line.startsWith("#") && !line.equals("COMMIT")) {
        try {
          text.add(line);
        } catch (RuntimeException e) {
          throw new IllegalArgumentException(
              "line " + number + ": " + e.getMessage() + ", in: " + line, e);
        }
      }
    }
    return text;
  }

  /**
   * What {@code iptables-restore --noflush} does: chains that are declared are emptied, then
   * filled.
   *
   * @return rules that were read
   */
  public int replace(Stream<String> lines) {
    RuleText change = read(lines, "nat");
    chains.putAll(change.chains);
    return change.chains.values().stream().mapToInt(List::size).sum();
  }

  /** The chains in the order in which they were declared, with their rules. */
  public Map<String, List<Rule>> chains() {
    return chains;
  }

  private void add(String line) {
    if (line.startsWith(":")) {
      chains.put(line.substring(1, line.indexOf(' ')), new ArrayList<>());
      return;
    }
    List<String> words = words(line);
    switch (words.getFirst()) {
      case "-A" ->
          chains
              .computeIfAbsent(words.get(1), _ -> new ArrayList<>())
              .add(RuleReader.read(words.subList(2, words.size())));
      case "-I" ->
          chains
              .computeIfAbsent(words.get(1), _ -> new ArrayList<>())
              .addFirst(RuleReader.read(words.subList(2, words.size())));
      case "-X" -> chains.remove(words.get(1));
      default -> throw new IllegalArgumentException("found " + words.getFirst());
    }
  }

  /** Words between blanks; quotes hold blanks together. */
  private static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    int at = 0;
    while (at < line.length()) {
      char c = line.charAt(at);
      if (c == ' ') {
        at++;
      } else if (c == '"') {
        int end = line.indexOf('"', at + 1);
        words.add(line.substring(at + 1, end));
        at = end + 1;
      } else {
        int end = line.indexOf(' ', at);
        end = end < 0 ? line.length() : end;
        words.add(line.substring(at, end));
        at = end;
      }
    }
    return words;
  }
}
