package dev.conntrail.experiment;

import dev.conntrail.dataplane.NodeProxy;
import dev.conntrail.result.row.At;
import dev.conntrail.result.row.EventStep;
import dev.conntrail.result.row.InstallRow;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.IpvsScheduler;
import dev.conntrail.testbed.Place;
import dev.conntrail.testbed.TestbedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The Service under test in the rules of all nodes, and the endpoints that it has there. */
final class ServiceRules implements AutoCloseable {
  /** Its cluster IP. */
  static final String IP = "10.96.0.10";

  /** What a node's proxy wrote. */
  private record Loaded(DataPlane mode, NodeProxy proxy, NodeProxy.Installed installed) {}

  /** A change of endpoints that rules are to follow. */
  private record Due(
      ServiceEndpoints.Change change, List<Place> pods, boolean graceful, Steps steps) {}

  /** Makes the proxies of all nodes in a mode. */
  interface Proxies extends Function<DataPlane, List<NodeProxy>> {}

  private final Proxies proxies;
  private final IpvsScheduler scheduler;
  private final Consumer<List<Place>> watchers;

  /** Held by whoever changes rules; while a proxy is away, by whoever ended it. */
  private final ReentrantLock writing = new ReentrantLock();

  private final ServiceEndpoints endpoints;
  private final List<Due> due = new CopyOnWriteArrayList<>();
  private final List<Loaded> loaded = new ArrayList<>();

  /** Those of a mode that was left, which nobody follows or removes. */
  private final List<Loaded> left = new ArrayList<>();

  /**
   * Those that were broken off while they wrote or removed rules, as an event that is cut short.
   */
  private final List<NodeProxy> halfDone = new ArrayList<>();

  private final List<Function<At, InstallRow>> gone = new ArrayList<>();
  private DataPlane mode;

  /** What watchers know. */
  private List<Place> told;

  /** What goes on beside events, until rules are removed. */
  private final Tasks later = new Tasks();

  /**
   * None are there yet.
   *
   * @param cell whose ipvs scheduler, affinity and traffic distribution it has
   * @param endpoints that it begins with
   * @param watchers told of the endpoints whenever these change, before rules follow
   * @param front whose addresses rules have for them
   */
  ServiceRules(
      Proxies proxies,
      Cell cell,
      List<Place> endpoints,
      Consumer<List<Place>> watchers,
      UnaryOperator<List<Place>> front) {
    this.watchers = watchers;
    this.proxies = proxies;
    this.scheduler = cell.scheduler();
    this.endpoints = new ServiceEndpoints(cell, endpoints, front);
    this.told = List.copyOf(endpoints);
    later(this::recheck);
  }

  /** Writes the rules of a mode on all nodes, as a proxy does that has not run there before. */
  void write(DataPlane of) {
    mode = of;
    for (NodeProxy proxy : proxies.apply(of)) {
      Optional<NodeProxy.Installed> found =
          left.stream()
              .filter(l -> l.proxy().node().equals(proxy.node()))
              .map(Loaded::installed)
              .findFirst();
      halfDone.add(proxy);
      loaded.add(new Loaded(of, proxy, proxy.start(endpoints.services(), found)));
      halfDone.remove(proxy);
    }
  }

  /** The minutes are counted from when this was made, just before rules are. */
  private void recheck() throws InterruptedException {
    while (true) {
      Thread.sleep(NodeProxy.RECHECK);
      exclusively(() -> loaded.forEach(l -> l.proxy().recheck()));
    }
  }

  /** Removes all rules from all nodes. */
  void remove() {
    later.end();
    halfDone.forEach(NodeProxy::abandon);
    halfDone.clear();
    removeAll();
  }

  private void removeAll() {
    remove(left);
    remove(loaded);
  }

  private void remove(List<Loaded> from) {
    for (Loaded l : List.copyOf(from)) {
      from.remove(l);
      halfDone.add(l.proxy());
      double removeMs = l.proxy().stop();
      halfDone.remove(l.proxy());
      gone.add(at -> row(at, l, removeMs));
    }
  }

  /**
   * Proxies start in another mode on all nodes: they remove what they find of modes that they clean
   * up after, and write their rules. Of others everything stays, and is followed no more.
   */
  void change(DataPlane to, Steps steps) throws InterruptedException {
    exclusively(() -> {
      if (to.removes(mode)) {
        steps.take(EventStep.RULES_REMOVED, List.of(), this::removeAll);
      }
      steps.take(EventStep.RULES_WRITTEN, List.of(), () -> follow(to));
    });
  }

  private void follow(DataPlane to) {
    List<Loaded> again = left.stream().filter(l -> l.mode() == to).toList();
    left.removeAll(again);
    left.addAll(loaded);
    loaded.clear();
    if (again.isEmpty()) {
      write(to);
      return;
    }
    mode = to;
    loaded.addAll(again);
    rewrite();
  }

  /** Writes all rules anew on all nodes, as a proxy does that finds those of its predecessor. */
  void rewrite() {
    loaded.forEach(l -> l.proxy().restart(endpoints.services()));
  }

  /** The mode of the rules. */
  DataPlane mode() {
    return mode;
  }

  /** Its endpoints that are ready now. */
  List<Place> endpoints() {
    return endpoints.ready();
  }

  /** Those that its rules lead to now. */
  List<Place> used() {
    return endpoints.used();
  }

  /** Endpoints join, on all nodes: a step. */
  void join(List<Place> pods, Steps steps) throws InterruptedException {
    changed(new Due(ServiceEndpoints.Change.JOIN, pods, true, steps));
  }

  /**
   * Pods of endpoints are deleted at once, and serve for now: rules lead to them only as long as no
   * other is ready; that those of a group have left is a step.
   */
  void terminate(List<List<Place>> groups, Steps steps) throws InterruptedException {
    changed(
        groups.stream()
            .map(g -> new Due(ServiceEndpoints.Change.TERMINATE, g, true, steps))
            .toArray(Due[]::new));
  }

  /**
   * Endpoints leave, on all nodes: a step of those that rules led to.
   *
   * @param graceful whether ipvs keeps their real servers at weight 0 while they have connections
   */
  void leave(List<Place> pods, boolean graceful, Steps steps) throws InterruptedException {
    changed(new Due(ServiceEndpoints.Change.LEAVE, pods, graceful, steps));
  }

  /** Does something beside events, which do not wait for it; no more of it once rules go. */
  void later(Tasks.Work work) {
    later.start(work);
  }

  /**
   * Rules follow a change, and all others that are due by then: a sync takes what has come to pass
   * since the last one began ({@code BoundedFrequencyRunner}).
   */
  private void changed(Due... changes) throws InterruptedException {
    due.addAll(List.of(changes));
    boolean graceful = changes[0].graceful();
    exclusively(() -> {
      List<Due> now = due.stream().filter(c -> c.graceful() == graceful).toList();
      if (now.isEmpty()) {
        return; // whoever wrote before has done it
      }
      due.removeAll(now);
      long begunNs = System.nanoTime();
      now.forEach(c -> endpoints.apply(c.change(), c.pods(), c.steps()));
      sync(graceful);
      now.stream()
          .filter(c -> c.change() == ServiceEndpoints.Change.JOIN)
          .forEach(c -> c.steps().done(EventStep.JOINED, c.pods(), begunNs));
      endpoints.noteLeft(begunNs);
    });
  }

  private void sync(boolean graceful) {
    if (!endpoints().equals(told)) {
      told = endpoints();
      watchers.accept(told);
    }
    loaded.forEach(l -> l.proxy().sync(endpoints.services(), graceful));
  }

  /**
   * Does what nobody else may do at the same time: changes of endpoints wait for each other, and
   * for a proxy that is away.
   */
  void exclusively(Tasks.Work work) throws InterruptedException {
    writing.lockInterruptibly();
    try {
      work.run();
    } finally {
      writing.unlock();
    }
  }

  /** What was loaded on the first node, and what the kernels of all list. */
  String text() {
    return "# loaded on "
        + loaded.getFirst().proxy().node().name()
        + "\n"
        + loaded.getFirst().installed().text()
        + "\n"
        + loaded.stream()
            .map(l ->
                "# as the kernel of " + l.proxy().node().name() + " lists it\n" + l.proxy().dump())
            .collect(Collectors.joining("\n"));
  }

  /** A row for all rules that were written and removed, in order. */
  List<InstallRow> rows(At at) {
    return gone.stream().map(row -> row.apply(at)).toList();
  }

  private InstallRow row(At at, Loaded l, double removeMs) {
    NodeProxy.Installed installed = l.installed();
    return new InstallRow(
        at,
        Optional.of(l.proxy().node().name()),
        l.mode(),
        installed.backend(),
        Optional.of(scheduler).filter(_ -> l.mode().scheduled()),
        installed.tool(),
        installed.rules(),
        installed.loadMs(),
        removeMs,
        installed.sha256());
  }

  @Override
  public void close() {
    later.close();
    halfDone.forEach(NodeProxy::abandon);
    for (Loaded l : Stream.concat(left.stream(), loaded.stream()).toList()) {
      try {
        l.proxy().stop();
      } catch (TestbedException _) {
        // it has said so before; the namespaces go with the stage
      }
    }
  }
}
