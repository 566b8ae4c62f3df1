package dev.conntrail.analysis;

import dev.conntrail.result.Rows;
import java.util.ArrayList;
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

  /**
   * Reads {@code conntrack -L}: for each connection that a client opened, the address that really
   * answers (the source of the reply direction).
   *
   * @param clients addresses of clients
   * @param podNames pods by address
   * @param direct whether each pod has its own address for the client
   */
  public static Map<End, String> kernelTable(
      String listing, Set<String> clients, Map<String, String> podNames, boolean direct) {
    Map<End, String> table = new LinkedHashMap<>();
    listing
        .lines()
        .forEach(line -> {
          Matcher m = ENTRY.matcher(line);
          if (m.find()) {
            String client = m.group(1);
            int port = Integer.parseInt(m.group(3));
            if (clients.contains(client) && m.find()) {
              String pod = podNames.getOrDefault(m.group(1), m.group(1));
              table.put(new End(client, port, direct ? pod : ""), pod);
            }
          }
        });
    return table;
  }

  /**
   * Compares the witnesses connection by connection.
   *
   * @param kernel the kernel's table: the pod of each connection; empty where there is none
   * @param direct whether each pod has its own address for the client
   */
  public static Outcome compare(
      List<Rows.Connection> ledger,
      List<Rows.EchoConnection> echo,
      Optional<Map<End, String>> kernel,
      boolean direct) {
    Map<End, Rows.Connection> clientSide = new LinkedHashMap<>();
    ledger.forEach(
        c -> clientSide.put(new End(c.localAddress(), c.localPort(), direct ? c.pod() : ""), c));
    Map<End, Rows.EchoConnection> podSide = new LinkedHashMap<>();
    echo.forEach(
        e -> podSide.put(new End(e.clientAddress(), e.clientPort(), direct ? e.pod() : ""), e));
    Set<End> ends = new LinkedHashSet<>(clientSide.keySet());
    ends.addAll(podSide.keySet());
    kernel.ifPresent(k -> ends.addAll(k.keySet()));
    List<Rows.Disagreement> differences = new ArrayList<>();
    String cell = ledger.isEmpty() ? "" : ledger.getFirst().cell();
    int repetition = ledger.isEmpty() ? 0 : ledger.getFirst().repetition();
    for (End end : ends) {
      Rows.Connection mine = clientSide.get(end);
      Rows.EchoConnection theirs = podSide.get(end);
      Optional<String> kernelPod = kernel.map(k -> k.get(end));
      String why = difference(mine, theirs, kernel.isPresent(), kernelPod.orElse(null));
      if (!why.isEmpty()) {
        differences.add(
            new Rows.Disagreement(
                cell,
                repetition,
                end.address(),
                end.port(),
                mine == null ? "NA" : mine.pod(),
                theirs == null ? "NA" : theirs.pod(),
                kernelPod.orElse("NA"),
                mine == null ? null : mine.requestsCount(),
                theirs == null ? null : theirs.requestsCount(),
                why));
      }
    }
    if (clientSide.size() < ledger.size()) {
      differences.add(
          new Rows.Disagreement(
              cell,
              repetition,
              "NA",
              0,
              "NA",
              "NA",
              "NA",
              null,
              null,
              (ledger.size() - clientSide.size())
                  + " local ports were used twice: these connections cannot be told apart"));
    }
    return new Outcome(ends.size(), differences);
  }

  private static String difference(
      Rows.Connection mine, Rows.EchoConnection theirs, boolean hasKernel, String kernelPod) {
    List<String> why = new ArrayList<>();
    if (mine == null) {
      why.add("not in the client's ledger");
    }
    if (theirs == null) {
      why.add("not counted by any pod");
    }
    if (hasKernel && kernelPod == null) {
      why.add("not in the kernel's table");
    }
    if (mine != null && theirs != null) {
      // The ledger learns the pod from the first reply: a connection that was opened and not used
      // has none.
      boolean unused = mine.requestsCount() == 0 && theirs.requestsCount() == 0;
      if (!unused && !mine.pod().equals(theirs.pod())) {
        why.add("ledger and pod name different pods");
      }
      if (mine.requestsCount() != theirs.requestsCount()) {
        why.add("ledger and pod count different requests");
      }
    }
    if (kernelPod != null && theirs != null && !kernelPod.equals(theirs.pod())) {
      why.add("kernel and pod name different pods");
    }
    return String.join("; ", why);
  }
}
