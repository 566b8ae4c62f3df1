package dev.conntrail.experiment;

import dev.conntrail.result.row.EventStep;
import dev.conntrail.testbed.Place;
import dev.conntrail.testbed.TestbedException;
import dev.conntrail.testbed.kube.PodSightings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;

/**
 * Follows the pods of a cluster that come and go while an event is made, and notes each one's
 * steps: when it ran, when the EndpointSlices had it and then the nodes' rules, when these had it
 * no more, when its process was told to end and had ended.
 */
final class PodFollower implements AutoCloseable {
  /** Longer than any grace period. */
  private static final Duration END_LIMIT = Duration.ofHours(2);

  private static final long LOOK_MS = 100;

  /** What is known of pods in a repetition; a pod's coming is one event's, and its going too. */
  static final class Known {
    private final PodEchoes echo;
    private final PodSightings sightings;
    private final Optional<RulesWatch> rules;
    private final Map<String, Place> held = new HashMap<>();
    private final Set<String> coming = new HashSet<>();
    private final Set<String> going = new HashSet<>();

    /**
     * At its beginning.
     *
     * @param rules of the Service on nodes; empty where they cannot be looked at
     * @param held the pods that are there
     */
    Known(PodEchoes echo, PodSightings sightings, Optional<RulesWatch> rules, List<Place> held) {
      this.echo = echo;
      this.sightings = sightings;
      this.rules = rules;
      held.forEach(p -> {
        this.held.put(p.name(), p);
        coming.add(p.name());
      });
    }

    Optional<RulesWatch> rules() {
      return rules;
    }

    /** Pods that come, and that no event has followed yet. */
    private synchronized List<String> takeComing() {
      return sightings.staying().stream().filter(coming::add).toList();
    }

    /** Pods that go, and that no event has followed yet. */
    private synchronized List<Place> takeGoing() {
      Set<String> staying = sightings.staying();
      return held.values().stream()
          .filter(p -> !staying.contains(p.name()))
          .filter(p -> going.add(p.name()))
          .toList();
    }

    private synchronized void isHeld(Place pod) {
      held.put(pod.name(), pod);
    }
  }

  private final Known known;
  private final Steps steps;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Future<?>> followed = new ArrayList<>();

  PodFollower(Known known, Steps steps) {
    this.known = known;
    this.steps = steps;
  }

  /**
   * Follows pods until so many are there and in the EndpointSlices, and others are not any more.
   *
   * @param leaving names of these
   */
  void untilOver(Set<String> leaving, int staying) throws InterruptedException {
    boolean over = false;
    while (!over) {
      over = over(leaving, staying);
      known.takeComing().forEach(name -> begin(() -> comes(name)));
      known.takeGoing().forEach(pod -> begin(() -> goes(pod)));
      failed();
      if (!over) {
        known.sightings.awaitNews(LOOK_MS);
      }
    }
    for (Future<?> one : followed) {
      await(one);
    }
  }

  private boolean over(Set<String> leaving, int staying) {
    Set<String> there = known.sightings.names();
    Set<String> stay = known.sightings.staying();
    return leaving.stream().noneMatch(there::contains)
        && there.equals(stay)
        && stay.size() == staying
        && known.sightings.endpoints().size() == staying;
  }

  private void begin(Callable<Void> follow) {
    followed.add(threads.submit(follow));
  }

  private void failed() throws InterruptedException {
    for (Future<?> one : followed) {
      if (one.isDone()) {
        await(one);
      }
    }
  }

  private static void await(Future<?> one) throws InterruptedException {
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

  private void note(EventStep step, Place pod, long fromNs) {
    steps.note(step, List.of(pod), fromNs, System.nanoTime(), known.sightings.endpoints().size());
  }

  private Void comes(String name) throws InterruptedException {
    long seenNs = System.nanoTime();
    known.sightings.await(() -> known.sightings.running(name).isPresent() || leaves(name));
    Optional<Place> runs = known.sightings.running(name);
    if (runs.isEmpty()) {
      return null;
    }
    Place pod = runs.get();
    note(EventStep.MADE, pod, seenNs);
    known.echo.hold(pod);
    known.isHeld(pod);
    known.sightings.await(
        () -> known.sightings.endpoints().contains(pod.address()) || leaves(name));
    if (leaves(name)) {
      return null;
    }
    long saidNs = System.nanoTime();
    if (known.rules.isPresent()) {
      known.rules.get().await(r -> r.filter(some -> some.names(pod.address())).isPresent());
    }
    note(EventStep.JOINED, pod, saidNs);
    return null;
  }

  private boolean leaves(String name) {
    return !known.sightings.staying().contains(name);
  }

  private Void goes(Place pod) throws InterruptedException {
    Future<?> end = threads.submit(() -> ends(pod));
    known.sightings.await(() -> !known.sightings.endpoints().contains(pod.address()));
    long saidNs = System.nanoTime();
    if (known.rules.isPresent()) {
      known.rules.get().await(r -> r.filter(some -> some.names(pod.address())).isEmpty());
    }
    note(EventStep.LEFT, pod, saidNs);
    await(end);
    return null;
  }

  /** What the process does; nothing more is said of one that the run has killed. */
  private Void ends(Place pod) throws InterruptedException {
    OrderedProcess process = known.echo.process(pod);
    try {
      if (process.awaitLastWords(END_LIMIT).isPresent()) {
        long toldNs = System.nanoTime();
        note(EventStep.TOLD, pod, toldNs);
        process.awaitEnd();
        note(EventStep.ENDED, pod, toldNs);
      }
    } catch (TimeoutException e) {
      throw new TestbedException("pod " + pod.name() + " did not end", e);
    }
    return null;
  }

  @Override
  public void close() {
    threads.shutdownNow();
    threads.close();
  }
}
