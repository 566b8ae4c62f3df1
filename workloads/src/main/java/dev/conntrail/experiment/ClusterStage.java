package dev.conntrail.experiment;

import dev.conntrail.agent.Echo;
import dev.conntrail.agent.Load;
import dev.conntrail.agent.Transport;
import dev.conntrail.result.row.At;
import dev.conntrail.result.row.InstallRow;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.ClusterLife;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.Event;
import dev.conntrail.spec.Sha256;
import dev.conntrail.testbed.Place;
import dev.conntrail.testbed.Polling;
import dev.conntrail.testbed.TestbedException;
import dev.conntrail.testbed.kube.KubernetesTestbed;
import dev.conntrail.testbed.kube.NodeLook;
import dev.conntrail.testbed.kube.ProxyFacts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The stage on a Kubernetes cluster: kube-proxy makes the rules, the run finds them. */
final class ClusterStage implements Stage {
  private static final Duration RULES_LIMIT = Duration.ofSeconds(60);
  private static final Duration UNSEEN_RULES = Duration.ofSeconds(5);
  private static final Duration LOOK = Duration.ofMillis(200);

  /** Nodes of clusters that the run made keep closed connections for an hour. */
  private static final double OWN_KEEPS_MS = 3_500_000;

  /**
   * Of others: the kernel's default for connections that were reset is 10 s ({@code
   * net/netfilter/nf_conntrack_proto_tcp.c}).
   */
  private static final double KEEPS_MS = 9_000;

  private final KubernetesTestbed testbed;
  private final DataPlane mode;
  private final Optional<NodeLook> look;
  private final boolean own;
  private final Echo echo;
  private final Load load;
  private final Cancellation.Handle draining;
  private Optional<ProxyFacts.Rules> rules = Optional.empty();
  private List<Place> programmed = List.of();

  private ClusterStage(
      KubernetesTestbed testbed,
      DataPlane mode,
      Optional<NodeLook> look,
      boolean own,
      Echo echo,
      Load load,
      Cancellation cancellation) {
    this.testbed = testbed;
    this.mode = mode;
    this.look = look;
    this.own = own;
    this.echo = echo;
    this.load = load;
    this.draining = cancellation.onCancel(load::drain);
  }

  /**
   * Takes hold of echo and load on a testbed, which is closed with the stage, or at once if that
   * fails.
   *
   * @param mode kube-proxy's, as it was read back
   * @param look how to look at nodes; empty where that is not to be
   * @param own whether the run made the cluster, and may change its nodes
   */
  static ClusterStage open(
      KubernetesTestbed testbed,
      DataPlane mode,
      Optional<NodeLook> look,
      boolean own,
      Path folder,
      Cancellation cancellation)
      throws IOException {
    Echo echo = null;
    try {
      echo = Echo.on(testbed, testbed.awaitPods(), folder);
      Load load = new Load(testbed.clients(), new Transport.Pods(testbed), folder);
      return new ClusterStage(testbed, mode, look, own, echo, load, cancellation);
    } catch (IOException | RuntimeException e) {
      boolean interrupted = Thread.interrupted();
      if (echo != null) {
        echo.close();
      }
      testbed.close();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      throw e;
    }
  }

  @Override
  public List<Place> pods(Cell cell) {
    return echo.pods();
  }

  @Override
  public List<Place> clients() {
    return load.places();
  }

  @Override
  public Echo echo() {
    return echo;
  }

  @Override
  public Load load() {
    return load;
  }

  /** Here kube-proxy loads the rules, and an edit of them is refused before a run begins. */
  @Override
  public Service service(Cell cell, UnaryOperator<String> edit) throws IOException {
    echo.refresh(testbed.restore(ClusterLife.of(cell.course().events())));
    load.refresh();
    if (!echo.pods().equals(programmed)) {
      awaitRules();
      programmed = echo.pods();
    }
    return new FoundService(cell);
  }

  private Optional<ClientTables> tables() {
    return look.map(l -> new ClientTables(l, load.places()));
  }

  /** The nodes of clients. */
  private List<String> nodes() {
    return load.places().stream().map(Place::node).distinct().toList();
  }

  private String serviceName() {
    return testbed.namespace() + "/echo";
  }

  private Optional<ServiceOnNodes> onNodes() {
    return look.map(l -> new ServiceOnNodes(l, nodes(), serviceName(), testbed.serviceIp()));
  }

  /** Waits until every client's node has rules that name every pod. */
  private void awaitRules() {
    if (look.isEmpty()) {
      sleep(UNSEEN_RULES);
      return;
    }
    String service = serviceName();
    for (String node : nodes()) {
      ProxyFacts.Rules found =
          Polling.find(
                  "kube-proxy's rules",
                  RULES_LIMIT,
                  LOOK,
                  () ->
                      ProxyFacts.rules(look.get(), node, service, testbed.serviceIp())
                          .filter(this::namesAllPods))
              .orElseThrow(() ->
                  new TestbedException(
                      "waited "
                          + RULES_LIMIT.toSeconds()
                          + " s for kube-proxy on node "
                          + node
                          + " to program all pods of the Service "
                          + service));
      if (found.mode() != mode) {
        throw new TestbedException(
            "node "
                + node
                + " has rules of mode "
                + found.mode().word()
                + ", but kube-proxy's ConfigMap says "
                + mode.word());
      }
      rules = Optional.of(found);
    }
  }

  private boolean namesAllPods(ProxyFacts.Rules found) {
    return echo.pods().stream().allMatch(p -> found.names(p.address()));
  }

  private static void sleep(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TestbedException("interrupted while waiting for kube-proxy's rules", e);
    }
  }

  @Override
  public void close() {
    draining.close();
    Stage.close(load, echo, testbed);
  }

  /** The Service, whose rules kube-proxy keeps. */
  private final class FoundService implements Service {
    private final Cell cell;
    private final String before;
    private final Optional<ClusterEvents> events;

    FoundService(Cell cell) {
      this.cell = cell;
      if (own) {
        tables().ifPresent(ClientTables::forget);
      }
      this.before = own ? "" : tables().map(ClientTables::listing).orElse("");
      this.events =
          cell.course().events().isEmpty()
              ? Optional.empty()
              : Optional.of(new ClusterEvents(testbed, echo, onNodes(), mode, own));
    }

    @Override
    public List<String> targets() {
      return !cell.dataPlane().service()
          ? echo.addresses(cell.protocol())
          : List.of(testbed.serviceIp() + ":" + cell.protocol().port().ofService());
    }

    @Override
    public String rules() {
      return !cell.dataPlane().service() || rules.isEmpty()
          ? ""
          : "# of the Service, as found on node "
              + load.places().getLast().node()
              + "\n"
              + rules.get().text();
    }

    @Override
    public Optional<KernelView> kernel() {
      return tables().map(t -> new KernelView(t.listing(), before, own ? OWN_KEEPS_MS : KEEPS_MS));
    }

    @Override
    public Optional<IpvsView> ipvs() {
      return Optional.empty();
    }

    @Override
    public int endpoints() {
      return events.map(ClusterEvents::endpoints).orElse(echo.pods().size());
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
              direct ? Optional.empty() : Optional.of(load.places().getLast().node()),
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
      events.ifPresent(ClusterEvents::close);
    }
  }
}
