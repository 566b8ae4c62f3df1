package dev.conntrail.analysis;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The kernel's connection table, as {@code conntrack -L} prints it. */
public final class KernelTable {
  private static final Pattern ENTRY =
      Pattern.compile("src=(\\S+) dst=(\\S+) sport=(\\d+) dport=(\\d+)");

  /**
   * What tells a connection from all others of a repetition.
   *
   * @param address the client's IP
   * @param port the client's port
   * @param pod empty where all connections go to one address; the pod's name where each pod has its
   *     own, for then one local port may serve connections to several pods
   */
  public record End(String address, int port, String pod) {}

  /**
   * What the kernel says of a connection.
   *
   * @param pod who answers
   * @param portSeen the client's port as the pod sees it: the kernel changes it where the
   *     translated connection would else be taken for another ({@code nf_nat_core.c}, {@code
   *     get_unique_tuple})
   * @param replied whether anything has come back
   */
  public record Answer(String pod, int portSeen, boolean replied) {}

  /**
   * The two ends of a connection, as who opened it has them.
   *
   * @param local the client's
   * @param remote what the client connected to
   */
  public record Ends(InetSocketAddress local, InetSocketAddress remote) {}

  /**
   * An entry.
   *
   * @param from who opened the connection
   * @param fromPort likewise
   * @param to what it was opened to
   * @param toPort likewise
   * @param replier where its replies come from
   * @param replierPort likewise
   * @param portSeen the port that they go to
   * @param replied whether anything has come back
   */
  public record Entry(
      String from,
      int fromPort,
      String to,
      int toPort,
      String replier,
      int replierPort,
      int portSeen,
      boolean replied) {
    private static Optional<Entry> read(String line) {
      Matcher m = ENTRY.matcher(line);
      if (!m.find()) {
        return Optional.empty();
      }
      MatchResult first = m.toMatchResult();
      return m.find()
          ? Optional.of(
              new Entry(
                  first.group(1),
                  Integer.parseInt(first.group(3)),
                  first.group(2),
                  Integer.parseInt(first.group(4)),
                  m.group(1),
                  Integer.parseInt(m.group(3)),
                  Integer.parseInt(m.group(4)),
                  !line.contains(UNREPLIED)))
          : Optional.empty();
    }

    /** Whether the kernel sends it elsewhere than it was opened to. */
    public boolean translated() {
      return !replier.equals(to) || replierPort != toPort;
    }
  }

  /** How {@code conntrack -L} marks an entry whose first packet nothing has answered. */
  private static final String UNREPLIED = "[UNREPLIED]";

  private KernelTable() {}

  /** What names an entry: addresses and ports of its first direction. */
  public static String name(String line) {
    Matcher m = ENTRY.matcher(line);
    return m.find() ? m.group() : line;
  }

  /** The same of a connection that a client opened. */
  public static String name(String source, String destination, int sourcePort, int port) {
    return "src=" + source + " dst=" + destination + " sport=" + sourcePort + " dport=" + port;
  }

  /**
   * For each connection that a client opened, who really answers (the source of the reply
   * direction).
   *
   * @param clients addresses of clients
   * @param remotes addresses that the clients connected to: entries of others are of no interest
   * @param podNames pods by address
   * @param direct whether each pod has its own address for the client
   */
  public static Map<End, Answer> read(
      String listing,
      Set<String> clients,
      Set<String> remotes,
      Map<String, String> podNames,
      boolean direct) {
    Map<End, Answer> table = new LinkedHashMap<>();
    for (Entry e : entries(listing)) {
      if (clients.contains(e.from()) && remotes.contains(e.to())) {
        String pod = podNames.getOrDefault(e.replier(), e.replier());
        table.put(
            new End(e.from(), e.fromPort(), direct ? pod : ""),
            new Answer(pod, e.portSeen(), e.replied()));
      }
    }
    return table;
  }

  /** All of a listing. */
  public static List<Entry> entries(String listing) {
    return listing.lines().flatMap(l -> Entry.read(l).stream()).toList();
  }

  /**
   * Where each connection's replies really come from (the source of the reply direction): what the
   * client connected to, unless the kernel translates it. What nothing has answered is left out.
   */
  public static Map<Ends, InetSocketAddress> repliers(String listing) {
    Map<Ends, InetSocketAddress> table = new LinkedHashMap<>();
    entries(listing).stream()
        .filter(Entry::replied)
        .forEach(e ->
            table.put(
                new Ends(socket(e.from(), e.fromPort()), socket(e.to(), e.toPort())),
                socket(e.replier(), e.replierPort())));
    return table;
  }

  private static InetSocketAddress socket(String address, int port) {
    return new InetSocketAddress(InetAddress.ofLiteral(address), port);
  }

  /** The client's own port by what a pod sees, where the kernel has changed it. */
  static Map<End, Integer> translated(Map<End, Answer> table) {
    Map<End, Integer> ports = new LinkedHashMap<>();
    table.forEach((end, answer) -> {
      if (answer.portSeen() != end.port()) {
        ports.put(new End(end.address(), answer.portSeen(), answer.pod()), end.port());
      }
    });
    return ports;
  }
}
