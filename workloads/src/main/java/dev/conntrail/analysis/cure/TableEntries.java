package dev.conntrail.analysis.cure;

import dev.conntrail.analysis.KernelTable;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.RepetitionResults;
import dev.conntrail.result.Tables;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.CureRow;
import dev.conntrail.result.row.ProxiedRow;
import dev.conntrail.result.row.ProxyLeg;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * What the connections of a repetition have in the kernels' tables, hop by hop: one to the Service
 * has an entry that is translated, one to a pod's own address one that is not, a sidecar's client
 * none, and a proxy's connections to pods have their own.
 *
 * @param ofClients entries of connections that clients opened
 * @param ofProxies entries of those that proxies did; empty where no proxy is
 */
record TableEntries(
    List<KernelTable.Entry> ofClients, Optional<List<KernelTable.Entry>> ofProxies) {
  /** Who opened a connection: a client's port may lead to several pods. */
  private record End(String address, int port) {
    static End of(KernelTable.Entry entry) {
      return new End(entry.from(), entry.fromPort());
    }
  }

  /**
   * Those of a cell.
   *
   * @param ledger its connections, of all repetitions
   */
  static CureRow.Entries of(CellResults cell, List<ConnectionRow> ledger) {
    Map<Integer, List<ConnectionRow>> by =
        ledger.stream().collect(Collectors.groupingBy(c -> c.at().repetition()));
    List<TableEntries> all =
        cell.repetitions().stream()
            .flatMap(r ->
                r.connectionTable().stream()
                    .map(t -> of(cell, r, by.getOrDefault(r.number(), List.of()), t)))
            .toList();
    return all.isEmpty()
        ? CureRow.Entries.UNKNOWN
        : new CureRow.Entries(
            mean(all, t -> each(t.ofClients, t.ofClients.size())),
            mean(all, t -> t.ofProxies.map(p -> each(p, p.size())).orElse(Double.NaN)),
            mean(all, TableEntries::translated));
  }

  /** A sidecar has its client's address: what has a proxy's end is the proxy's. */
  private static TableEntries of(
      CellResults cell, RepetitionResults r, List<ConnectionRow> ledger, String listing) {
    boolean proxied = !cell.cell().route().pins();
    Set<End> proxies =
        (proxied ? r.rows(Tables.PROXIED) : List.<ProxiedRow>of())
            .stream()
                .filter(p -> p.leg() == ProxyLeg.TO_POD)
                .map(p -> new End(p.address(), p.port()))
                .collect(Collectors.toSet());
    Set<End> clients =
        ledger.stream()
            .map(c -> new End(c.localAddress(), c.localPort()))
            .filter(e -> !proxies.contains(e))
            .collect(Collectors.toSet());
    List<KernelTable.Entry> all = KernelTable.entries(listing);
    return new TableEntries(
        all.stream().filter(e -> clients.contains(End.of(e))).toList(),
        Optional.of(all.stream().filter(e -> proxies.contains(End.of(e))).toList())
            .filter(_ -> proxied));
  }

  private double translated() {
    return each(ofClients, sentElsewhere(ofClients))
        + ofProxies.map(p -> each(p, sentElsewhere(p))).orElse(0.0);
  }

  private static long sentElsewhere(List<KernelTable.Entry> entries) {
    return entries.stream().filter(KernelTable.Entry::translated).count();
  }

  /** Some of these entries, by the connections that they are of; 0 where there are none. */
  private static double each(List<KernelTable.Entry> entries, long some) {
    long connections = entries.stream().map(TableEntries::connection).distinct().count();
    return connections == 0 ? 0 : (double) some / connections;
  }

  /** On the way from node to node it is the same connection: a pod is where replies come from. */
  private static String connection(KernelTable.Entry e) {
    return KernelTable.name(e.from(), e.replier(), e.fromPort(), e.replierPort());
  }

  private static double mean(List<TableEntries> all, ToDoubleFunction<TableEntries> figure) {
    return all.stream().mapToDouble(figure).filter(Double::isFinite).average().orElse(Double.NaN);
  }
}
