package dev.conntrail.spec;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One point of the sweep.
 *
 * @param dataPlane what spreads connections
 * @param backend the iptables backend asked for; {@link IptablesBackend#AUTO} for other data planes
 * @param scheduler the ipvs scheduler; {@link IpvsScheduler#RR} for other data planes
 * @param traffic what clients do
 * @param pods pods behind the Service when a repetition begins
 * @param nodes over which pods and clients are spread, each with its own rules
 * @param settings what is set otherwise than kube-proxy and the kernel have it
 * @param course how a repetition goes, and how often
 */
public record Cell(
    DataPlane dataPlane,
    IptablesBackend backend,
    IpvsScheduler scheduler,
    Traffic traffic,
    int pods,
    int nodes,
    Settings settings,
    Course course) {

  /** A cell with whatever backend and scheduler there is by default, on one node. */
  public static Cell of(DataPlane dataPlane, Traffic traffic, int pods, Course course) {
    return new Cell(
        dataPlane, IptablesBackend.AUTO, IpvsScheduler.RR, traffic, pods, 1, Settings.NONE, course);
  }

  public Cell with(DataPlane other) {
    return new Cell(other, backend, scheduler, traffic, pods, nodes, settings, course);
  }

  public Cell with(IptablesBackend other) {
    return new Cell(dataPlane, other, scheduler, traffic, pods, nodes, settings, course);
  }

  public Cell with(IpvsScheduler other) {
    return new Cell(dataPlane, backend, other, traffic, pods, nodes, settings, course);
  }

  public Cell with(Traffic other) {
    return new Cell(dataPlane, backend, scheduler, other, pods, nodes, settings, course);
  }

  public Cell withPods(int other) {
    return new Cell(dataPlane, backend, scheduler, traffic, other, nodes, settings, course);
  }

  public Cell withNodes(int other) {
    return new Cell(dataPlane, backend, scheduler, traffic, pods, other, settings, course);
  }

  public Cell with(Settings other) {
    return new Cell(dataPlane, backend, scheduler, traffic, pods, nodes, other, course);
  }

  /** The same, repeated so often. */
  public Cell repeated(int times) {
    return new Cell(
        dataPlane,
        backend,
        scheduler,
        traffic,
        pods,
        nodes,
        settings,
        new Course(course.phases(), course.events(), times));
  }

  public Protocol protocol() {
    return traffic.protocol();
  }

  public Pooling pooling() {
    return traffic.pooling();
  }

  public int connections() {
    return traffic.connections();
  }

  public int clients() {
    return traffic.clients();
  }

  public LoadModel load() {
    return traffic.load();
  }

  /**
   * Whether something is brought about in it (idleness, changes of the Service, settings of nodes
   * or clients): errors are then its result and no fault of the measurement.
   */
  public boolean provoking() {
    return !course.phases().idle().isZero()
        || !course.events().isEmpty()
        || settings.numbers().keySet().stream().anyMatch(s -> s.place() != Setting.Place.LOAD);
  }

  /**
   * Whether its times may stand beside those of others: nothing is brought about, and all is on one
   * node.
   */
  public boolean plain() {
    return !provoking() && nodes == 1;
  }

  /** How a pod is chosen for each of its connections. */
  public PodChoice choice() {
    return dataPlane == DataPlane.IPVS ? scheduler.choice() : dataPlane.choice();
  }

  /** The pods that are behind the Service at any time of a repetition. */
  public int everPods() {
    return course.everPods(pods);
  }

  /**
   * What tells it from all others, the same in every run: {@code k=v} of every axis that means
   * something to it, defaults and phases included, joined by spaces. How often it is repeated, and
   * on which testbed, is no part of it.
   */
  public String key() {
    return CellKey.of(this);
  }

  /** The axes of its key, each by its word, with their values. */
  public Map<String, String> axes() {
    return CellKey.axes(this);
  }

  /** The short form of its key. */
  public CellId id() {
    return CellId.of(key());
  }

  /** Its data plane, with the backend or the scheduler where it has one. */
  public Plane plane() {
    return new Plane(
        dataPlane,
        Optional.of(backend).filter(_ -> dataPlane == DataPlane.IPTABLES),
        Optional.of(scheduler).filter(_ -> dataPlane == DataPlane.IPVS));
  }

  /** Its data plane with what is set of that alone. */
  public Variant variant() {
    Map<Setting, Integer> own = new EnumMap<>(Setting.class);
    own.putAll(settings.numbers());
    own.keySet().removeIf(s -> !s.ofIpvs());
    return new Variant(plane(), own);
  }

  /** The words a person would use: "iptables, http1, 100 connections". */
  public String title() {
    return variant().text() + ", " + workload();
  }

  /** What is asked of the data plane, whichever it is: "http1, 100 connections". */
  public String workload() {
    boolean shared = pooling() == Pooling.SHARED;
    List<String> parts = new ArrayList<>();
    parts.add(protocol().word() + (shared ? " (one shared client)" : ""));
    parts.add(connections() + (shared || !protocol().longLived() ? " callers" : " connections"));
    if (clients() > 1) {
      parts.add(clients() + " clients" + (nodes > 1 ? " on " + nodes + " nodes" : ""));
    }
    if (traffic.opening() == Opening.SPREAD) {
      parts.add("opened one after the other");
    }
    if (!course.phases().idle().isZero()) {
      parts.add("idle for " + course.phases().idle().toMillis() + " ms");
    }
    if (traffic.keepAlive() != KeepAlive.NONE) {
      parts.add("keep-alive " + traffic.keepAlive().word());
    }
    course.events().forEach(e -> parts.add(e.phrase()));
    settings.numbers().entrySet().stream()
        .filter(e -> !e.getKey().ofIpvs())
        .forEach(e -> parts.add(e.getKey().phrase(e.getValue())));
    return String.join(", ", parts);
  }

  /** Connections of one client; the first clients take the remainder. */
  public int connectionsOf(int client) {
    return connections() / clients() + (client < connections() % clients() ? 1 : 0);
  }
}
