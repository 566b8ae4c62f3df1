package dev.conntrail.experiment;

import dev.conntrail.agent.Echo;
import dev.conntrail.result.row.EventStep;
import dev.conntrail.spec.Event;
import dev.conntrail.spec.Lifecycle;
import dev.conntrail.spec.PodEnding;
import dev.conntrail.testbed.Place;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How pods come and go, as kubelet and the Deployment's controller do it: what each pod goes
 * through runs beside the others.
 */
final class Rollout {
  /** How often it is looked whether something has come to an end. */
  private static final Duration LOOK = Duration.ofMillis(20);

  private final Lifecycle life;
  private final Echo echo;
  private final ServiceRules rules;
  private final Steps steps;

  Rollout(Lifecycle life, Echo echo, ServiceRules rules, Steps steps) {
    this.life = life;
    this.echo = echo;
    this.rules = rules;
    this.steps = steps;
  }

  /** New pods come, all at once. */
  void come(List<Place> pods) throws InterruptedException {
    made(pods);
    join(pods);
  }

  private void made(List<Place> pods) throws InterruptedException {
    steps.take(EventStep.MADE, pods, () -> echo.start(pods));
    Thread.sleep(life.readyAfter());
  }

  private void join(List<Place> pods) throws InterruptedException {
    Thread.sleep(life.rulesAfter());
    rules.join(pods, steps);
  }

  private void leave(List<Place> pods) throws InterruptedException {
    Thread.sleep(life.rulesAfter());
    rules.leave(pods, true, steps);
  }

  /**
   * Pods end, all at once: rules follow while the processes come to their end. They terminate and
   * serve at first; in every way that there is of being told, they serve no more from then on.
   */
  void end(List<Place> pods) throws InterruptedException {
    Tasks.together(() -> terminate(List.of(pods)), () -> endProcesses(pods));
  }

  private void endProcesses(List<Place> pods) throws InterruptedException {
    long graceOverNs = System.nanoTime() + life.grace().toNanos();
    Thread.sleep(life.preStop());
    stop(EventStep.TOLD, pods, life.onTerm());
    if (rules.used().stream().anyMatch(pods::contains)) {
      Tasks.together(() -> leave(pods), () -> outlast(pods, graceOverNs));
    } else {
      rules.later(() -> leave(pods)); // which makes no difference to rules as they are now
      outlast(pods, graceOverNs);
    }
  }

  /** Rules follow groups of pods that are deleted at the same time. */
  private void terminate(List<List<Place>> groups) throws InterruptedException {
    Thread.sleep(life.rulesAfter());
    rules.terminate(groups, steps);
  }

  /** The grace period, whose end is SIGKILL ({@code pkg/kubelet/kuberuntime}). */
  private void outlast(List<Place> pods, long graceOverNs) throws InterruptedException {
    while (open(pods) > 0 && System.nanoTime() < graceOverNs) {
      Thread.sleep(LOOK);
    }
    stop(open(pods) > 0 ? EventStep.KILLED : EventStep.ENDED, pods, PodEnding.EXIT);
  }

  private void stop(EventStep step, List<Place> pods, PodEnding ending)
      throws InterruptedException {
    steps.take(step, pods, () -> echo.stop(pods, ending));
  }

  /** Connections that pods still have. */
  private int open(List<Place> pods) {
    return echo.open(pods).values().stream().mapToInt(Integer::intValue).sum();
  }

  /** Pods are killed: others take their place, and rules follow. */
  void kill(List<Place> pods, List<Place> others) throws InterruptedException {
    stop(EventStep.KILLED, pods, PodEnding.EXIT);
    Tasks.together(() -> leave(pods), () -> come(others));
  }

  /** A node's pods end, and others come at once elsewhere. */
  void move(List<Place> pods, List<Place> others) throws InterruptedException {
    Tasks.together(() -> end(pods), () -> come(others));
  }

  /**
   * All pods are replaced ({@code pkg/controller/deployment/rolling.go}): new ones are made while
   * there are no more than asked for and {@code maxSurge}; old ones end while no fewer are ready
   * than asked for less {@code maxUnavailable}.
   */
  void replace(Event.RollingUpdate update, List<Place> old, List<Place> fresh)
      throws InterruptedException {
    int asked = old.size();
    Deque<Place> toMake = new ArrayDeque<>(fresh);
    Deque<Place> toEnd = new ArrayDeque<>(old);
    AtomicInteger ready = new AtomicInteger(asked);
    int there = asked;
    try (Tasks tasks = new Tasks()) {
      while (!toMake.isEmpty() || !toEnd.isEmpty()) {
        List<Place> come = take(toMake, asked + update.maxSurge() - there);
        there += come.size();
        come.forEach(pod -> tasks.start(() -> come(List.of(pod), ready)));
        List<Place> end = take(toEnd, ready.get() - (asked - update.maxUnavailable()));
        there -= end.size();
        ready.addAndGet(-end.size());
        if (!end.isEmpty()) {
          tasks.start(() -> terminate(end.stream().map(List::of).toList()));
        }
        end.forEach(pod -> tasks.start(() -> endProcesses(List.of(pod))));
        Thread.sleep(LOOK);
      }
      tasks.await();
    }
  }

  private void come(List<Place> pods, AtomicInteger ready) throws InterruptedException {
    made(pods);
    ready.addAndGet(pods.size());
    join(pods);
  }

  private static List<Place> take(Deque<Place> from, int most) {
    List<Place> taken = new ArrayList<>();
    while (taken.size() < most && !from.isEmpty()) {
      taken.add(from.removeFirst());
    }
    return taken;
  }
}
