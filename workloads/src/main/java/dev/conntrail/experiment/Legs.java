package dev.conntrail.experiment;

import dev.conntrail.analysis.KernelTable;
import dev.conntrail.analysis.Leg;
import dev.conntrail.proxy.Passed;
import dev.conntrail.record.Death;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.EchoCount;
import dev.conntrail.result.row.ProxiedRow;
import dev.conntrail.result.row.ProxyLeg;
import dev.conntrail.spec.Protocol;
import dev.conntrail.testbed.Place;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The legs of the way from the clients to the pods, as everybody saw them: one, or, with a proxy in
 * the middle, two. A proxy counts what became a WebSocket, and a stream of gRPC, as one request;
 * how many messages went there and back it does not tell, so these are compared from end to end.
 */
record Legs(Witnessed seen, List<ConnectionRow> ledger) {
  /** One end of a connection at a proxy, and the pod at the other; empty towards clients. */
  private record End(String address, int port, Optional<String> pod) {
    static End of(String text, Optional<String> pod) {
      int colon = text.lastIndexOf(':');
      return new End(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)), pod);
    }
  }

  /** In order. */
  List<Leg> all() {
    return seen.proxied()
        .map(proxy -> List.of(toProxy(proxy), toPods(proxy)))
        .orElseGet(() -> List.of(toPods()));
  }

  private Leg toPods() {
    Set<String> addresses = addresses(seen.clients());
    return leg(
        ledger,
        fromAny(addresses),
        addresses,
        seen.pods(),
        seen.direct(),
        seen.cell().route().pins());
  }

  private Leg toProxy(Stage.ProxyView proxy) {
    return leg(
        ledger, came(proxy), addresses(seen.clients()), List.of(proxy.place()), false, false);
  }

  private Leg toPods(Stage.ProxyView proxy) {
    Set<String> own = Set.of(proxy.place().address());
    return leg(ofProxy(), fromAny(own), own, seen.pods(), true, true);
  }

  private Leg leg(
      List<ConnectionRow> from,
      List<EchoCount> to,
      Set<String> openers,
      List<Place> takers,
      boolean direct,
      boolean pinned) {
    Set<String> remotes =
        from.stream().map(ConnectionRow::remoteAddress).collect(Collectors.toSet());
    Map<String, String> names =
        takers.stream().collect(Collectors.toMap(Place::address, Place::name, (a, _) -> a));
    return new Leg(
        from,
        to,
        seen.kernel()
            .map(view -> KernelTable.read(view.listing(), openers, remotes, names, direct)),
        seen.kernel()
            .map(view -> KernelTable.read(view.before(), openers, remotes, names, direct).keySet())
            .orElse(Set.of()),
        seen.kernel().map(Stage.KernelView::keepsClosedMs).orElse(Double.MAX_VALUE),
        direct,
        pinned);
  }

  private static Set<String> addresses(List<Place> places) {
    return places.stream().map(Place::address).collect(Collectors.toSet());
  }

  private List<EchoCount> fromAny(Set<String> addresses) {
    return seen.echo().connections().stream()
        .filter(e -> addresses.contains(e.clientAddress()))
        .toList();
  }

  private boolean streams() {
    Protocol protocol = seen.cell().protocol();
    return protocol == Protocol.WEBSOCKET || protocol == Protocol.GRPC_STREAM;
  }

  /** What clients opened to a proxy, as it saw them; each short-lived one has a request. */
  private List<EchoCount> came(Stage.ProxyView proxy) {
    List<EchoCount> came = new ArrayList<>();
    requests(proxy, ProxyLeg.TO_PROXY)
        .forEach((end, requests) -> {
          if (!seen.cell().protocol().longLived()) {
            Stream.generate(() -> took(proxy, end, 1)).limit(requests).forEach(came::add);
          } else if (streams()) {
            mine(end).forEach(c -> came.add(took(proxy, end, c.requestsCount())));
          } else {
            came.add(took(proxy, end, requests));
          }
        });
    return came;
  }

  private List<ConnectionRow> mine(End end) {
    return ledger.stream()
        .filter(c -> c.localAddress().equals(end.address()) && c.localPort() == end.port())
        .toList();
  }

  private EchoCount took(Stage.ProxyView proxy, End end, long requests) {
    return new EchoCount(
        proxy.place().name(),
        proxy.place().node(),
        end.address(),
        end.port(),
        seen.cell().protocol().word(),
        requests,
        Optional.empty());
  }

  /** Requests by connection: of its own log, and connections to pods that no request took. */
  private Map<End, Long> requests(Stage.ProxyView proxy, ProxyLeg leg) {
    Map<End, Long> requests = logged(proxy, leg);
    if (leg == ProxyLeg.TO_POD) {
      proxy
          .witness()
          .counts()
          .pods()
          .forEach(pod -> {
            long known =
                requests.keySet().stream()
                    .filter(e -> e.pod().equals(Optional.of(pod.pod())))
                    .count();
            unused(proxy, pod.pod(), requests)
                .limit(Math.max(0, pod.connections() - known))
                .toList()
                .forEach(end -> requests.put(end, 0L));
          });
    }
    return requests;
  }

  /**
   * The same by connection: of an end that a proxy used for several to a pod, one after the other,
   * its log does not tell which request went on which, and the pod does.
   */
  private Stream<Map.Entry<End, Long>> connections(Stage.ProxyView proxy, ProxyLeg leg) {
    Stream<Map.Entry<End, Long>> ends = requests(proxy, leg).entrySet().stream();
    if (leg == ProxyLeg.TO_PROXY || streams()) {
      return ends;
    }
    Map<End, List<Long>> counted = counted();
    return ends.flatMap(e -> {
      List<Long> there = counted.getOrDefault(e.getKey(), List.of());
      return there.size() > 1 && there.stream().mapToLong(n -> n).sum() == e.getValue()
          ? there.stream().map(n -> Map.entry(e.getKey(), n))
          : Stream.of(e);
    });
  }

  /** The requests of each connection that pods had. */
  private Map<End, List<Long>> counted() {
    return seen.echo().connections().stream()
        .collect(
            Collectors.groupingBy(
                e -> new End(e.clientAddress(), e.clientPort(), Optional.of(e.pod())),
                Collectors.mapping(EchoCount::requestsCount, Collectors.toList())));
  }

  /**
   * A proxy opens a connection for a request that another one takes after all: its counters have
   * it, and the pod, and no line of its log.
   */
  private Stream<End> unused(Stage.ProxyView proxy, String pod, Map<End, Long> known) {
    return seen.echo().connections().stream()
        .filter(e -> e.clientAddress().equals(proxy.place().address()))
        .filter(e -> e.pod().equals(pod) && e.requestsCount() == 0)
        .map(e -> new End(e.clientAddress(), e.clientPort(), Optional.of(pod)))
        .filter(end -> !known.containsKey(end));
  }

  private static Map<End, Long> logged(Stage.ProxyView proxy, ProxyLeg leg) {
    Function<Passed, End> by =
        leg == ProxyLeg.TO_PROXY
            ? p -> End.of(p.client(), Optional.empty())
            : p -> End.of(p.from(), p.pod());
    return proxy.witness().passed().stream()
        .filter(p -> leg == ProxyLeg.TO_PROXY || p.pod().isPresent())
        .collect(
            Collectors.groupingBy(
                by,
                () -> new TreeMap<>(Comparator.comparing(End::toString)),
                Collectors.counting()));
  }

  /** The connections that a proxy opened to pods; empty where there is none. */
  List<ConnectionRow> ofProxy() {
    List<ConnectionRow> rows = new ArrayList<>();
    Map<End, List<Long>> counted = streams() ? counted() : Map.of();
    seen.proxied()
        .ifPresent(proxy ->
            connections(proxy, ProxyLeg.TO_POD)
                .forEach(c -> {
                  List<Long> messages = counted.getOrDefault(c.getKey(), List.of());
                  long requests =
                      streams() ? messages.stream().mapToLong(n -> n).sum() : c.getValue();
                  rows.add(opened(proxy.place(), rows.size() + 1, c.getKey(), requests));
                }));
    return rows;
  }

  /** When it was opened, and when it ended, a proxy does not tell. */
  private ConnectionRow opened(Place proxy, int number, End end, long requests) {
    Place pod =
        seen.pods().stream()
            .filter(p -> end.pod().equals(Optional.of(p.name())))
            .findFirst()
            .orElseThrow();
    return new ConnectionRow(
        seen.at(),
        proxy.name(),
        Optional.of(proxy.node()),
        number,
        end.address(),
        end.port(),
        pod.address(),
        seen.cell().protocol().port().ofPods(),
        Optional.empty(),
        end.pod(),
        Optional.of(pod.node()),
        Optional.empty(),
        0,
        Double.NaN,
        Double.NaN,
        Double.NaN,
        Double.NaN,
        Death.OPEN,
        requests,
        requests,
        0,
        Optional.empty());
  }

  /** Rows of {@code proxied.csv}. */
  List<ProxiedRow> rows() {
    return seen.proxied().stream()
        .flatMap(proxy ->
            Stream.of(ProxyLeg.values())
                .flatMap(leg ->
                    connections(proxy, leg)
                        .map(e ->
                            new ProxiedRow(
                                seen.at(),
                                proxy.place().name(),
                                leg,
                                e.getKey().address(),
                                e.getKey().port(),
                                e.getKey().pod(),
                                e.getValue()))))
        .toList();
  }
}
