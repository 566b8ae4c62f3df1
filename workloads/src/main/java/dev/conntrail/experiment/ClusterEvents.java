package dev.conntrail.experiment;

import dev.conntrail.agent.Echo;
import dev.conntrail.result.row.EventStep;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.Event;
import dev.conntrail.testbed.Place;
import dev.conntrail.testbed.TestbedException;
import dev.conntrail.testbed.kube.DrainedNodes;
import dev.conntrail.testbed.kube.EchoDeployment;
import dev.conntrail.testbed.kube.EchoEndpoints;
import dev.conntrail.testbed.kube.KubeService;
import dev.conntrail.testbed.kube.KubernetesTestbed;
import dev.conntrail.testbed.kube.NodeProcesses;
import dev.conntrail.testbed.kube.PodSightings;
import dev.conntrail.testbed.kube.SilentPods;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Makes events on a cluster: the API's objects are changed, and what kubelet, controllers and
 * kube-proxy make of that is followed. The Deployment and the labels of its pods are restored
 * before the next repetition.
 */
final class ClusterEvents implements AutoCloseable {
  private final EchoDeployment deployment;
  private final Echo echo;
  private final Optional<ServiceOnNodes> service;
  private final PodSightings sightings;
  private final PodFollower.Known known;
  private final Optional<ProxyEvents> proxy;
  private final Optional<SilentPods> silent;
  private final Optional<DrainedNodes> drained;
  private final List<String> nodes;
  private final EchoEndpoints endpoints;
  private final Set<Place> slowed = new HashSet<>();

  /** Pods that run and are not behind the Service. */
  private final Set<Place> outside;

  /**
   * Those of a repetition.
   *
   * @param of whose rules are watched
   * @param sightings open for longer than this
   * @param first the pods that are behind the Service at its beginning
   */
  ClusterEvents(HeldCluster held, KubeService of, PodSightings sightings, List<Place> first) {
    KubernetesTestbed testbed = held.testbed();
    this.endpoints = testbed.endpoints();
    this.outside = new HashSet<>(held.echo().pods());
    outside.removeAll(Set.copyOf(first));
    boolean own = held.own();
    this.deployment = testbed.deployment();
    this.echo = held.echo();
    this.service = held.onNodes(of);
    this.sightings = sightings;
    this.proxy =
        service
            .filter(_ -> own)
            .map(s -> new ProxyEvents(testbed.proxy(), s, sightings, held.mode()));
    this.silent = service.filter(_ -> own).map(s -> new SilentPods(s.look()));
    this.drained = Optional.of(testbed.drained()).filter(_ -> own);
    this.nodes = echo.pods().stream().map(Place::node).distinct().sorted().toList();
    this.known =
        new PodFollower.Known(
            echo,
            sightings,
            service.map(s -> s.watch(() -> proxy.map(ProxyEvents::mode).orElse(held.mode()))),
            echo.pods());
  }

  /** How many endpoints the API says that there are. */
  int endpoints() {
    return sightings.endpoints().size();
  }

  /** Makes an event; returns when all of it is over. */
  void make(Event event, Steps steps) throws InterruptedException {
    Set<String> before = sightings.staying();
    switch (event) {
      case Event.Scale(int pods, _, _) ->
          change(steps, Set.of(), pods, () -> deployment.scale(pods));
      case Event.RollingUpdate(int surge, int unavailable, _, _) ->
          change(steps, before, before.size(), () -> deployment.restart(surge, unavailable));
      case Event.KillPod(int pods, _, _, _) -> {
        List<Place> killed = first(pods);
        follow(steps, names(killed), before.size(), () -> kill(killed, steps));
      }
      case Event.RestartProxy(Duration down, _) -> ofOwn(proxy, event).restart(down, steps);
      case Event.ChangeMode(DataPlane to, _) -> ofOwn(proxy, event).change(to, steps);
      case Event.Pause(int pods, Duration length, _) -> {
        List<Place> paused = first(pods);
        steps.take(EventStep.PAUSED, paused, () -> pause(paused, length));
      }
      case Event.PowerOff(int pods, _, _) -> {
        List<Place> off = first(pods);
        SilentPods silenced = ofOwn(silent, event);
        steps.take(EventStep.SILENCED, off, () -> silenced.add(off));
      }
      case Event.SlowPod(int pods, Duration delay, Duration cpu, _) -> {
        List<Place> slow = first(pods);
        slowed.addAll(slow);
        steps.take(EventStep.SLOWED, slow, () -> echo.slow(slow, delay, cpu));
      }
      case Event.DrainNode(int number, _, _) -> {
        String node = nodes.get(number - 1);
        List<Place> evicted = standing().stream().filter(p -> p.node().equals(node)).toList();
        change(
            steps, names(evicted), before.size(), () -> ofOwn(drained, event).drain(node, evicted));
      }
      case Event.Endpoints e -> endpoints(e, steps);
    }
  }

  /** The label that the Service asks for is changed, of pods that live on. */
  private void endpoints(Event.Endpoints e, Steps steps) throws InterruptedException {
    try (PodFollower pods = new PodFollower(known, steps)) {
      if (e.joining()) {
        List<Place> come = outside(e.pods());
        steps.take(EventStep.API_CHANGED, List.of(), () -> endpoints.join(come));
        pods.join(come);
      } else {
        List<Place> go = last(e.pods());
        steps.take(EventStep.API_CHANGED, List.of(), () -> endpoints.leave(go));
        pods.leave(go);
      }
    }
  }

  /** The first that are not behind the Service, which are behind it from now on. */
  private synchronized List<Place> outside(int pods) {
    List<Place> come = echo.pods().stream().filter(outside::contains).limit(pods).toList();
    outside.removeAll(come);
    return come;
  }

  /** The last that are behind it, which are not from now on. */
  private synchronized List<Place> last(int pods) {
    List<Place> now = serving();
    List<Place> go = now.subList(now.size() - pods, now.size());
    outside.addAll(go);
    return go;
  }

  private static <T> T ofOwn(Optional<T> means, Event event) {
    return means.orElseThrow(() ->
        new TestbedException(
            event.kind().word() + " is only for clusters that the run has made",
            "leave --reuse out"));
  }

  /** Changes the API's objects, which is the event's first step, and follows pods. */
  private void change(Steps steps, Set<String> leaving, int staying, Tasks.Work change)
      throws InterruptedException {
    follow(steps, leaving, staying, () -> steps.take(EventStep.API_CHANGED, List.of(), change));
  }

  /**
   * Makes a change, and follows pods until it is over.
   *
   * @param leaving pods that are not to be there afterwards
   * @param staying how many pods are to be there afterwards
   */
  private void follow(Steps steps, Set<String> leaving, int staying, Tasks.Work change)
      throws InterruptedException {
    try (PodFollower pods = new PodFollower(known, steps)) {
      change.run();
      pods.untilOver(leaving, staying);
    }
  }

  private static Set<String> names(List<Place> pods) {
    return pods.stream().map(Place::name).collect(Collectors.toSet());
  }

  /** The first of the pods that are behind the Service. */
  private synchronized List<Place> first(int pods) {
    return serving().subList(0, pods);
  }

  private List<Place> serving() {
    return standing().stream().filter(p -> !outside.contains(p)).toList();
  }

  /** The pods that are held and not on their way out. */
  private List<Place> standing() {
    Set<String> staying = sightings.staying();
    return echo.pods().stream().filter(p -> staying.contains(p.name())).toList();
  }

  /**
   * Their processes are killed on their nodes where these can be reached: kubelet, told by the API
   * to delete pods without a grace period, would still begin with SIGTERM ({@code
   * pkg/kubelet/kuberuntime}, {@code minimumGracePeriodInSeconds}).
   */
  private void kill(List<Place> pods, Steps steps) throws InterruptedException {
    for (Place pod : pods) {
      steps.take(
          EventStep.KILLED,
          List.of(pod),
          () -> {
            service.ifPresent(s -> signal(s, pod, "KILL"));
            deployment.delete(pod);
            echo.awaitEnd(pod);
          });
    }
  }

  private void signal(ServiceOnNodes on, Place pod, String signal) {
    NodeProcesses.signal(
        on.look(), pod.node(), sightings.container(pod.name()).orElseThrow(), signal);
  }

  /** Their processes are stopped, and go on; where nodes are not to be reached, they stall. */
  private void pause(List<Place> pods, Duration length) throws InterruptedException {
    if (service.isEmpty()) {
      echo.pause(pods, length);
      Thread.sleep(length);
      return;
    }
    pods.forEach(p -> signal(service.get(), p, "STOP"));
    try {
      Thread.sleep(length);
    } finally {
      pods.forEach(p -> signal(service.get(), p, "CONT"));
    }
  }

  /** What is about nodes is as before; the Deployment is restored when pods are next wanted. */
  @Override
  public void close() {
    try (ProxyEvents _ = proxy.orElse(null);
        SilentPods _ = silent.orElse(null)) {
      List<Place> slow = standing().stream().filter(slowed::contains).toList();
      echo.slow(slow, Duration.ZERO, Duration.ZERO);
      // so that nothing of what was sent to them comes to pass when they are heard again
      silent.map(SilentPods::pods).ifPresent(all -> all.forEach(deployment::delete));
      known.rules().ifPresent(RulesWatch::close);
      if (drained.filter(DrainedNodes::any).isPresent()) {
        drained.get().close();
        deployment.spread();
      }
    }
  }
}
