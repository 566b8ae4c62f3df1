package dev.conntrail.result;

import dev.conntrail.record.Death;
import dev.conntrail.result.row.At;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.CounterRow;
import dev.conntrail.result.row.EchoCount;
import dev.conntrail.result.row.EchoRow;
import dev.conntrail.result.row.ProxiedRow;
import dev.conntrail.result.row.ProxyLeg;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.ClosedBy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Proxies of a {@link TestRepetition}, if its route leads through some, and what they, their logs
 * and the pods behind them count, which is the same. Of a pool the first has two connections, the
 * others share the rest; each has one to each pod, on which requests go in turn.
 */
record TestProxies(Cell cell, At at, List<ConnectionRow> ledger) {
  private int proxies() {
    return cell.route().pins() ? 0 : cell.proxies();
  }

  private static String name(int proxy) {
    return "proxy-" + (proxy + 1);
  }

  private static String address(int proxy) {
    return "10.244.201." + (proxy + 1);
  }

  private int proxyOf(int connection) {
    if (proxies() == 1 || connection < 2) {
      return 0;
    }
    int each = Math.max(1, (cell.connections() - 2) / (proxies() - 1));
    return Math.min(proxies() - 1, 1 + (connection - 2) / each);
  }

  private List<ConnectionRow> of(int proxy) {
    return IntStream.range(0, ledger.size())
        .filter(i -> proxyOf(i) == proxy)
        .mapToObj(ledger::get)
        .toList();
  }

  private long requests(ConnectionRow c) {
    return cell.protocol().streams() ? 1 : c.requestsCount();
  }

  private long requests(int proxy) {
    return of(proxy).stream().mapToLong(this::requests).sum();
  }

  /** Those of a pod: in turn. */
  private long requests(int proxy, int pod) {
    long all = requests(proxy);
    return all / cell.pods() + (pod < all % cell.pods() ? 1 : 0);
  }

  private IntStream each() {
    return IntStream.range(0, proxies());
  }

  private IntStream pods() {
    return IntStream.range(0, cell.pods());
  }

  List<ProxiedRow> rows() {
    List<ProxiedRow> rows = new ArrayList<>();
    each()
        .forEach(p -> {
          of(p)
              .forEach(c ->
                  rows.add(
                      row(
                          p,
                          ProxyLeg.TO_PROXY,
                          c.localAddress(),
                          c.localPort(),
                          Optional.empty(),
                          requests(c))));
          pods()
              .forEach(pod ->
                  rows.add(
                      row(
                          p,
                          ProxyLeg.TO_POD,
                          address(p),
                          2000 + pod,
                          Optional.of("pod-" + (pod + 1)),
                          requests(p, pod))));
        });
    return rows;
  }

  private ProxiedRow row(
      int proxy, ProxyLeg leg, String address, int port, Optional<String> pod, long requests) {
    return new ProxiedRow(at, name(proxy), leg, address, port, pod, requests, pod.map(_ -> 0L));
  }

  /** What pods count: of proxies, and, where events are, of clients, and who closed each. */
  List<EchoRow> echo() {
    return Stream.concat(ofProxies(), cell.course().events().isEmpty() ? Stream.of() : ofClients())
        .toList();
  }

  private Stream<EchoRow> ofClients() {
    return ledger.stream()
        .filter(c -> cell.route().pins() && c.pod().isPresent())
        .map(c ->
            new EchoRow(
                at,
                new EchoCount(
                    c.pod().orElseThrow(),
                    c.node().orElse("node-1"),
                    c.localAddress(),
                    c.localPort(),
                    cell.protocol().word(),
                    c.requestsCount(),
                    Optional.of(closed(c.death())))));
  }

  private static ClosedBy closed(Death death) {
    return switch (death) {
      case CLIENT, RETIRED -> ClosedBy.CLIENT;
      case RESET -> ClosedBy.EXIT;
      case PEER_FIN, ERROR -> ClosedBy.POD;
      case GOODBYE -> ClosedBy.GOODBYE;
      case OPEN, TIMED_OUT -> ClosedBy.OPEN;
    };
  }

  private Stream<EchoRow> ofProxies() {
    return each()
        .boxed()
        .flatMap(p ->
            pods()
                .mapToObj(pod ->
                    new EchoRow(
                        at,
                        new EchoCount(
                            "pod-" + (pod + 1),
                            "node-1",
                            address(p),
                            2000 + pod,
                            cell.protocol().word(),
                            requests(p, pod),
                            Optional.empty()))));
  }

  Stream<CounterRow> counters() {
    return each()
        .boxed()
        .flatMap(p ->
            Stream.concat(
                Stream.of(
                    counter(name(p), "connections_count", of(p).size()),
                    counter(name(p), "requests_count", (double) requests(p)),
                    counter(name(p), "retried_count", 0)),
                pods()
                    .boxed()
                    .flatMap(pod -> {
                      String source = name(p) + " pod-" + (pod + 1);
                      return Stream.of(
                          counter(source, "connections_count", 1),
                          counter(source, "requests_count", (double) requests(p, pod)),
                          counter(source, "refused_count", 0));
                    })));
  }

  private CounterRow counter(String source, String counter, double value) {
    return new CounterRow(at, source, counter, value);
  }
}
