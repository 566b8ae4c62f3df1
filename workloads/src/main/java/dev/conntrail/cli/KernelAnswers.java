package dev.conntrail.cli;

import dev.conntrail.analysis.KernelTable;
import dev.conntrail.record.LedgerRow;
import dev.conntrail.result.TableFolder;
import dev.conntrail.result.Tables;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.Witness;
import dev.conntrail.testbed.Programs;
import dev.conntrail.testbed.TestbedException;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Where connections went, as the kernel's table of the network namespace that load is in has it:
 * for replies that do not say who sent them. The table is read and left as it is. It has a
 * connection while it is open, and for two minutes after both sides closed it ({@code tcp_timeouts}
 * of {@code nf_conntrack_proto_tcp.c}), so it is asked as soon as load has ended.
 *
 * @param went by the connection's number in the ledger
 * @param unknown of how many that is not known, and why; empty if there are none
 */
record KernelAnswers(Map<Integer, Went> went, Optional<String> unknown) {
  /**
   * What the kernel says of one.
   *
   * @param to address and port that its replies come from
   * @param translated whether that is another than what the client connected to; if not, who
   *     answers may still be told elsewhere, behind a node or a proxy
   */
  record Went(String to, boolean translated) {}

  private static final String BY = " (by the kernel's table)";

  /** Of loopback the kernel keeps a table only where a rule asks it to. */
  private static final String ON_LOOPBACK =
      "none where what listens on loopback answers itself; where it is a proxy, --pod-header or"
          + " --pod-pattern";

  /** Where replies say who answers. */
  static final KernelAnswers NOT_ASKED = new KernelAnswers(Map.of(), Optional.empty());

  /** Asks the kernel of all connections of a ledger; what it will not say is said. */
  static KernelAnswers ask(List<LedgerRow> ledger) {
    if (Programs.find("conntrack").isEmpty()) {
      return none(
          ledger,
          "the program conntrack reads the kernel's table, and is not here",
          "apt-get install conntrack");
    }
    try {
      return read(
          ledger.stream()
              .map(KernelAnswers::family)
              .distinct()
              .map(KernelAnswers::listing)
              .collect(Collectors.joining()),
          ledger);
    } catch (TestbedException e) {
      return none(ledger, e.getMessage(), "root or CAP_NET_ADMIN, which the kernel's table takes");
    }
  }

  private static String listing(String family) {
    return Programs.run(List.of("conntrack", "-L", "-f", family, "-p", "tcp"), "", Programs.SHORT);
  }

  private static String family(LedgerRow e) {
    return e.remote().getAddress() instanceof Inet4Address ? "ipv4" : "ipv6";
  }

  /**
   * What a listing says of them. Of connections that had the same ends one after the other it has
   * the last.
   */
  static KernelAnswers read(String listing, List<LedgerRow> ledger) {
    Map<KernelTable.Ends, InetSocketAddress> repliers = KernelTable.repliers(listing);
    Map<KernelTable.Ends, LedgerRow> last = new HashMap<>();
    ledger.forEach(e -> last.put(new KernelTable.Ends(e.local(), e.remote()), e));
    Map<Integer, Went> went = new HashMap<>();
    last.forEach((ends, entry) ->
        Optional.ofNullable(repliers.get(ends))
            .ifPresent(from ->
                went.put(
                    entry.number(),
                    new Went(
                        TargetAddress.literal(from.getAddress()) + ":" + from.getPort(),
                        !from.equals(ends.remote())))));
    String why = "the kernel's table of this network namespace does not have them";
    return went.isEmpty()
        ? none(ledger, why, "load in that of a node, whose rules lead to pods, and not in a pod's")
        : new KernelAnswers(went, unknown(ledger.size() - went.size(), why));
  }

  private static KernelAnswers none(List<LedgerRow> ledger, String why, String mend) {
    boolean loopback = ledger.stream().allMatch(e -> e.remote().getAddress().isLoopbackAddress());
    return new KernelAnswers(
        Map.of(), unknown(ledger.size(), why + "; mend: " + (loopback ? ON_LOOPBACK : mend)));
  }

  private static Optional<String> unknown(int count, String why) {
    return Optional.of("where %,d of the connections went is not known: %s".formatted(count, why))
        .filter(_ -> count > 0);
  }

  /** Who answers on a connection whose replies do not say it, in words. */
  String words(LedgerRow e) {
    Optional<Went> there = Optional.ofNullable(went.get(e.number()));
    if (e.requests() == 0) {
      return there
          .filter(Went::translated)
          .map(w -> "no answer from " + w.to() + BY)
          .orElse("no pod answered");
    }
    return there
        .map(w -> w.to() + (w.translated() ? BY : " (not translated here, by the kernel's table)"))
        .orElse("answered, by whom is not told");
  }

  /** Writes what is known into the ledger of a load. */
  void writeTo(TableFolder files) throws IOException {
    if (went.values().stream().anyMatch(Went::translated)) {
      files.write(
          Tables.CONNECTIONS, files.rows(Tables.CONNECTIONS).stream().map(this::placed).toList());
    }
  }

  private ConnectionRow placed(ConnectionRow row) {
    return Optional.ofNullable(went.get(row.connection()))
        .filter(w -> w.translated() && row.pod().isEmpty())
        .map(w -> row.on(Optional.empty(), w.to(), Optional.empty(), Witness.KERNEL))
        .orElse(row);
  }
}
