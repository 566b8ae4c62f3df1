package dev.conntrail.experiment;

import dev.conntrail.analysis.KernelTable;
import dev.conntrail.analysis.Leg;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.EchoCount;
import dev.conntrail.result.row.ProxiedRow;
import dev.conntrail.testbed.Place;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The legs of the way from the clients to the pods, as everybody saw them: one, or, with proxies in
 * the middle, two.
 */
record Legs(Witnessed seen, List<ConnectionRow> ledger) {
  /**
   * In order.
   *
   * @param unanswered requests that clients sent, once or again, and have no reply to
   */
  List<Leg> all(long unanswered) {
    return seen.proxied().isEmpty()
        ? List.of(toPods(unanswered))
        : List.of(toProxies(unanswered), fromProxies(unanswered));
  }

  private Leg toPods(long unanswered) {
    Set<String> addresses = addresses(seen.clients());
    return leg(
        seen.kernel(),
        ledger,
        fromAny(addresses),
        addresses,
        seen.pods(),
        seen.direct(),
        seen.cell().route().pins(),
        unanswered);
  }

  /** A sidecar's leg is within its client's namespace: no node's table has it. */
  private Leg toProxies(long unanswered) {
    List<EchoCount> came = proxies().flatMap(p -> p.came().stream()).toList();
    return leg(
        seen.cell().sidecars() ? Optional.empty() : seen.kernel(),
        ledger,
        came,
        addresses(seen.clients()),
        places(),
        false,
        false,
        unanswered);
  }

  /**
   * What a proxy has no answer to, its log says; what it still waits for, clients do too. Who asked
   * for the former has no reply either, so it is among the clients' already, and counts once.
   */
  private Leg fromProxies(long unanswered) {
    Set<String> own = addresses(places());
    long cut = proxies().mapToLong(ProxyConnections::unanswered).sum();
    return leg(
        seen.kernel(),
        ofProxies(),
        fromAny(own),
        own,
        seen.pods(),
        true,
        true,
        Math.max(unanswered, cut));
  }

  private Stream<ProxyConnections> proxies() {
    return seen.proxied().stream().map(p -> new ProxyConnections(seen, ledger, p));
  }

  private List<Place> places() {
    return seen.proxied().stream().map(Stage.ProxyView::place).toList();
  }

  /** The connections that proxies opened to pods; none where there are none. */
  List<ConnectionRow> ofProxies() {
    return proxies().flatMap(p -> p.opened().stream()).toList();
  }

  /** Rows of {@code proxied.csv}. */
  List<ProxiedRow> rows() {
    return proxies().flatMap(ProxyConnections::rows).toList();
  }

  private Leg leg(
      Optional<Stage.KernelView> kernel,
      List<ConnectionRow> from,
      List<EchoCount> to,
      Set<String> openers,
      List<Place> takers,
      boolean direct,
      boolean pinned,
      long unanswered) {
    Set<String> remotes =
        from.stream().map(ConnectionRow::remoteAddress).collect(Collectors.toSet());
    Map<String, String> names =
        takers.stream().collect(Collectors.toMap(Place::address, Place::name, (a, _) -> a));
    return new Leg(
        from,
        to,
        kernel.map(view -> KernelTable.read(view.listing(), openers, remotes, names, direct)),
        kernel
            .map(view -> KernelTable.read(view.before(), openers, remotes, names, direct).keySet())
            .orElse(Set.of()),
        kernel
            .map(v -> v.readMs() - seen.load().beganMs() - v.keepsClosedMs())
            .orElse(Double.NEGATIVE_INFINITY),
        direct,
        pinned,
        unanswered);
  }

  private static Set<String> addresses(List<Place> places) {
    return places.stream().map(Place::address).collect(Collectors.toSet());
  }

  private List<EchoCount> fromAny(Set<String> addresses) {
    return seen.echo().connections().stream()
        .filter(e -> addresses.contains(e.clientAddress()))
        .toList();
  }
}
