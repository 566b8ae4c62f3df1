package dev.conntrail.spec;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * How pods come and go, as kubelet and the controllers do it.
 *
 * @param readyAfter from a pod's making until it is ready
 * @param rulesAfter from a change of the API's objects until the nodes' rules begin to follow: the
 *     EndpointSlice controller, the watch, kube-proxy's {@code --min-sync-period} (1 s)
 * @param preStop how long the {@code preStop} hook takes, before SIGTERM
 * @param grace {@code terminationGracePeriodSeconds}, with the hook: then SIGKILL
 * @param onTerm what the server does on SIGTERM
 */
public record Lifecycle(
    Duration readyAfter, Duration rulesAfter, Duration preStop, Duration grace, PodEnding onTerm) {
  /** What holds where nothing is said. */
  public static final Lifecycle USUAL =
      new Lifecycle(
          Duration.ofMillis(500),
          Duration.ofSeconds(1),
          Duration.ZERO,
          Duration.ofSeconds(5),
          PodEnding.EXIT);

  /** The same, with rules that follow after another time. */
  Lifecycle withRulesAfter(Duration time) {
    return new Lifecycle(readyAfter, time, preStop, grace, onTerm);
  }

  private Lifecycle withoutPreStop() {
    return new Lifecycle(readyAfter, rulesAfter, Duration.ZERO, grace, onTerm);
  }

  /** An event whose pods have no {@code preStop} hook, and which is the same else. */
  public static Event withoutPreStop(Event event) {
    return in(event, Lifecycle::withoutPreStop);
  }

  /** An event whose pods come and go otherwise; the same where it does not say how. */
  static Event in(Event event, UnaryOperator<Lifecycle> other) {
    return switch (event) {
      case Event.Scale e -> new Event.Scale(e.pods(), other.apply(e.life()), e.at());
      case Event.RollingUpdate e ->
          new Event.RollingUpdate(e.maxSurge(), e.maxUnavailable(), other.apply(e.life()), e.at());
      case Event.DrainNode e -> new Event.DrainNode(e.node(), other.apply(e.life()), e.at());
      default -> event;
    };
  }

  /** Its parts by their words, but for what the server does. */
  Map<String, String> times() {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("ready-after", readyAfter.toMillis() + "ms");
    all.put("rules-after", rulesAfter.toMillis() + "ms");
    all.put("pre-stop", preStop.toMillis() + "ms");
    all.put("grace", grace.toMillis() + "ms");
    return all;
  }

  /** All its parts by their words. */
  Map<String, String> parts() {
    Map<String, String> all = times();
    all.put("on-term", onTerm.word());
    return all;
  }
}
