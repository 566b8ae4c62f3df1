package dev.conntrail.model.iptables;

import dev.conntrail.model.Packet;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Reads the words of one rule from left to right, as {@code iptables} does. */
final class RuleReader {
  private static final double TWO_POW_31 = 0x1p31;
  private static final int BITS = 32;

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

  private RuleReader(Iterator<String> words) {
    this.words = words;
  }

  /**
   * The rule of the words behind {@code -A CHAIN}.
   *
   * @throws RuntimeException at what is not understood
   */
  static Rule read(List<String> words) {
    RuleReader reader = new RuleReader(words.iterator());
    reader.options();
    return new Rule(reader.header(), List.copyOf(reader.matches), reader.target);
  }

  private Rule.Header header() {
    return new Rule.Header(
        source, destination, inInterface, protocol, notSource, notDestination, notInInterface);
  }

  private void options() {
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
  }

  /** The options of {@code iptables} itself; others are the last match's or the target's. */
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
      case "-m" -> matches.add(match(words.next()));
      case "-j", "-g" -> target = target(words.next(), word.equals("-j"));
      case "--or-mark", "--xor-mark" -> {
        int mark = number(words.next());
        target = new Target.Mark(mark, word.equals("--or-mark") ? mark : 0);
      }
      case "--to-destination" -> {
        String[] parts = words.next().split(":");
        target = new Target.Dnat(address(parts[0]), Integer.parseInt(parts[1]));
      }
      case "--random-fully" -> target = new Target.Masquerade(true);
      default -> matchOption(word, inverted);
    }
  }

  private static Match match(String name) {
    return switch (name) {
      case "comment" -> new Match.Comment("");
      case "tcp", "udp", "sctp" -> new Match.Port(protocol(name), -1);
      case "statistic" -> new Match.Random(0);
      case "mark" -> new Match.Mark(0, 0, false);
      case "recent" -> new Match.Recent("", false, 0, false);
      case "conntrack" -> new Match.State(0, false);
      case "addrtype" -> new Match.Local(false);
      case "nfacct" -> new Match.Count("");
      default -> throw new IllegalArgumentException("match " + name);
    };
  }

  private void matchOption(String word, boolean inverted) {
    switch (word) {
      case "--dport" -> {
        int port = Integer.parseInt(words.next());
        matches.replaceAll(m -> m instanceof Match.Port p ? new Match.Port(p.protocol(), port) : m);
      }
      case "--comment" -> last(new Match.Comment(words.next()));
      case "--mode" -> onlyOf("mode", "random", "nth");
      case "--probability" ->
          last(new Match.Random((int) Math.rint(Double.parseDouble(words.next()) * TWO_POW_31)));
      case "--every" -> last(new Match.Nth(Integer.parseInt(words.next()), 0));
      case "--packet" -> {
        int every = ((Match.Nth) matches.getLast()).every();
        last(new Match.Nth(every, Integer.parseInt(words.next())));
      }
      case "--mark" -> {
        String[] parts = words.next().split("/");
        last(new Match.Mark(number(parts[0]), parts.length > 1 ? number(parts[1]) : -1, inverted));
      }
      case "--ctstate" -> last(new Match.State(states(words.next()), inverted));
      case "--dst-type", "--src-type" -> {
        onlyOf("address type", "LOCAL");
        last(new Match.Local(word.equals("--src-type")));
      }
      case "--nfacct-name" -> last(new Match.Count(words.next()));
      default -> recentOption(word);
    }
  }

  private void recentOption(String word) {
    switch (word) {
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
      default -> throw new IllegalArgumentException("found " + word);
    }
  }

  private static Target target(String word, boolean returns) {
    return switch (word) {
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

  private void onlyOf(String what, String... allowed) {
    String word = words.next();
    if (!List.of(allowed).contains(word)) {
      throw new IllegalArgumentException(what + " " + word);
    }
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

  /** An address in dotted form. */
  private static int address(String dotted) {
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
}
