package dev.conntrail.analysis;

import dev.conntrail.result.Rows;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Three witnesses of every connection: the client's ledger, the pods' own counts, the kernel's
 * connection table.
 */
public final class CrossCheck {
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
   * The outcome.
   *
   * @param compared connections that were compared
   * @param disagreements one row for each on which the witnesses differ
   */
  public record Outcome(long compared, List<Rows.Disagreement> disagreements) {}

  private CrossCheck() {}

  /** What names an entry of {@code conntrack -L}: addresses and ports of its first direction. */
  public static String end(String line) {
    Matcher m = ENTRY.matcher(line);
    return m.find() ? m.group() : line;
  }

  /** The same of a connection that a client opened. */
  public static String end(String source, String destination, int sourcePort, int port) {
    return "src=" + source + " dst=" + destination + " sport=" + sourcePort + " dport=" + port;
  }

  /**
   * What the kernel says of a connection.
   *
   * @param pod who answers
   * @param portSeen the client's port as the pod sees it: the kernel changes it where the
   *     translated connection would else be taken for another ({@code nf_nat_core.c}, {@code
   *     get_unique_tuple})
   */
  public record Answer(String pod, int portSeen) {}

  /**
   * Reads {@code conntrack -L}: for each connection that a client opened, who really answers (the
   * source of the reply direction).
   *
   * @param clients addresses of clients
   * @param remotes addresses that the clients connected to: entries of others are of no interest
   * @param podNames pods by address
   * @param direct whether each pod has its own address for the client
   */
  public static Map<End, Answer> kernelTable(
      String listing,
      Set<String> clients,
      Set<String> remotes,
      Map<String, String> podNames,
      boolean direct) {
    Map<End, Answer> table = new LinkedHashMap<>();
    listing
        .lines()
        .forEach(line -> {
          Matcher m = ENTRY.matcher(line);
          if (m.find()) {
            String client = m.group(1);
            boolean ours = clients.contains(client) && remotes.contains(m.group(2));
            int port = Integer.parseInt(m.group(3));
            if (ours && m.find()) {
              String pod = podNames.getOrDefault(m.group(1), m.group(1));
              table.put(
                  new End(client, port, direct ? pod : ""),
                  new Answer(pod, Integer.parseInt(m.group(4))));
            }
          }
        });
    return table;
  }

  /**
   * What each witness says of one repetition.
   *
   * @param ledger the client's
   * @param echo the pods' counts
   * @param kernel the kernel's table: the pod of each connection; empty where there is none
   * @param kernelBefore ends that were in the table before the repetition
   * @param kernelKeepsMs how long the kernel keeps an entry after its connection has ended
   * @param unanswered requests that were sent and that the client has no reply to: as many a pod
   *     may have served and counted more
   * @param nodes the node of each pod, as who placed the pods says; a pod that is not named is not
   *     checked
   */
  public record Witnesses(
      List<Rows.Connection> ledger,
      List<Rows.EchoConnection> echo,
      Optional<Map<End, Answer>> kernel,
      Set<End> kernelBefore,
      double kernelKeepsMs,
      long unanswered,
      Map<String, String> nodes) {}

  /**
   * Compares the witnesses connection by connection. A local port may serve several connections one
   * after the other (the side that closes first keeps it, and that may be the pod's): they are told
   * apart by pod and requests, and the kernel's table, which keeps one entry a port, is asked for
   * the last.
   *
   * @param direct whether each pod has its own address for the client
   */
  public static Outcome compare(Witnesses witnesses, boolean direct) {
    Map<End, List<Rows.Connection>> clientSide = new LinkedHashMap<>();
    witnesses.ledger().stream()
        .sorted(Comparator.comparingDouble(Rows.Connection::bornMs))
        .forEach(c ->
            clientSide
                .computeIfAbsent(
                    new End(c.localAddress(), c.localPort(), direct ? c.pod() : ""),
                    _ -> new ArrayList<>())
                .add(c));
    Map<End, Integer> translated = translated(witnesses.kernel().orElse(Map.of()));
    Map<End, List<Rows.EchoConnection>> podSide = new LinkedHashMap<>();
    witnesses
        .echo()
        .forEach(e -> {
          End seen = new End(e.clientAddress(), e.clientPort(), e.pod());
          int port = translated.getOrDefault(seen, e.clientPort());
          podSide
              .computeIfAbsent(
                  new End(e.clientAddress(), port, direct ? e.pod() : ""), _ -> new ArrayList<>())
              .add(e);
        });
    Set<End> ends = new LinkedHashSet<>(clientSide.keySet());
    ends.addAll(podSide.keySet());
    witnesses
        .kernel()
        .ifPresent(k ->
            k.keySet().stream()
                .filter(e -> !witnesses.kernelBefore().contains(e))
                .forEach(ends::add));
    Comparison comparison = new Comparison(witnesses);
    for (End end : ends) {
      comparison.compare(
          end, clientSide.getOrDefault(end, List.of()), podSide.getOrDefault(end, List.of()));
    }
    return new Outcome(comparison.compared, comparison.differences);
  }

  /** The client's own port by what a pod sees, where the kernel has changed it. */
  private static Map<End, Integer> translated(Map<End, Answer> kernel) {
    Map<End, Integer> ports = new LinkedHashMap<>();
    kernel.forEach((end, answer) -> {
      if (answer.portSeen() != end.port()) {
        ports.put(new End(end.address(), answer.portSeen(), answer.pod()), end.port());
      }
    });
    return ports;
  }

  /** Compares all connections of one end after another. */
  private static final class Comparison {
    private final String cell;
    private final int repetition;
    private final Optional<Map<End, Answer>> kernel;
    private final Map<String, String> nodes;
    private final double kernelSinceMs;
    private long unanswered;
    private final List<Rows.Disagreement> differences = new ArrayList<>();
    private long compared;

    Comparison(Witnesses w) {
      this.cell = w.ledger().isEmpty() ? "" : w.ledger().getFirst().cell();
      this.repetition = w.ledger().isEmpty() ? 0 : w.ledger().getFirst().repetition();
      this.kernel = w.kernel();
      this.nodes = w.nodes();
      this.unanswered = w.unanswered();
      this.kernelSinceMs =
          w.ledger().stream().mapToDouble(Rows.Connection::diedMs).max().orElse(0)
              - w.kernelKeepsMs();
    }

    void compare(End end, List<Rows.Connection> mine, List<Rows.EchoConnection> theirs) {
      List<Rows.EchoConnection> left = new ArrayList<>(theirs);
      for (int i = 0; i < mine.size(); i++) {
        compare(end, mine.get(i), partner(mine.get(i), left), i == mine.size() - 1);
      }
      left.forEach(t -> compare(end, null, t, mine.isEmpty()));
      if (mine.isEmpty() && theirs.isEmpty()) {
        compare(end, null, null, true);
      }
    }

    /** The pod's row that fits best, taken from those that are left; null if none is left. */
    private static Rows.EchoConnection partner(
        Rows.Connection mine, List<Rows.EchoConnection> left) {
      Rows.EchoConnection best =
          left.stream()
              .min(
                  Comparator.comparing((Rows.EchoConnection t) -> !t.pod().equals(mine.pod()))
                      .thenComparing(t -> t.requestsCount() != mine.requestsCount()))
              .orElse(null);
      left.remove(best);
      return best;
    }

    /**
     * Whether the pod served more requests than the client has replies to, and requests without a
     * reply are left to explain it; each explains one.
     */
    private boolean servedUnanswered(Rows.Connection mine, Rows.EchoConnection theirs) {
      long more =
          mine == null || theirs == null ? 0 : theirs.requestsCount() - mine.requestsCount();
      if (more <= 0 || more > unanswered) {
        return false;
      }
      unanswered -= more;
      return true;
    }

    private void compare(End end, Rows.Connection mine, Rows.EchoConnection theirs, boolean last) {
      compared++;
      String kernelPod = kernel.map(k -> k.get(end)).map(Answer::pod).orElse(null);
      boolean forgotten = kernelPod == null && mine != null && mine.diedMs() < kernelSinceMs;
      boolean askKernel = kernel.isPresent() && last && !forgotten;
      boolean cut = servedUnanswered(mine, theirs);
      List<String> why = new ArrayList<>(difference(mine, theirs, cut, askKernel, kernelPod));
      if (mine != null && !mine.node().equals(nodes.getOrDefault(mine.pod(), mine.node()))) {
        why.add("reply and testbed name different nodes");
      }
      if (!why.isEmpty()) {
        differences.add(
            new Rows.Disagreement(
                cell,
                repetition,
                end.address(),
                end.port(),
                mine == null ? "NA" : mine.pod(),
                theirs == null ? "NA" : theirs.pod(),
                kernelPod == null ? "NA" : kernelPod,
                mine == null ? null : mine.requestsCount(),
                theirs == null ? null : theirs.requestsCount(),
                String.join("; ", why)));
      }
    }
  }

  private static List<String> difference(
      Rows.Connection mine,
      Rows.EchoConnection theirs,
      boolean cut,
      boolean askKernel,
      String kernelPod) {
    List<String> why = new ArrayList<>();
    if (mine == null) {
      why.add("not in the client's ledger");
    }
    if (theirs == null) {
      why.add("not counted by any pod");
    }
    if (askKernel && kernelPod == null) {
      why.add("not in the kernel's table");
    }
    if (mine != null && theirs != null) {
      // The ledger learns the pod from the first reply: a connection that was opened and not used,
      // or whose only request was cut off, has none.
      boolean unknown = mine.requestsCount() == 0 && (theirs.requestsCount() == 0 || cut);
      if (!unknown && !mine.pod().equals(theirs.pod())) {
        why.add("ledger and pod name different pods");
      }
      if (!cut && mine.requestsCount() != theirs.requestsCount()) {
        why.add("ledger and pod count different requests");
      }
    }
    if (askKernel && kernelPod != null && theirs != null && !kernelPod.equals(theirs.pod())) {
      why.add("kernel and pod name different pods");
    }
    return why;
  }
}
