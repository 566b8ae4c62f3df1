package dev.conntrail.experiment;

import dev.conntrail.result.row.EventStep;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.Event;
import dev.conntrail.testbed.Place;
import dev.conntrail.testbed.TestbedException;
import dev.conntrail.testbed.kube.EchoDeployment;
import dev.conntrail.testbed.kube.KubernetesTestbed;
import dev.conntrail.testbed.kube.NodeProcesses;
import dev.conntrail.testbed.kube.PodSightings;
import dev.conntrail.testbed.kube.SilentPods;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Makes events on a cluster: the API's objects are changed, and what kubelet, controllers and
 * kube-proxy make of that is followed. The Deployment is restored before the next repetition.
 */
final class ClusterEvents implements AutoCloseable {
  private final EchoDeployment deployment;
  private final PodEchoes echo;
  private final Optional<ServiceOnNodes> service;
  private final PodSightings sightings;
  private final PodFollower.Known known;
  private final Optional<ProxyEvents> proxy;
  private final Optional<SilentPods> silent;

  /**
   * Those of a repetition.
   *
   * @param service what nodes have of it; empty where they cannot be looked at
   * @param mode of its rules
   * @param own whether the run made the cluster, and may change its nodes
   */
  ClusterEvents(
      KubernetesTestbed testbed,
      PodEchoes echo,
      Optional<ServiceOnNodes> service,
      DataPlane mode,
      boolean own) {
    this.deployment = testbed.deployment();
    this.echo = echo;
    this.service = service;
    this.sightings = testbed.sightings();
    this.proxy =
        service.filter(_ -> own).map(s -> new ProxyEvents(testbed.proxy(), s, sightings, mode));
    this.silent = service.filter(_ -> own).map(s -> new SilentPods(s.look()));
    this.known =
        new PodFollower.Known(
            echo,
            sightings,
            service.map(s -> s.watch(() -> proxy.map(ProxyEvents::mode).orElse(mode))),
            echo.pods());
  }

  /** Makes an event; returns when all of it is over. */
  void make(Event event, Steps steps) throws InterruptedException {
    Set<String> before = sightings.staying();
    switch (event) {
      case Event.Scale(int pods, _, _) ->
          follow(steps, Set.of(), pods, () -> deployment.scale(pods));
      case Event.RollingUpdate(int surge, int unavailable, _, _) ->
          follow(steps, before, before.size(), () -> deployment.restart(surge, unavailable));
      case Event.KillPod(int pods, _, _, _) -> {
        List<Place> killed = standing().subList(0, pods);
        follow(steps, names(killed), before.size(), () -> kill(killed, steps));
      }
      case Event.RestartProxy(Duration down, _) -> ofOwn(proxy, event).restart(down, steps);
      case Event.ChangeMode(DataPlane to, _) -> ofOwn(proxy, event).change(to, steps);
      case Event.Pause(int pods, Duration length, _) ->
          pause(standing().subList(0, pods), length, steps);
      case Event.PowerOff(int pods, _, _) -> {
        List<Place> off = standing().subList(0, pods);
        SilentPods silenced = ofOwn(silent, event);
        steps.take(
            EventStep.SILENCED,
            off,
            () -> {
              silenced.add(off);
              return sightings.endpoints().size();
            });
      }
      case Event.Endpoints _, Event.SlowPod _, Event.DrainNode _ ->
          throw new TestbedException("no cluster makes the event " + event.text());
    }
  }

  private static <T> T ofOwn(Optional<T> means, Event event) {
    return means.orElseThrow(() ->
        new TestbedException(
            event.kind().word() + " is only for clusters that the run has made",
            "leave --reuse out"));
  }

  /** What begins an event. */
  private interface Change {
    void make() throws InterruptedException;
  }

  /**
   * Makes a change, and follows pods until it is over.
   *
   * @param leaving pods that are not to be there afterwards
   * @param staying how many pods are to be there afterwards
   */
  private void follow(Steps steps, Set<String> leaving, int staying, Change change)
      throws InterruptedException {
    try (PodFollower pods = new PodFollower(known, steps)) {
      change.make();
      pods.untilOver(leaving, staying);
    }
  }

  private static Set<String> names(List<Place> pods) {
    Set<String> names = new HashSet<>();
    pods.forEach(p -> names.add(p.name()));
    return names;
  }

  /** The pods that are held and not on their way out, in order. */
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
      long begunNs = System.nanoTime();
      signal(pod, "KILL");
      deployment.delete(pod);
      echo.process(pod).awaitEnd();
      steps.note(
          EventStep.KILLED, List.of(pod), begunNs, System.nanoTime(), sightings.endpoints().size());
    }
  }

  /** To a pod's processes on its node; without effect where that cannot be reached. */
  private void signal(Place pod, String signal) {
    service.ifPresent(s ->
        NodeProcesses.signal(
            s.look(), pod.node(), sightings.container(pod.name()).orElseThrow(), signal));
  }

  /** Their processes are stopped, and go on. */
  private void pause(List<Place> pods, Duration length, Steps steps) throws InterruptedException {
    steps.take(
        EventStep.PAUSED,
        pods,
        () -> {
          pods.forEach(p -> signal(p, "STOP"));
          try {
            Thread.sleep(length);
          } finally {
            pods.forEach(p -> signal(p, "CONT"));
          }
          return sightings.endpoints().size();
        });
  }

  /** What is about nodes is as before; the Deployment is restored when pods are next wanted. */
  @Override
  public void close() {
    try (sightings;
        ProxyEvents _ = proxy.orElse(null);
        SilentPods _ = silent.orElse(null)) {
      known.rules().ifPresent(RulesWatch::close);
    }
  }
}
