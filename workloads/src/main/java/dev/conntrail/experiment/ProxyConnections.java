package dev.conntrail.experiment;

import dev.conntrail.proxy.Passed;
import dev.conntrail.record.Death;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.EchoCount;
import dev.conntrail.result.row.ProxiedRow;
import dev.conntrail.result.row.ProxyLeg;
import dev.conntrail.testbed.Place;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The connections of a proxy, towards clients and towards pods, as it saw them itself. It counts
 * what became a WebSocket, and a stream of gRPC, as one request; how many messages went there and
 * back it does not tell, so these are compared from end to end.
 */
record ProxyConnections(Witnessed seen, List<ConnectionRow> ledger, Stage.ProxyView proxy) {
  /** One end of a connection at a proxy, and the pod at the other; empty towards clients. */
  private record End(String address, int port, Optional<String> pod) {
    static End of(String text, Optional<String> pod) {
      int colon = text.lastIndexOf(':');
      return new End(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)), pod);
    }
  }

  private boolean streams() {
    return seen.cell().protocol().streams();
  }

  /** What clients opened to a proxy, as it saw them; each short-lived one has a request. */
  List<EchoCount> came() {
    List<EchoCount> came = new ArrayList<>();
    requests(ProxyLeg.TO_PROXY)
        .forEach((end, requests) -> {
          if (!seen.cell().protocol().longLived()) {
            Stream.generate(() -> took(end, 1)).limit(requests).forEach(came::add);
          } else if (streams()) {
            mine(end).forEach(c -> came.add(took(end, c.requestsCount())));
          } else {
            came.add(took(end, requests));
          }
        });
    return came;
  }

  private List<ConnectionRow> mine(End end) {
    return ledger.stream()
        .filter(c -> c.localAddress().equals(end.address()) && c.localPort() == end.port())
        .toList();
  }

  private EchoCount took(End end, long requests) {
    return new EchoCount(
        proxy.place().name(),
        proxy.place().node(),
        end.address(),
        end.port(),
        seen.cell().protocol().word(),
        requests,
        Optional.empty());
  }

  /**
   * Requests by connection: of its own log, to pods those that it had an answer to; and connections
   * to pods that no request took.
   */
  private Map<End, Long> requests(ProxyLeg leg) {
    Map<End, Long> requests = logged(leg, p -> leg == ProxyLeg.TO_PROXY || p.answered() ? 1 : 0);
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
            unused(pod.pod(), requests)
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
  private Stream<Map.Entry<End, Long>> connections(ProxyLeg leg) {
    Stream<Map.Entry<End, Long>> ends = requests(leg).entrySet().stream();
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
  private Stream<End> unused(String pod, Map<End, Long> known) {
    return seen.echo().connections().stream()
        .filter(e -> e.clientAddress().equals(proxy.place().address()))
        .filter(e -> e.pod().equals(pod) && e.requestsCount() == 0)
        .map(e -> new End(e.clientAddress(), e.clientPort(), Optional.of(pod)))
        .filter(end -> !known.containsKey(end));
  }

  /** By connection to a pod, requests that it has no answer to. */
  private Map<End, Long> cut() {
    return logged(ProxyLeg.TO_POD, p -> p.answered() ? 0 : 1);
  }

  /** Requests that it sent to pods and has no answer to. */
  long unanswered() {
    return cut().values().stream().mapToLong(n -> n).sum();
  }

  private Map<End, Long> logged(ProxyLeg leg, ToLongFunction<Passed> counted) {
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
                Collectors.summingLong(counted)));
  }

  /** The connections that it opened to pods. */
  List<ConnectionRow> opened() {
    List<ConnectionRow> rows = new ArrayList<>();
    Map<End, List<Long>> counted = streams() ? counted() : Map.of();
    connections(ProxyLeg.TO_POD)
        .forEach(c -> {
          List<Long> messages = counted.getOrDefault(c.getKey(), List.of());
          long requests = streams() ? messages.stream().mapToLong(n -> n).sum() : c.getValue();
          rows.add(opened(rows.size() + 1, c.getKey(), requests));
        });
    return rows;
  }

  /** When it was opened, and when it ended, a proxy does not tell. */
  private ConnectionRow opened(int number, End end, long requests) {
    Place pod =
        seen.pods().stream()
            .filter(p -> end.pod().equals(Optional.of(p.name())))
            .findFirst()
            .orElseThrow();
    return new ConnectionRow(
        seen.at(),
        proxy.place().name(),
        Optional.of(proxy.place().node()),
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

  /** Its rows of {@code proxied.csv}. */
  Stream<ProxiedRow> rows() {
    Map<End, Long> cut = new HashMap<>(cut());
    return Stream.of(ProxyLeg.values())
        .flatMap(leg ->
            connections(leg)
                .map(e ->
                    new ProxiedRow(
                        seen.at(),
                        proxy.place().name(),
                        leg,
                        e.getKey().address(),
                        e.getKey().port(),
                        e.getKey().pod(),
                        e.getValue(),
                        leg == ProxyLeg.TO_POD
                            ? Optional.ofNullable(cut.remove(e.getKey())).or(() -> Optional.of(0L))
                            : Optional.empty())));
  }
}
