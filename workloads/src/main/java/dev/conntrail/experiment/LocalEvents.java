package dev.conntrail.experiment;

import dev.conntrail.agent.Echo;
import dev.conntrail.result.row.EventStep;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.Event;
import dev.conntrail.spec.Lifecycle;
import dev.conntrail.spec.PodEnding;
import dev.conntrail.testbed.LocalTestbed;
import dev.conntrail.testbed.Place;
import dev.conntrail.testbed.TestbedException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Makes events on this machine as a cluster would: pods end as their process would, rules follow as
 * kube-proxy's would. What it did to pods is undone when it is closed.
 */
final class LocalEvents implements AutoCloseable {
  private final LocalTestbed testbed;
  private final Echo echo;
  private final ServiceRules rules;
  private final List<Place> all;

  /** Those that were never behind it. */
  private final List<Place> unused;

  private final Set<Place> touched = new LinkedHashSet<>();
  private final Set<Place> silent = new LinkedHashSet<>();

  /**
   * Those of a Service.
   *
   * @param all pods that are behind it at any time, in the order in which they come
   */
  LocalEvents(LocalTestbed testbed, Echo echo, ServiceRules rules, List<Place> all) {
    this.testbed = testbed;
    this.echo = echo;
    this.rules = rules;
    this.all = List.copyOf(all);
    this.unused = new ArrayList<>(all);
    unused.removeAll(rules.endpoints());
  }

  /** Makes an event; returns when all of it is over. */
  void make(Event event, Steps steps) throws InterruptedException {
    switch (event) {
      case Event.Endpoints e -> endpoints(e, steps);
      case Event.Scale e -> scale(e, steps);
      case Event.KillPod e -> kill(e, steps);
      case Event.PowerOff e -> powerOff(e, steps);
      case Event.Pause(int pods, Duration length, _) ->
          upset(EventStep.PAUSED, pods, paused -> pause(paused, length), steps);
      case Event.SlowPod(int pods, Duration delay, Duration cpu, _) ->
          upset(EventStep.SLOWED, pods, slowed -> echo.slow(slowed, delay, cpu), steps);
      case Event.RollingUpdate e -> {
        List<Place> old = touched(rules.endpoints());
        rollout(e.life(), steps).replace(e, old, fresh(old.size()));
      }
      case Event.DrainNode e -> drain(e, steps);
      case Event.RestartProxy(Duration down, _) -> restart(down, steps);
      case Event.ChangeMode(DataPlane to, _) -> rules.change(to, steps);
    }
  }

  /** What is done to pods that stay where they are. */
  private interface Upset {
    void to(List<Place> pods) throws InterruptedException;
  }

  private List<Place> upset(EventStep step, int pods, Upset upset, Steps steps)
      throws InterruptedException {
    List<Place> first = touched(first(pods));
    steps.take(step, first, () -> upset.to(first));
    return first;
  }

  private void pause(List<Place> pods, Duration length) throws InterruptedException {
    echo.pause(pods, length);
    Thread.sleep(length);
  }

  private void kill(Event.KillPod e, Steps steps) throws InterruptedException {
    Lifecycle life =
        new Lifecycle(
            e.readyAfter(), e.rulesAfter(), Duration.ZERO, Duration.ZERO, Lifecycle.USUAL.onTerm());
    rollout(life, steps).kill(touched(first(e.pods())), fresh(e.pods()));
  }

  private void endpoints(Event.Endpoints e, Steps steps) throws InterruptedException {
    if (e.joining()) {
      List<Place> come = outside(e.pods());
      unused.removeAll(come);
      rules.join(come, steps);
    } else {
      rules.leave(last(e.pods()), e.graceful(), steps);
    }
  }

  private void scale(Event.Scale e, Steps steps) throws InterruptedException {
    int more = e.pods() - rules.endpoints().size();
    if (more > 0) {
      rollout(e.life(), steps).come(fresh(more));
    } else if (more < 0) {
      rollout(e.life(), steps).end(touched(last(-more)));
    }
  }

  private void powerOff(Event.PowerOff e, Steps steps) throws InterruptedException {
    List<Place> off =
        upset(EventStep.SILENCED, e.pods(), pods -> pods.forEach(this::silence), steps);
    if (e.rulesAfter().isPresent()) {
      Thread.sleep(e.rulesAfter().get());
      rules.leave(off, true, steps);
    }
  }

  private void silence(Place pod) {
    silent.add(pod);
    testbed.silence(pod);
  }

  private void drain(Event.DrainNode e, Steps steps) throws InterruptedException {
    String node = testbed.nodes().get(e.node() - 1).name();
    List<Place> evicted = rules.endpoints().stream().filter(p -> p.node().equals(node)).toList();
    List<Place> others =
        unused.stream().filter(p -> !p.node().equals(node)).limit(evicted.size()).toList();
    unused.removeAll(others);
    rollout(e.life(), steps).move(touched(evicted), others);
  }

  private void restart(Duration down, Steps steps) throws InterruptedException {
    rules.exclusively(() -> {
      steps.take(EventStep.PROXY_ENDED, List.of(), () -> {});
      Thread.sleep(down);
      steps.take(EventStep.RULES_WRITTEN, List.of(), rules::rewrite);
    });
  }

  /** The first that are not behind it. */
  private List<Place> outside(int pods) {
    List<Place> now = rules.endpoints();
    return all.stream().filter(p -> !now.contains(p)).limit(pods).toList();
  }

  private Rollout rollout(Lifecycle life, Steps steps) {
    return new Rollout(life, echo, rules, steps);
  }

  private List<Place> first(int pods) {
    return List.copyOf(rules.endpoints().subList(0, pods));
  }

  private List<Place> last(int pods) {
    List<Place> now = rules.endpoints();
    return List.copyOf(now.subList(now.size() - pods, now.size()));
  }

  private synchronized List<Place> fresh(int pods) {
    if (unused.size() < pods) {
      throw new TestbedException(
          "asked for " + pods + " new pods, but only " + unused.size() + " are left");
    }
    List<Place> fresh = List.copyOf(unused.subList(0, pods));
    unused.removeAll(fresh);
    return fresh;
  }

  private synchronized List<Place> touched(List<Place> pods) {
    touched.addAll(pods);
    return pods;
  }

  /**
   * Pods are again as new ones. Those that were silent end first, so that nothing of what was sent
   * to them comes to pass afterwards, and what they counted meanwhile is nobody's.
   */
  @Override
  public void close() {
    if (!silent.isEmpty()) {
      echo.stop(silent, PodEnding.EXIT);
      silent.forEach(testbed::unsilence);
      silent.clear();
    }
    if (!touched.isEmpty()) {
      echo.start(touched);
      touched.clear();
      forget();
    }
  }

  private void forget() {
    try {
      echo.take();
    } catch (IOException e) {
      throw new TestbedException("the pods' counts cannot be read: " + e.getMessage(), e);
    }
  }
}
