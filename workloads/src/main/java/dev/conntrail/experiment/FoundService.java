package dev.conntrail.experiment;

import dev.conntrail.result.row.At;
import dev.conntrail.result.row.InstallRow;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.Event;
import dev.conntrail.spec.Route;
import dev.conntrail.spec.Sha256;
import dev.conntrail.testbed.Place;
import dev.conntrail.testbed.kube.ProxyFacts;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

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
  private final Optional<ProxyFacts.Rules> rules;
  private final Cell cell;
  private final String before;
  private final Optional<ClusterEvents> events;
  private final Optional<ToldClients> told;

  /**
   * That of a cell.
   *
   * @param rules as they were found; empty where nodes cannot be looked at
   */
  FoundService(HeldCluster held, Optional<ProxyFacts.Rules> rules, Cell cell) {
    this.held = held;
    this.rules = rules;
    this.cell = cell;
    if (held.own()) {
      held.tables().ifPresent(ClientTables::forget);
    }
    this.before = held.own() ? "" : held.tables().map(ClientTables::listing).orElse("");
    this.events =
        cell.course().events().isEmpty() ? Optional.empty() : Optional.of(new ClusterEvents(held));
    this.told =
        Optional.of(cell.route())
            .filter(Route::watches)
            .map(_ ->
                new ToldClients(
                    held.testbed().sightings(), held.load(), cell.protocol().port(), ips()));
  }

  private Set<String> ips() {
    return held.echo().pods().stream().map(Place::address).collect(Collectors.toSet());
  }

  @Override
  public List<String> targets(Place client) {
    return cell.route().direct()
        ? held.echo().addresses(cell.protocol())
        : List.of(held.testbed().serviceIp() + ":" + cell.protocol().port().ofService());
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
        .map(t -> new Stage.KernelView(t.listing(), before, held.own() ? OWN_KEEPS_MS : KEEPS_MS));
  }

  @Override
  public Optional<Stage.IpvsView> ipvs() {
    return Optional.empty();
  }

  @Override
  public int endpoints() {
    return events.map(ClusterEvents::endpoints).orElse(held.echo().pods().size());
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
    told.ifPresent(ToldClients::close);
    events.ifPresent(ClusterEvents::close);
  }
}
