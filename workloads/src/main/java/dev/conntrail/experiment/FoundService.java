package dev.conntrail.experiment;

import dev.conntrail.agent.ProcessReading;
import dev.conntrail.result.row.At;
import dev.conntrail.result.row.InstallRow;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.Event;
import dev.conntrail.spec.Sha256;
import dev.conntrail.testbed.Place;
import dev.conntrail.testbed.kube.KubeService;
import dev.conntrail.testbed.kube.PodSightings;
import dev.conntrail.testbed.kube.ProxyFacts;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The Service, whose rules kube-proxy keeps. */
final class FoundService implements Stage.Service {
  /** Nodes of clusters that the run made keep closed connections for an hour. */
  private static final double OWN_KEEPS_MS = 3_500_000;

  /**
   * Of others: the kernel's default for connections that were reset is 10 s ({@code
   * net/netfilter/nf_conntrack_proto_tcp.c}).
   */
  private static final double KEEPS_MS = 9_000;

  private final HeldCluster held;
  private final KubeService service;
  private final Optional<ProxyFacts.Rules> rules;
  private final Cell cell;
  private final ProxiedPods proxied;

  /** The pods that are behind it when the repetition begins. */
  private final List<Place> first;

  private final String before;
  private final Optional<PodSightings> sightings;
  private final Optional<ClusterEvents> events;
  private final Optional<ToldEndpoints> told;

  /**
   * That of a cell.
   *
   * @param service that clients connect to, unless they connect to pods
   * @param rules of it as they were found; empty where nodes cannot be looked at
   * @param proxied what is behind it in place of the pods, and is started
   */
  FoundService(
      HeldCluster held,
      KubeService service,
      Optional<ProxyFacts.Rules> rules,
      Cell cell,
      ProxiedPods proxied) {
    this.held = held;
    this.service = service;
    this.rules = rules;
    this.cell = cell;
    this.proxied = proxied;
    if (held.own()) {
      held.tables().ifPresent(ClientTables::forget);
    }
    this.first = held.endpoints(cell);
    proxied.begin(held.echo().pods(), first);
    this.before = held.own() ? "" : held.tables().map(ClientTables::listing).orElse("");
    boolean happens = !cell.course().events().isEmpty();
    Optional<Consumer<List<Place>>> teller = teller();
    // one for both, so that nobody is told before it is known when
    this.sightings =
        happens || teller.isPresent() ? Optional.of(held.testbed().sightings()) : Optional.empty();
    this.events =
        sightings
            .filter(_ -> happens)
            .map(s -> new ClusterEvents(held, held.testbed().service(cell.cure()), s, first));
    this.told = teller.map(t -> new ToldEndpoints(sightings.orElseThrow(), first, t));
  }

  /** How those who balance are told; empty where nobody does. */
  private Optional<Consumer<List<Place>>> teller() {
    if (cell.route().watches()) {
      return Optional.of(pods -> held.load().endpoints(addresses(pods)));
    }
    return proxied.places().isEmpty() ? Optional.empty() : Optional.of(proxied::serve);
  }

  /** Where pods, or the proxy, listen. */
  private List<String> addresses(List<Place> places) {
    return places.stream().map(p -> p.address() + ":" + cell.protocol().port().ofPods()).toList();
  }

  @Override
  public List<String> targets(Place client) {
    if (cell.route().named()) {
      return List.of(held.testbed().name() + ":" + cell.protocol().port().ofPods());
    }
    if (cell.route().direct()) {
      return addresses(first);
    }
    if (cell.sidecars()) {
      return addresses(List.of(client.sidecar()));
    }
    return cell.dataPlane().service()
        ? List.of(service.ip() + ":" + cell.protocol().port().ofService())
        : addresses(proxied.front(List.of()));
  }

  @Override
  public String rules() {
    return !cell.dataPlane().service() || rules.isEmpty()
        ? ""
        : "# of the Service, as found on node "
            + held.load().places().getLast().node()
            + "\n"
            + rules.get().text();
  }

  @Override
  public Optional<Stage.KernelView> kernel() {
    return held.tables()
        .map(t -> Stage.KernelView.now(t.listing(), before, held.own() ? OWN_KEEPS_MS : KEEPS_MS));
  }

  /** Nobody is told of endpoints any more when it ends. */
  @Override
  public Stage.Helpers helpers() throws IOException {
    told.ifPresent(ToldEndpoints::end);
    return new Stage.Helpers(proxied.end(), Map.of());
  }

  @Override
  public List<ProcessReading> proxyUse() {
    return proxied.use();
  }

  @Override
  public Optional<Stage.IpvsView> ipvs() {
    return Optional.empty();
  }

  @Override
  public int endpoints() {
    return events.map(ClusterEvents::endpoints).orElse(first.size());
  }

  @Override
  public void make(Event event, Steps steps) throws InterruptedException {
    events.orElseThrow().make(event, steps);
  }

  @Override
  public List<InstallRow> remove(At at) {
    boolean direct = !cell.dataPlane().service();
    Optional<ProxyFacts.Rules> found = direct ? Optional.empty() : rules;
    return List.of(
        new InstallRow(
            at,
            direct ? Optional.empty() : Optional.of(held.load().places().getLast().node()),
            cell.dataPlane(),
            found.flatMap(ProxyFacts.Rules::backend),
            Optional.empty(), // that of each virtual server is in the rules
            direct
                ? Optional.empty()
                : Optional.of(
                    "kube-proxy"
                        + found
                            .map(r -> "; seen with " + r.tool())
                            .orElse("; rules not looked at")),
            found.map(ProxyFacts.Rules::count).orElse(0L),
            Double.NaN,
            Double.NaN,
            Sha256.of(rules())));
  }

  @Override
  public void close() {
    // kube-proxy removes its rules with the Service
    try (proxied;
        PodSightings _ = sightings.orElse(null);
        ClusterEvents _ = events.orElse(null);
        ToldEndpoints _ = told.orElse(null)) {
      // in the reverse order
    }
  }
}
