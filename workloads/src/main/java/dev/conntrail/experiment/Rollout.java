package dev.conntrail.experiment;

import dev.conntrail.agent.Echo;
import dev.conntrail.result.row.EventStep;
import dev.conntrail.spec.Event;
import dev.conntrail.spec.Lifecycle;
import dev.conntrail.spec.PodEnding;
import dev.conntrail.testbed.Place;
import dev.conntrail.testbed.TestbedException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
    steps.take(
        EventStep.MADE,
        pods,
        () -> {
          echo.start(names(pods));
          return rules.endpoints().size();
        });
    Thread.sleep(life.readyAfter());
  }

  private void join(List<Place> pods) throws InterruptedException {
    Thread.sleep(life.rulesAfter());
    rules.exclusively(() -> steps.take(EventStep.JOINED, pods, () -> rules.join(pods)));
  }

  private void leave(List<Place> pods) throws InterruptedException {
    Thread.sleep(life.rulesAfter());
    rules.exclusively(() -> steps.take(EventStep.LEFT, pods, () -> rules.leave(pods, true)));
  }

  /** Pods end, all at once: rules follow while the processes come to their end. */
  void end(List<Place> pods) throws InterruptedException {
    together(
        () -> {
          leave(pods);
          return null;
        },
        () -> {
          terminate(pods);
          return null;
        });
  }

  /** The hook, SIGTERM, the grace period, SIGKILL ({@code pkg/kubelet/kuberuntime}). */
  private void terminate(List<Place> pods) throws InterruptedException {
    long graceOverNs = System.nanoTime() + life.grace().toNanos();
    boolean cutShort = life.preStop().compareTo(life.grace()) >= 0;
    Thread.sleep(cutShort ? life.grace() : life.preStop());
    if (!cutShort) {
      stop(EventStep.TOLD, pods, life.onTerm());
      while (open(pods) > 0 && System.nanoTime() < graceOverNs) {
        Thread.sleep(LOOK);
      }
    }
    stop(open(pods) > 0 ? EventStep.KILLED : EventStep.ENDED, pods, PodEnding.EXIT);
  }

  private void stop(EventStep step, List<Place> pods, PodEnding ending)
      throws InterruptedException {
    steps.take(
        step,
        pods,
        () -> {
          echo.stop(names(pods), ending);
          return rules.endpoints().size();
        });
  }

  /** Connections that pods still have. */
  private int open(List<Place> pods) {
    return echo.open(names(pods)).values().stream().mapToInt(Integer::intValue).sum();
  }

  private static List<String> names(List<Place> pods) {
    return pods.stream().map(Place::name).toList();
  }

  /** Pods are killed: others take their place, and rules follow. */
  void kill(List<Place> pods, List<Place> others) throws InterruptedException {
    stop(EventStep.KILLED, pods, PodEnding.EXIT);
    together(
        () -> {
          leave(pods);
          return null;
        },
        () -> {
          come(others);
          return null;
        });
  }

  /** A node's pods end, and others come at once elsewhere. */
  void move(List<Place> pods, List<Place> others) throws InterruptedException {
    together(
        () -> {
          end(pods);
          return null;
        },
        () -> {
          come(others);
          return null;
        });
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
    List<Future<?>> under = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      while (!toMake.isEmpty() || !toEnd.isEmpty()) {
        List<Place> come = take(toMake, asked + update.maxSurge() - there);
        there += come.size();
        come.forEach(pod -> under.add(threads.submit(coming(pod, ready))));
        List<Place> end = take(toEnd, ready.get() - (asked - update.maxUnavailable()));
        there -= end.size();
        ready.addAndGet(-end.size());
        end.forEach(pod -> under.add(threads.submit(ending(pod))));
        Thread.sleep(LOOK);
      }
      await(under);
    }
  }

  private Callable<Void> coming(Place pod, AtomicInteger ready) {
    return () -> {
      made(List.of(pod));
      ready.incrementAndGet();
      join(List.of(pod));
      return null;
    };
  }

  private Callable<Void> ending(Place pod) {
    return () -> {
      end(List.of(pod));
      return null;
    };
  }

  private static List<Place> take(Deque<Place> from, int most) {
    List<Place> taken = new ArrayList<>();
    while (taken.size() < most && !from.isEmpty()) {
      taken.add(from.removeFirst());
    }
    return taken;
  }

  private static void together(Callable<Void> one, Callable<Void> other)
      throws InterruptedException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> both = List.of(threads.submit(one), threads.submit(other));
      try {
        await(both);
      } catch (InterruptedException e) {
        threads.shutdownNow();
        throw e;
      }
    }
  }

  private static void await(List<Future<?>> all) throws InterruptedException {
    for (Future<?> one : all) {
      try {
        one.get();
      } catch (ExecutionException e) {
        switch (e.getCause()) {
          case TestbedException t -> throw t;
          case InterruptedException i -> throw i;
          default -> throw new TestbedException("an event failed: " + e.getCause(), e.getCause());
        }
      }
    }
  }
}
