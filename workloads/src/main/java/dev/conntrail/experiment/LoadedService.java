package dev.conntrail.experiment;

import dev.conntrail.agent.Echo;
import dev.conntrail.agent.Load;
import dev.conntrail.agent.ProcessReading;
import dev.conntrail.result.row.At;
import dev.conntrail.result.row.InstallRow;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.EchoPort;
import dev.conntrail.spec.Event;
import dev.conntrail.spec.Setting;
import dev.conntrail.testbed.LocalTestbed;
import dev.conntrail.testbed.Place;
import dev.conntrail.testbed.Programs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A Service under test, whose rules were loaded for one repetition on every node. */
final class LoadedService implements Stage.Service {
  private final LocalTestbed testbed;
  private final Echo echo;
  private final Load load;
  private final Cell cell;
  private final ServiceRules rules;
  private final AppliedSettings settings;
  private final LocalEvents events;
  private final ProxiedPods proxied;
  private final NamedPods named;
  private String text = "";

  LoadedService(
      LocalTestbed testbed,
      Echo echo,
      Load load,
      Cell cell,
      ServiceRules.Proxies proxies,
      ProxiedPods proxied,
      NamedPods named) {
    this.proxied = proxied;
    this.named = named;
    this.testbed = testbed;
    this.echo = echo;
    this.load = load;
    this.cell = cell;
    this.rules =
        new ServiceRules(
            proxies, cell, testbed.pods().subList(0, cell.pods()), this::tell, proxied::front);
    this.settings = new AppliedSettings(testbed, cell);
    this.events = new LocalEvents(testbed, echo, rules, testbed.pods().subList(0, cell.everPods()));
  }

  void load() {
    echo.cure(cell.cure());
    proxied.begin(testbed.pods().subList(0, cell.everPods()), rules.endpoints());
    named.begin(rules.endpoints());
    rules.write(cell.dataPlane());
    text = cell.dataPlane().service() ? rules.text() : "";
    settings.apply();
    if (testbed.hasTables()) {
      // A repetition begins with an empty table.
      testbed.nodes().forEach(node -> onNode(node, "conntrack", "-F"));
    }
  }

  /** Whoever balances is told when rules begin to follow, and so is who has the name. */
  private void tell(List<Place> endpoints) {
    if (cell.route().watches()) {
      load.endpoints(addresses(endpoints));
    }
    proxied.serve(endpoints);
    named.serve(endpoints);
  }

  private List<String> addresses(List<Place> pods) {
    List<String> all = echo.addresses(cell.protocol());
    return pods.stream().map(pod -> all.get(testbed.pods().indexOf(pod))).toList();
  }

  @Override
  public List<String> targets(Place client) {
    if (cell.route().named()) {
      return List.of(named.target());
    }
    if (cell.route().direct()) {
      return addresses(rules.endpoints());
    }
    EchoPort port = cell.protocol().port();
    if (cell.sidecars()) {
      return List.of(client.sidecar().address() + ":" + port.ofPods());
    }
    return cell.dataPlane().service()
        ? List.of(ServiceRules.IP + ":" + port.ofService())
        : proxied.front(List.of()).stream().map(p -> p.address() + ":" + port.ofPods()).toList();
  }

  @Override
  public String rules() {
    return text;
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
    boolean witness =
        !set && cell.course().events().stream().noneMatch(e -> e.dropsEntries(cell.dataPlane()));
    return testbed.hasTables() && witness
        ? Optional.of(
            Stage.KernelView.now(
                openingNodes().stream()
                    .map(node -> onNode(node, "conntrack", "-L", "-p", "tcp"))
                    .collect(Collectors.joining()),
                "",
                cell.dataPlane().keepsClosedMs()))
        : Optional.empty();
  }

  /** The nodes of those who open connections. */
  private List<Place> openingNodes() {
    List<String> names =
        Stream.concat(testbed.clients().stream().limit(cell.clients()), proxied.places().stream())
            .map(Place::node)
            .toList();
    return testbed.nodes().stream().filter(node -> names.contains(node.name())).toList();
  }

  @Override
  public Stage.Helpers helpers() throws IOException {
    return new Stage.Helpers(proxied.end(), named.asked());
  }

  @Override
  public List<ProcessReading> proxyUse() {
    return proxied.use();
  }

  @Override
  public Optional<Stage.IpvsView> ipvs() {
    if (!rules.mode().ownTable()) {
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
  public int endpoints() {
    return rules.used().size();
  }

  @Override
  public void make(Event event, Steps steps) throws InterruptedException {
    events.make(event, steps);
  }

  @Override
  public List<InstallRow> remove(At at) {
    // first, for it is expire_nodest_conn that lets ipvs forget the connections of this cell
    settings.close();
    rules.remove();
    return rules.rows(at);
  }

  @Override
  public void close() {
    try (proxied;
        named;
        settings;
        rules;
        events) {
      // in the reverse order
    }
  }

  private String onNode(Place node, String... command) {
    return testbed.run(node, List.of(command), "", Programs.LONG);
  }
}
