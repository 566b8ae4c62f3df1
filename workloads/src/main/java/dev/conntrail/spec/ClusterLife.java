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
 */
public record ClusterLife(Duration readyAfter, Duration preStop, Duration grace) {
  /** That of pods to which nothing happens. */
  public static final ClusterLife PLAIN =
      new ClusterLife(Duration.ZERO, Duration.ZERO, Duration.ofSeconds(1));

  /** That of a cell whose events are possible. */
  public static ClusterLife of(List<Event> events) {
    return lives(events).stream().findFirst().orElse(PLAIN);
  }

  /** What cannot be of a cell's events on a testbed, first; empty if all can. */
  static Optional<EventKind.Unfit> unfit(List<Event> events, TestbedKind testbed) {
    for (Event event : events) {
      Optional<EventKind.Unfit> unfit = event.kind().unfit(testbed);
      if (unfit.isPresent()) {
        return unfit.map(u -> new EventKind.Unfit(event.kind().word() + ": " + u.why(), u.mend()));
      }
    }
    return testbed.kubernetes() ? unfit(events) : Optional.empty();
  }

  private static Optional<EventKind.Unfit> unfit(List<Event> events) {
    for (Event event : events) {
      Optional<Lifecycle> life = life(event);
      if (life.filter(l -> l.onTerm() != Ending.EXIT).isPresent()) {
        return Optional.of(
            new EventKind.Unfit("the pods of clusters exit on SIGTERM", "on-term: exit there"));
      }
      if (rulesAfter(event).isPresent()) {
        return Optional.of(
            new EventKind.Unfit(
                "kube-proxy itself says when rules follow", "no rules-after there"));
      }
    }
    return lives(events).size() > 1
        ? Optional.of(
            new EventKind.Unfit(
                "a Deployment has one template for all its pods",
                "the same ready-after, pre-stop and grace in all events of a cell there"))
        : Optional.empty();
  }

  /** Those that its events ask for; that of a pod's killing has no say in how pods end. */
  private static List<ClusterLife> lives(List<Event> events) {
    Lifecycle ends =
        events.stream().flatMap(e -> life(e).stream()).findFirst().orElse(Lifecycle.USUAL);
    List<ClusterLife> lives = new ArrayList<>();
    for (Event event : events) {
      life(event)
          .map(l -> new ClusterLife(l.readyAfter(), l.preStop(), l.grace()))
          .or(() ->
              event instanceof Event.KillPod kill
                  ? Optional.of(new ClusterLife(kill.readyAfter(), ends.preStop(), ends.grace()))
                  : Optional.empty())
          .filter(l -> !lives.contains(l))
          .ifPresent(lives::add);
    }
    return lives;
  }

  /** How pods come and go in an event; empty where it does not say. */
  private static Optional<Lifecycle> life(Event event) {
    return switch (event) {
      case Event.Scale e -> Optional.of(e.life());
      case Event.RollingUpdate e -> Optional.of(e.life());
      case Event.DrainNode e -> Optional.of(e.life());
      default -> Optional.empty();
    };
  }

  private static Optional<Duration> rulesAfter(Event event) {
    return switch (event) {
      case Event.PowerOff e -> e.rulesAfter();
      case Event.KillPod e -> usualIsNone(e.rulesAfter());
      default -> life(event).flatMap(l -> usualIsNone(l.rulesAfter()));
    };
  }

  private static Optional<Duration> usualIsNone(Duration rulesAfter) {
    return Optional.of(rulesAfter).filter(d -> !d.equals(Lifecycle.USUAL.rulesAfter()));
  }
}
