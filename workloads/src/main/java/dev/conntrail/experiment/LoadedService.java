package dev.conntrail.experiment;

import dev.conntrail.agent.Echo;
import dev.conntrail.dataplane.Endpoint;
import dev.conntrail.dataplane.NodeProxy;
import dev.conntrail.dataplane.ServicePort;
import dev.conntrail.result.row.At;
import dev.conntrail.result.row.InstallRow;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.Change;
import dev.conntrail.spec.EchoPort;
import dev.conntrail.spec.Setting;
import dev.conntrail.testbed.LocalTestbed;
import dev.conntrail.testbed.Place;
import dev.conntrail.testbed.Programs;
import dev.conntrail.testbed.TestbedException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A Service under test, whose rules were loaded for one repetition on every node. */
final class LoadedService implements Stage.Service {
  /** Its cluster IP. */
  static final String IP = "10.96.0.10";

  private final LocalTestbed testbed;
  private final Echo echo;
  private final Cell cell;
  private final List<NodeProxy> proxies;
  private final List<Loaded> loaded = new ArrayList<>();
  private final List<Place> endpoints;
  private final AppliedSettings settings;
  private String dump = "";

  LoadedService(LocalTestbed testbed, Echo echo, Cell cell, List<NodeProxy> proxies) {
    this.testbed = testbed;
    this.echo = echo;
    this.cell = cell;
    this.proxies = proxies;
    this.endpoints = new ArrayList<>(testbed.pods().subList(0, cell.pods()));
    this.settings = new AppliedSettings(testbed, cell);
  }

  void load() {
    for (NodeProxy proxy : proxies) {
      loaded.add(new Loaded(proxy, proxy.start(services(endpoints))));
    }
    dump =
        proxies.stream()
            .map(p -> "# as the kernel of " + p.node().name() + " lists it\n" + p.dump())
            .collect(Collectors.joining("\n"));
    settings.apply();
    if (testbed.hasTables()) {
      // A repetition begins with an empty table.
      testbed.nodes().forEach(node -> onNode(node, "conntrack", "-F"));
    }
  }

  @Override
  public List<String> targets() {
    return !cell.dataPlane().service()
        ? echo.addresses(cell.protocol()).subList(0, cell.pods())
        : List.of(IP + ":" + cell.protocol().port().ofService());
  }

  @Override
  public String rules() {
    return !cell.dataPlane().service()
        ? ""
        : "# loaded on "
            + loaded.getFirst().proxy().node().name()
            + "\n"
            + loaded.getFirst().installed().text()
            + "\n"
            + dump;
  }

  /**
   * Where entries end before their time, or cannot be made, the kernel's table is the measured
   * thing and no witness.
   */
  @Override
  public Optional<Stage.KernelView> kernel() {
    boolean set =
        Arrays.stream(Setting.values())
            .anyMatch(s -> s.scope() == Setting.Scope.NODE && cell.find(s).isPresent());
    boolean forgets =
        cell.dataPlane().forgetsDeleted()
            && cell.course().changes().stream().anyMatch(c -> c.kind() == Change.Kind.DELETE);
    boolean witness = !set && !forgets;
    return testbed.hasTables() && witness
        ? Optional.of(
            new Stage.KernelView(
                clientNodes().stream()
                    .map(node -> onNode(node, "conntrack", "-L", "-p", "tcp"))
                    .collect(Collectors.joining()),
                "",
                cell.dataPlane().keepsClosedMs()))
        : Optional.empty();
  }

  private List<Place> clientNodes() {
    return testbed.nodes().stream()
        .filter(node ->
            testbed.clients().stream()
                .limit(cell.clients())
                .anyMatch(c -> c.node().equals(node.name())))
        .toList();
  }

  @Override
  public Optional<Stage.IpvsView> ipvs() {
    if (cell.plane().scheduler().isEmpty()) {
      return Optional.empty();
    }
    StringBuilder listing = new StringBuilder();
    List<IpvsEntries> all = new ArrayList<>();
    for (Place node : testbed.nodes()) {
      String entries = onNode(node, "ipvsadm", "-Lnc");
      listing
          .append("# ")
          .append(node.name())
          .append('\n')
          .append(onNode(node, "ipvsadm", "-Ln"))
          .append(entries);
      all.addAll(IpvsEntries.of(node, entries, testbed.pods()));
    }
    return Optional.of(new Stage.IpvsView(listing.toString(), all));
  }

  @Override
  public List<Place> change(Change change) {
    List<Place> moved =
        switch (change.kind()) {
          case ADD ->
              testbed.pods().subList(0, cell.mostPods()).stream()
                  .filter(p -> !endpoints.contains(p))
                  .limit(change.pods())
                  .toList();
          case REMOVE, DELETE ->
              List.copyOf(endpoints.subList(endpoints.size() - change.pods(), endpoints.size()));
        };
    if (change.kind() == Change.Kind.ADD) {
      endpoints.addAll(moved);
    } else {
      endpoints.removeAll(moved);
    }
    for (NodeProxy proxy : proxies) {
      proxy.sync(services(endpoints), change.kind() != Change.Kind.DELETE);
    }
    return moved;
  }

  @Override
  public List<InstallRow> remove(At at) {
    List<InstallRow> rows = new ArrayList<>();
    // first, for it is expire_nodest_conn that lets ipvs forget the connections of this cell
    settings.close();
    for (Loaded l : List.copyOf(loaded)) {
      double removeMs = l.proxy().stop();
      loaded.remove(l);
      rows.add(install(at, l, removeMs));
    }
    return rows;
  }

  private InstallRow install(At at, Loaded l, double removeMs) {
    NodeProxy.Installed installed = l.installed();
    return new InstallRow(
        at,
        Optional.of(l.proxy().node().name()),
        cell.dataPlane(),
        installed.backend(),
        cell.plane().scheduler(),
        installed.tool(),
        installed.rules(),
        installed.loadMs(),
        removeMs,
        installed.sha256());
  }

  @Override
  public void close() {
    try (settings) {
      for (Loaded l : loaded) {
        try {
          l.proxy().stop();
        } catch (TestbedException _) {
          // it has said so before; the namespaces go with the stage
        }
      }
    }
  }

  /** The Service under test, with a port for HTTP and one for gRPC. */
  private static List<ServicePort> services(List<Place> pods) {
    return Arrays.stream(EchoPort.values()).map(port -> port(pods, port)).toList();
  }

  private static ServicePort port(List<Place> pods, EchoPort port) {
    return new ServicePort(
        "default",
        "echo",
        port.word(),
        "TCP",
        IP,
        port.ofService(),
        0,
        List.of(),
        List.of(),
        List.of(),
        0,
        0,
        false,
        false,
        pods.stream().map(p -> Endpoint.ready(p.address(), port.ofPods(), p.node())).toList());
  }

  private String onNode(Place node, String... command) {
    return testbed.run(node, List.of(command), "", Programs.LONG);
  }

  /** What a node's proxy loaded. */
  private record Loaded(NodeProxy proxy, NodeProxy.Installed installed) {}
}
