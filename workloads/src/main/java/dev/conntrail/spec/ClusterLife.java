package dev.conntrail.spec;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How the pods of a cluster's Deployment come and go: what its template says of it. A template is
 * one for all pods, so all events of a cell have it in common.
 *
 * @param readyAfter from a pod's start until it is first asked whether it is ready; kubelet knows
 *     whole seconds, so it is rounded up
 * @param preStop how long the {@code preStop} hook takes
 * @param grace {@code terminationGracePeriodSeconds}, rounded up
 * @param onTerm what the server does on SIGTERM
 * @param recycling when a pod gives up connections, from its start; empty where it is told later,
 *     or never does
 */
public record ClusterLife(
    Duration readyAfter,
    Duration preStop,
    Duration grace,
    PodEnding onTerm,
    Optional<Recycling> recycling) {
  /** That of pods to which nothing happens. */
  public static final ClusterLife PLAIN =
      new ClusterLife(
          Duration.ZERO, Duration.ZERO, Duration.ofSeconds(1), PodEnding.EXIT, Optional.empty());

  /**
   * From a pod's making until it takes part: as long as the slowest took on 2 busy cores of kind.
   * It is not what this machine takes, for the measure phase is part of what a cell is, and the
   * same set-up has the same id in every run.
   */
  private static final Duration POD_COMES = Duration.ofSeconds(7);

  /** How long is watched what follows, once all pods came. */
  private static final Duration WATCHED = Duration.ofMillis(2500);

  /** What each of several that are made at once adds: they start on the same processors. */
  private static final Duration ANOTHER_COMES = Duration.ofSeconds(1);

  /** From a change of labels until EndpointSlices and the rules of all nodes have followed. */
  private static final Duration ENDPOINTS_FOLLOW = Duration.ofSeconds(3);

  /** From the start of kube-proxy's pods until their rules are written. */
  private static final Duration PROXY_COMES = Duration.ofSeconds(20);

  /**
   * That of a cell, whose events can have one in common. Pods that come while clients are there do
   * their part of its cure from their start, for a client may have them before the run has.
   */
  public static ClusterLife of(Cell cell) {
    return asked(cell.course().events()).stream()
        .findFirst()
        .map(l -> l.recycling(cell.cure().byServer()))
        .orElse(PLAIN);
  }

  private ClusterLife recycling(Optional<Recycling> when) {
    return new ClusterLife(readyAfter, preStop, grace, onTerm, when);
  }

  /** Those that events ask for, each once; the killing of a pod has no say in how pods end. */
  static List<ClusterLife> asked(List<Event> events) {
    Lifecycle ends =
        events.stream().flatMap(e -> life(e).stream()).findFirst().orElse(Lifecycle.USUAL);
    List<ClusterLife> lives = new ArrayList<>();
    for (Event event : events) {
      life(event)
          .map(l -> of(l, l.readyAfter()))
          .or(() ->
              event instanceof Event.KillPod kill
                  ? Optional.of(of(ends, kill.readyAfter()))
                  : Optional.empty())
          .filter(l -> !lives.contains(l))
          .ifPresent(lives::add);
    }
    return lives;
  }

  private static ClusterLife of(Lifecycle life, Duration readyAfter) {
    return new ClusterLife(
        readyAfter, life.preStop(), life.grace(), life.onTerm(), Optional.empty());
  }

  /**
   * A course that was meant for testbeds whose pods come at once, as it goes on a cluster: rules
   * follow when kube-proxy says so, and the measure phase is as long as the events may take.
   *
   * @param pods at its beginning
   */
  static Course course(Course course, int pods) {
    List<Event> events = course.events().stream().map(ClusterLife::untimed).toList();
    Duration measure =
        events.stream()
            .map(e -> e.at().plus(lasts(e, pods)))
            .reduce(course.phases().measure(), (a, b) -> a.compareTo(b) > 0 ? a : b);
    Phases p = course.phases();
    return new Course(
        new Phases(p.warmup(), p.idle(), measure, p.drain()), events, course.repetitions());
  }

  private static Event untimed(Event event) {
    Duration usual = Lifecycle.USUAL.rulesAfter();
    return switch (event) {
      case Event.PowerOff e -> new Event.PowerOff(e.pods(), Optional.empty(), e.at());
      case Event.KillPod e -> new Event.KillPod(e.pods(), e.readyAfter(), usual, e.at());
      default -> Lifecycle.in(event, life -> life.withRulesAfter(usual));
    };
  }

  /** Long enough on a busy machine; what lasts longer is cut short. */
  private static Duration lasts(Event event, int pods) {
    return switch (event) {
      case Event.RollingUpdate e -> {
        int together = e.maxSurge() + e.maxUnavailable();
        int turns = (pods + together - 1) / together;
        yield come(Math.min(together, pods)).multipliedBy(turns).plus(afterwards(e.life()));
      }
      case Event.Scale e -> come(e.pods() - pods).plus(afterwards(e.life()));
      case Event.KillPod _ -> POD_COMES.plus(WATCHED);
      case Event.Endpoints _ -> ENDPOINTS_FOLLOW.plus(WATCHED);
      case Event.DrainNode e -> POD_COMES.multipliedBy(2).plus(afterwards(e.life()));
      case Event.RestartProxy e -> e.down().plus(PROXY_COMES);
      case Event.ChangeMode _ -> PROXY_COMES;
      default -> Duration.ZERO;
    };
  }

  /** Pods that are made at once; where some end instead, that takes no longer than one. */
  private static Duration come(int together) {
    return POD_COMES.plus(ANOTHER_COMES.multipliedBy(Math.max(0, together - 1)));
  }

  /** A server that just exits needs no grace; another may take all of it. */
  private static Duration afterwards(Lifecycle life) {
    return WATCHED.plus(life.onTerm() == PodEnding.EXIT ? life.preStop() : life.grace());
  }

  /** How pods come and go in an event; empty where it does not say. */
  static Optional<Lifecycle> life(Event event) {
    return switch (event) {
      case Event.Scale e -> Optional.of(e.life());
      case Event.RollingUpdate e -> Optional.of(e.life());
      case Event.DrainNode e -> Optional.of(e.life());
      default -> Optional.empty();
    };
  }

  /** Whether an event says when the nodes' rules follow, other than usual. */
  static boolean timesRules(Event event) {
    return switch (event) {
      case Event.PowerOff e -> e.rulesAfter().isPresent();
      case Event.KillPod e -> !e.rulesAfter().equals(Lifecycle.USUAL.rulesAfter());
      default ->
          life(event).filter(l -> !l.rulesAfter().equals(Lifecycle.USUAL.rulesAfter())).isPresent();
    };
  }
}
