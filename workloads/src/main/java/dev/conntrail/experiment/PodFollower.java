package dev.conntrail.experiment;

import dev.conntrail.agent.Echo;
import dev.conntrail.result.row.EventStep;
import dev.conntrail.testbed.Place;
import dev.conntrail.testbed.TestbedException;
import dev.conntrail.testbed.kube.PodSightings;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/**
 * Follows the pods of a cluster that come and go while an event is made, and notes each one's
 * steps: when it ran, when the EndpointSlices had it and then the nodes' rules, when these had it
 * no more, when its process was told to end and had ended.
 */
final class PodFollower implements AutoCloseable {
  private static final long LOOK_MS = 100;

  /** What is known of pods in a repetition; a pod's coming is one event's, and its going too. */
  static final class Known {
    private final Echo echo;
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
    Known(Echo echo, PodSightings sightings, Optional<RulesWatch> rules, List<Place> held) {
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
  private final Tasks followed = new Tasks();
  private final Tasks holding = new Tasks();

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
      known.takeComing().forEach(name -> followed.start(() -> comes(name)));
      known.takeGoing().forEach(pod -> followed.start(() -> goes(pod)));
      followed.check();
      if (!over) {
        known.sightings.awaitNews(LOOK_MS);
      }
    }
    followed.await();
  }

  private boolean over(Set<String> leaving, int staying) {
    Set<String> there = known.sightings.names();
    Set<String> stay = known.sightings.staying();
    return leaving.stream().noneMatch(there::contains)
        && there.equals(stay)
        && stay.size() == staying
        && known.sightings.endpoints().size() == staying;
  }

  private void comes(String name) throws InterruptedException {
    long seenNs = System.nanoTime();
    known.sightings.await(() -> known.sightings.running(name).isPresent() || leaves(name));
    Optional<Place> runs = known.sightings.running(name);
    if (runs.isEmpty()) {
      return;
    }
    Place pod = runs.get();
    steps.done(EventStep.MADE, List.of(pod), seenNs);
    Tasks.together(() -> hold(pod), () -> joins(pod));
  }

  private void joins(Place pod) throws InterruptedException {
    known.sightings.await(
        () -> known.sightings.endpoints().contains(pod.address()) || leaves(pod.name()));
    if (!leaves(pod.name())) {
      inRules(List.of(pod));
    }
  }

  /**
   * Waits until pods that are there have joined: a step from when the EndpointSlices had the first
   * of them until the rules of all nodes have all.
   */
  void join(List<Place> pods) throws InterruptedException {
    List<String> addresses = addresses(pods);
    known.sightings.await(() -> known.sightings.endpoints().containsAll(addresses));
    inRules(pods);
  }

  private static List<String> addresses(List<Place> pods) {
    return pods.stream().map(Place::address).toList();
  }

  private void inRules(List<Place> pods) throws InterruptedException {
    List<String> addresses = addresses(pods);
    long saidNs = addresses.stream().mapToLong(known.sightings::readySinceNs).min().orElseThrow();
    if (known.rules.isPresent()) {
      known
          .rules
          .get()
          .await(r -> r.filter(some -> addresses.stream().allMatch(some::names)).isPresent());
    }
    steps.done(EventStep.JOINED, pods, saidNs);
  }

  private boolean leaves(String name) {
    return !known.sightings.staying().contains(name);
  }

  /** Goes on when the event is cut short: the pod may serve, and is to be asked what it counted. */
  private void hold(Place pod) throws InterruptedException {
    CountDownLatch over = new CountDownLatch(1);
    holding.start(() -> {
      try {
        known.echo.hold(pod);
        known.isHeld(pod);
      } catch (IOException e) {
        throw new TestbedException("the pod " + pod.name() + " cannot be held: " + e, e);
      } finally {
        over.countDown();
      }
    });
    over.await();
    holding.check();
  }

  private void goes(Place pod) throws InterruptedException {
    Tasks.together(() -> leave(List.of(pod)), () -> ends(pod));
  }

  /**
   * Waits until endpoints have left: a step from when the EndpointSlices had none of them until the
   * rules of all nodes have none.
   */
  void leave(List<Place> pods) throws InterruptedException {
    List<String> addresses = addresses(pods);
    known.sightings.await(
        () -> addresses.stream().noneMatch(known.sightings.endpoints()::contains));
    long saidNs = System.nanoTime();
    if (known.rules.isPresent()) {
      known
          .rules
          .get()
          .await(r -> r.filter(some -> addresses.stream().anyMatch(some::names)).isEmpty());
    }
    steps.done(EventStep.LEFT, pods, saidNs);
  }

  /** What the process does; nothing more is said of one that the run has killed. */
  private void ends(Place pod) throws InterruptedException {
    if (known.echo.awaitTold(pod)) {
      long toldNs = System.nanoTime();
      steps.done(EventStep.TOLD, List.of(pod), toldNs);
      known.echo.awaitEnd(pod);
      steps.done(EventStep.ENDED, List.of(pod), toldNs);
    }
  }

  @Override
  public void close() {
    followed.close();
    holding.finish();
  }
}
