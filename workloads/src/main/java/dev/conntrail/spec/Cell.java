package dev.conntrail.spec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One point of the sweep.
 *
 * @param values of every axis that is no setting, and of each setting that is set
 * @param course how a repetition goes, and how often
 */
public record Cell(AxisValues values, Course course) {
  public Cell {
    for (Axis<?> axis : Axes.ALL) {
      values = axis.setting() ? values : usual(values, axis);
    }
  }

  /** A cell of which nothing is named. */
  public static Cell of(Course course) {
    return new Cell(AxisValues.NONE, course);
  }

  private static <T> AxisValues usual(AxisValues values, Axis<T> axis) {
    return values.find(axis).isPresent() ? values : values.with(axis, axis.usual().orElseThrow());
  }

  /** The same with another value of an axis. */
  public <T> Cell with(Axis<T> axis, T value) {
    return new Cell(values.with(axis, value), course);
  }

  /** The same with another course. */
  public Cell with(Course other) {
    return new Cell(values, other);
  }

  /** The same, repeated so often. */
  public Cell repeated(int times) {
    return with(new Course(course.phases(), course.events(), times));
  }

  /** The value of an axis that every cell has, or that was set; empty for one that was not. */
  public <T> Optional<T> find(Axis<T> axis) {
    return values.find(axis);
  }

  /** The value of an axis, or what holds without one, where that is not the kernel's. */
  public <T> T get(Axis<T> axis) {
    return find(axis).or(axis::usual).orElseThrow();
  }

  public DataPlane dataPlane() {
    return get(Axes.DATA_PLANE);
  }

  /** The iptables backend asked for; {@link IptablesBackend#AUTO} for other data planes. */
  public IptablesBackend backend() {
    return get(Axes.IPTABLES_BACKEND);
  }

  /** The ipvs scheduler; {@link IpvsScheduler#RR} for other data planes. */
  public IpvsScheduler scheduler() {
    return get(Axes.IPVS_SCHEDULER);
  }

  /** Whose rules; {@link KubeProxy#DEFAULT} for other data planes than nftables. */
  public KubeProxy kubeProxy() {
    return get(Axes.KUBE_PROXY);
  }

  public Cure cure() {
    return get(Axes.CURE);
  }

  /** The way from its clients to its pods. */
  public Route route() {
    Route without = dataPlane().service() ? new Route.Service() : new Route.Straight();
    return cure()
        .balanced()
        .<Route>map(b -> b)
        .or(() -> cure().proxied().map(p -> p))
        .orElse(without);
  }

  /** Whether a proxy stands beside each client. */
  public boolean sidecars() {
    return route() instanceof Route.Proxied proxied && proxied.sidecars();
  }

  /** Proxies in places of their own. */
  public int proxies() {
    return route() instanceof Route.Proxied proxied ? proxied.pool() : 0;
  }

  /** Whether a Service's rules draw a proxy for each connection. */
  public boolean drawsProxies() {
    return proxies() > 1 && drawsPods();
  }

  /** Whether a Service's rules draw who is behind it. */
  private boolean drawsPods() {
    return dataPlane().choice(scheduler()) == PodChoice.DRAW;
  }

  /** Whether its connections go through a Service, whose rules choose their pods. */
  public boolean behindService() {
    return route() instanceof Route.Service;
  }

  public Protocol protocol() {
    return get(Axes.PROTOCOL);
  }

  public ClientKind client() {
    return get(Axes.CLIENT);
  }

  public Pooling pooling() {
    return get(Axes.POOLING);
  }

  public Opening opening() {
    return get(Axes.OPENING);
  }

  public KeepAlive keepAlive() {
    return get(Axes.KEEP_ALIVE);
  }

  public int connections() {
    return get(Axes.CONNECTIONS);
  }

  public int pods() {
    return get(Axes.PODS);
  }

  public int clients() {
    return get(Axes.CLIENTS);
  }

  public int nodes() {
    return get(Axes.NODES);
  }

  public LoadModel load() {
    return get(Axes.RATE);
  }

  public Arrivals arrivals() {
    return get(Axes.ARRIVALS);
  }

  /** Whether callers share one client object. */
  boolean shared() {
    return pooling() == Pooling.SHARED;
  }

  /** What is set otherwise than kube-proxy and the kernel have it. */
  public AxisValues settings() {
    return values.only(Axis::setting);
  }

  /** What it takes of a testbed: by the values of its axes, and by what happens to its Service. */
  public List<Need> needs() {
    return Stream.of(
            values.axes().stream().flatMap(a -> a.needs(this)),
            course.events().stream()
                .flatMap(e -> e.needs().stream().map(a -> new Need("events", e.text(), a))),
            course.needs().map(a -> new Need("events", Event.text(course.events()), a)))
        .flatMap(s -> s)
        .toList();
  }

  /**
   * Whether something is brought about in it (idleness, changes of the Service, settings of nodes
   * or clients, connections that pods give up): errors are then its result and no fault of the
   * measurement.
   */
  public boolean provoking() {
    return !course.uneventful()
        || cure().byServer().isPresent()
        || values.axes().stream().anyMatch(Axis::provokes);
  }

  /**
   * Whether its times may stand beside those of others: nothing is brought about, nothing is done
   * against imbalance, and all is on one node.
   */
  public boolean plain() {
    return !provoking() && nodes() == 1 && cure().equals(Cure.NONE);
  }

  /** How a pod is chosen for each of its connections. */
  public PodChoice choice() {
    return switch (route()) {
      // a client whose connection a pod has ended goes back to that pod
      case Route.Balanced b ->
          cure().byServer().isPresent() ? PodChoice.CLIENT_BALANCED : b.choice();
      case Route.Proxied _ -> PodChoice.PROXY;
      case Route.Service _ when cure().affinity().isPresent() -> PodChoice.CLIENT_PINNED;
      case Route.Service _ when cure().sameZone() && drawsPods() -> PodChoice.ZONE_DRAW;
      case Route.Service _, Route.Straight _ -> dataPlane().choice(scheduler());
    };
  }

  /** Whether what is set makes the law of that choice another. */
  public boolean otherLaw() {
    return values.axes().stream().anyMatch(Axis::otherLaw) || !cure().keeps(choice(), course);
  }

  /** The pods that are behind the Service at any time of a repetition. */
  public int everPods() {
    return course.everPods(pods());
  }

  /**
   * What tells it from all others, the same in every run: {@code k=v} of every axis that means
   * something to it, defaults and phases included, joined by spaces. How often it is repeated, and
   * on which testbed, is no part of it.
   */
  public String key() {
    return axes().entrySet().stream()
        .map(e -> e.getKey() + "=" + e.getValue())
        .collect(Collectors.joining(" "));
  }

  /** The parts of its key, each by its word, with their values. */
  public Map<String, String> axes() {
    Map<String, String> axes = axes(_ -> true);
    axes.putAll(course.axes());
    return axes;
  }

  /** Of these what some axes are: cells that pair by them do, whoever names what holds anyway. */
  public Map<String, String> axes(Predicate<Axis<?>> which) {
    Map<String, String> axes = new LinkedHashMap<>();
    Axes.ALL.stream()
        .filter(which.and(a -> a.keyed(this)))
        .forEach(a -> axes.put(a.word(), a.effective(this)));
    return axes;
  }

  /** The short form of its key. */
  public CellId id() {
    return CellId.of(key());
  }

  /** Its data plane, with the backend or the scheduler where it has one. */
  public Plane plane() {
    return new Plane(
        dataPlane(),
        find(Axes.IPTABLES_BACKEND).filter(_ -> Axes.IPTABLES_BACKEND.appliesTo(this)),
        find(Axes.IPVS_SCHEDULER).filter(_ -> Axes.IPVS_SCHEDULER.appliesTo(this)));
  }

  /** Its data plane with what is set of that alone. */
  public Variant variant() {
    return new Variant(
        String.join(", ", phrases(Part.PLANE).toList()),
        values.only(a -> a.part() == Part.PLANE && a.appliesTo(this)));
  }

  /** The words a person would use: "iptables, http1, 100 connections". */
  public String title() {
    return variant().text() + ", " + workload();
  }

  /** What is asked of the data plane, whichever it is: "http1, 100 connections". */
  public String workload() {
    List<String> parts = new ArrayList<>();
    phrases(Part.CALLERS).forEach(parts::add);
    phrases(Part.OPENING).forEach(parts::add);
    if (!course.phases().idle().isZero()) {
      parts.add("idle for " + course.phases().idle().toMillis() + " ms");
    }
    phrases(Part.IDLING).forEach(parts::add);
    phrases(Part.CURE).forEach(parts::add);
    phrases(Part.SIZE).forEach(parts::add);
    course.events().forEach(e -> parts.add(e.phrase()));
    phrases(Part.SETTINGS).forEach(parts::add);
    return String.join(", ", parts);
  }

  private Stream<String> phrases(Part part) {
    return Axes.ALL.stream().filter(a -> a.part() == part).flatMap(a -> a.phrase(this).stream());
  }

  /** Connections of one client; the first clients take the remainder. */
  public int connectionsOf(int client) {
    return connections() / clients() + (client < connections() % clients() ? 1 : 0);
  }
}
