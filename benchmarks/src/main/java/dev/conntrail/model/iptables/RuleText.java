package dev.conntrail.model.iptables;

import dev.conntrail.model.Packet;
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
  private static final double TWO_POW_31 = 0x1p31;
  private static final int BITS = 32;

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
              .add(new RuleReader(words.subList(2, words.size()).iterator()).read());
      case "-I" ->
          chains
              .computeIfAbsent(words.get(1), _ -> new ArrayList<>())
              .addFirst(new RuleReader(words.subList(2, words.size()).iterator()).read());
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

  /** An address in dotted form. */
  static int address(String dotted) {
    int address = 0;
    for (String part : dotted.split("\\.", -1)) {
      address = address << 8 | Integer.parseInt(part);
    }
    return address;
  }

  private static Rule.Net net(String text) {
    int slash = text.indexOf('/');
    int bits = slash < 0 ? BITS : Integer.parseInt(text.substring(slash + 1));
    int mask = bits == 0 ? 0 : -1 << (BITS - bits);
    return new Rule.Net(address(slash < 0 ? text : text.substring(0, slash)) & mask, mask);
  }

  private static int number(String text) {
    return Integer.decode(text);
  }

  private static int protocol(String name) {
    return switch (name) {
      case "tcp" -> Packet.TCP;
      case "udp" -> Packet.UDP;
      case "sctp" -> Packet.SCTP;
      default -> throw new IllegalArgumentException("protocol " + name);
    };
  }

  /** Reads the words of one rule from left to right, as {@code iptables} does. */
  private static final class RuleReader {
    private final Iterator<String> words;
    private final List<Match> matches = new ArrayList<>();
    private Rule.Net source = Rule.Net.ANY;
    private Rule.Net destination = Rule.Net.ANY;
    private String inInterface = "";
    private int protocol;
    private boolean notSource;
    private boolean notDestination;
    private boolean notInInterface;
    private Target target = new Target.Continue();

    RuleReader(Iterator<String> words) {
      this.words = words;
    }

    Rule read() {
      boolean inverted = false;
      while (words.hasNext()) {
        String word = words.next();
        if (word.equals("!")) {
          inverted = true;
        } else {
          option(word, inverted);
          inverted = false;
        }
      }
      return new Rule(
          new Rule.Header(
              source,
              destination,
              inInterface,
              protocol,
              notSource,
              notDestination,
              notInInterface),
          List.copyOf(matches),
          target);
    }

    private void option(String word, boolean inverted) {
      switch (word) {
        case "-s" -> {
          source = net(words.next());
          notSource = inverted;
        }
        case "-d" -> {
          destination = net(words.next());
          notDestination = inverted;
        }
        case "-i" -> {
          inInterface = words.next();
          notInInterface = inverted;
        }
        case "-p" -> protocol = protocol(words.next());
        case "-m" -> match(words.next());
        case "-j", "-g" -> target(words.next(), word.equals("-j"));
        case "--dport" -> {
          int port = Integer.parseInt(words.next());
          matches.replaceAll(
              m -> m instanceof Match.Port p ? new Match.Port(p.protocol(), port) : m);
        }
        case "--comment" -> last(new Match.Comment(words.next()));
        case "--mode" -> {
          String mode = words.next();
          if (!mode.equals("random") && !mode.equals("nth")) {
            throw new IllegalArgumentException("mode " + mode);
          }
        }
        case "--probability" ->
            last(new Match.Random((int) Math.rint(Double.parseDouble(words.next()) * TWO_POW_31)));
        case "--every" -> last(new Match.Nth(Integer.parseInt(words.next()), 0));
        case "--packet" -> {
          int every = ((Match.Nth) matches.getLast()).every();
          last(new Match.Nth(every, Integer.parseInt(words.next())));
        }
        case "--mark" -> {
          String[] parts = words.next().split("/");
          last(
              new Match.Mark(number(parts[0]), parts.length > 1 ? number(parts[1]) : -1, inverted));
        }
        case "--name" -> {
          Match.Recent r = recent();
          last(new Match.Recent(words.next(), r.set(), r.seconds(), r.reap()));
        }
        case "--set" -> last(new Match.Recent(recent().list(), true, 0, false));
        case "--rcheck" -> last(new Match.Recent(recent().list(), false, 0, false));
        case "--seconds" -> {
          Match.Recent r = recent();
          last(new Match.Recent(r.list(), r.set(), Integer.parseInt(words.next()), r.reap()));
        }
        case "--reap" -> {
          Match.Recent r = recent();
          last(new Match.Recent(r.list(), r.set(), r.seconds(), true));
        }
        case "--ctstate" -> last(new Match.State(states(words.next()), inverted));
        case "--dst-type", "--src-type" -> {
          String type = words.next();
          if (!type.equals("LOCAL")) {
            throw new IllegalArgumentException("address type " + type);
          }
          last(new Match.Local(word.equals("--src-type")));
        }
        case "--nfacct-name" -> last(new Match.Count(words.next()));
        case "--or-mark", "--xor-mark" -> {
          int mark = number(words.next());
          target = new Target.Mark(mark, word.equals("--or-mark") ? mark : 0);
        }
        case "--to-destination" -> {
          String[] parts = words.next().split(":");
          target = new Target.Dnat(address(parts[0]), Integer.parseInt(parts[1]));
        }
        case "--random-fully" -> target = new Target.Masquerade(true);
        default -> throw new IllegalArgumentException("found " + word);
      }
    }

    private void match(String name) {
      matches.add(
          switch (name) {
            case "comment" -> new Match.Comment("");
            case "tcp", "udp", "sctp" -> new Match.Port(protocol(name), -1);
            case "statistic" -> new Match.Random(0);
            case "mark" -> new Match.Mark(0, 0, false);
            case "recent" -> new Match.Recent("", false, 0, false);
            case "conntrack" -> new Match.State(0, false);
            case "addrtype" -> new Match.Local(false);
            case "nfacct" -> new Match.Count("");
            default -> throw new IllegalArgumentException("match " + name);
          });
    }

    private void target(String word, boolean returns) {
      target =
          switch (word) {
            case "ACCEPT", "DROP", "RETURN" -> new Target.Verdict(word);
            case "MARK" -> new Target.Mark(0, 0);
            case "DNAT" -> new Target.Dnat(0, 0);
            case "MASQUERADE" -> new Target.Masquerade(false);
            case "REJECT" -> new Target.Reject();
            default -> new Target.Jump(word, returns);
          };
    }

    private Match.Recent recent() {
      return (Match.Recent) matches.getLast();
    }

    /** What the last match named, now with its option. */
    private void last(Match match) {
      matches.set(matches.size() - 1, match);
    }

    private static int states(String words) {
      int states = 0;
      for (String word : words.split(",", -1)) {
        states |=
            switch (word) {
              case "NEW" -> Packet.NEW;
              case "ESTABLISHED" -> Packet.ESTABLISHED;
              case "RELATED" -> Packet.RELATED;
              case "INVALID" -> Packet.INVALID;
              case "DNAT" -> Match.State.DNAT;
              default -> throw new IllegalArgumentException("state " + word);
            };
      }
      return states;
    }
  }
}
