package dev.conntrail.spec;

import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Something that happens to the Service, its pods or its nodes while load runs. */
public sealed interface Event {
  /** What stands for no events. */
  String NONE = "none";

  /**
   * Endpoints join or leave the Service, and pods go on as they are.
   *
   * @param kind {@link EventKind#ofEndpoints()}
   * @param pods how many
   */
  record Endpoints(EventKind kind, int pods, Duration at) implements Event {
    /** Whether they join. */
    public boolean joining() {
      return kind == EventKind.ADD_ENDPOINTS;
    }

    /** Whether those that leave may end what they have: ipvs keeps them at weight 0 meanwhile. */
    public boolean graceful() {
      return kind == EventKind.REMOVE_ENDPOINTS;
    }
  }

  /**
   * {@link EventKind#SCALE}.
   *
   * @param pods how many the Deployment is to have
   * @param life how pods come and go
   */
  record Scale(int pods, Lifecycle life, Duration at) implements Event {}

  /**
   * {@link EventKind#KILL_POD}.
   *
   * @param pods how many
   * @param readyAfter from their death until others are ready in their place
   * @param rulesAfter from their death until the nodes' rules begin to follow
   */
  record KillPod(int pods, Duration readyAfter, Duration rulesAfter, Duration at)
      implements Event {}

  /**
   * {@link EventKind#POWER_OFF}.
   *
   * @param pods how many
   * @param rulesAfter until the nodes' rules begin to follow; empty for never, as in the 50 s that
   *     Kubernetes gives a node by default ({@code --node-monitor-grace-period})
   */
  record PowerOff(int pods, Optional<Duration> rulesAfter, Duration at) implements Event {
    /** Stands for never. */
    static final String NEVER = "never";
  }

  /**
   * {@link EventKind#PAUSE}.
   *
   * @param pods how many
   * @param length for how long
   */
  record Pause(int pods, Duration length, Duration at) implements Event {}

  /**
   * {@link EventKind#SLOW_POD}.
   *
   * @param pods how many
   * @param delay by which each answer comes later, side by side with others
   * @param cpu that each answer takes of the pod's one processor: answers wait for each other, as
   *     in a pod whose quota leaves it little
   */
  record SlowPod(int pods, Duration delay, Duration cpu, Duration at) implements Event {}

  /**
   * {@link EventKind#ROLLING_UPDATE}.
   *
   * @param maxSurge pods that may be there beyond those asked for
   * @param maxUnavailable pods that may lack
   * @param life how pods come and go
   */
  record RollingUpdate(int maxSurge, int maxUnavailable, Lifecycle life, Duration at)
      implements Event {}

  /**
   * {@link EventKind#DRAIN_NODE}.
   *
   * @param node its number, from 1
   * @param life how pods come and go
   */
  record DrainNode(int node, Lifecycle life, Duration at) implements Event {}

  /**
   * {@link EventKind#RESTART_PROXY}.
   *
   * @param down how long there is none
   */
  record RestartProxy(Duration down, Duration at) implements Event {}

  /**
   * {@link EventKind#CHANGE_MODE}.
   *
   * @param to the mode afterwards
   */
  record ChangeMode(DataPlane to, Duration at) implements Event {}

  /** When, from the start of the measure phase. */
  Duration at();

  /** What kind of thing. */
  default EventKind kind() {
    return switch (this) {
      case Endpoints e -> e.kind();
      case Scale _ -> EventKind.SCALE;
      case KillPod _ -> EventKind.KILL_POD;
      case PowerOff _ -> EventKind.POWER_OFF;
      case Pause _ -> EventKind.PAUSE;
      case SlowPod _ -> EventKind.SLOW_POD;
      case RollingUpdate _ -> EventKind.ROLLING_UPDATE;
      case DrainNode _ -> EventKind.DRAIN_NODE;
      case RestartProxy _ -> EventKind.RESTART_PROXY;
      case ChangeMode _ -> EventKind.CHANGE_MODE;
    };
  }

  /** What stands at its word: {@code 2}, {@code drain}, {@code nftables}. */
  default String object() {
    return switch (this) {
      case Endpoints e -> Integer.toString(e.pods());
      case Scale e -> Integer.toString(e.pods());
      case KillPod e -> Integer.toString(e.pods());
      case PowerOff e -> Integer.toString(e.pods());
      case Pause e -> Integer.toString(e.pods());
      case SlowPod e -> Integer.toString(e.pods());
      case RollingUpdate e -> e.life().onTerm().word();
      case DrainNode e -> Integer.toString(e.node());
      case RestartProxy e -> ms(e.down());
      case ChangeMode e -> e.to().word();
    };
  }

  /** Its other arguments by their words, those that nobody named too. */
  default Map<String, String> options() {
    Map<String, String> all = new LinkedHashMap<>();
    switch (this) {
      case Endpoints _, RestartProxy _, ChangeMode _ -> {
        // none
      }
      case Scale e -> all.putAll(e.life().parts());
      case DrainNode e -> all.putAll(e.life().parts());
      case KillPod e -> {
        all.put("ready-after", ms(e.readyAfter()));
        all.put("rules-after", ms(e.rulesAfter()));
      }
      case PowerOff e ->
          all.put("rules-after", e.rulesAfter().map(Event::ms).orElse(PowerOff.NEVER));
      case Pause e -> all.put("for", ms(e.length()));
      case SlowPod e -> {
        all.put("delay", ms(e.delay()));
        all.put("cpu", ms(e.cpu()));
        all.values().removeIf("0ms"::equals);
      }
      case RollingUpdate e -> {
        all.put("max-surge", Integer.toString(e.maxSurge()));
        all.put("max-unavailable", Integer.toString(e.maxUnavailable()));
        all.putAll(e.life().times());
      }
    }
    return all;
  }

  /** What it takes of a testbed. */
  default Set<Ability> needs() {
    Set<Ability> needs = EnumSet.copyOf(kind().needs());
    if (ClusterLife.timesRules(this)) {
      needs.add(Ability.TIMED_RULES);
    }
    if (this instanceof ChangeMode e) {
      needs.addAll(e.to().needs());
    }
    return needs;
  }

  /**
   * Whether entries of conntrack may go by it whose connections are there: of endpoints that ipvs
   * forgets at once, or where its connections are left or come to be.
   *
   * @param mode of the rules before any event
   */
  default boolean dropsEntries(DataPlane mode) {
    return switch (this) {
      case Endpoints e -> !e.joining() && !e.graceful() && mode.ownTable();
      case ChangeMode e -> mode.ownTable() || e.to().ownTable();
      case Scale _,
          KillPod _,
          PowerOff _,
          Pause _,
          SlowPod _,
          RollingUpdate _,
          DrainNode _,
          RestartProxy _ ->
          false;
    };
  }

  /** How many pods the Service has afterwards. */
  default PodNumbers after(PodNumbers before) {
    return switch (this) {
      case Endpoints e -> e.joining() ? before.more(e.pods()) : before.less(e.pods());
      case Scale e ->
          e.pods() > before.now()
              ? before.fresh(e.pods() - before.now())
              : before.less(before.now() - e.pods());
      case KillPod e -> before.less(e.pods()).fresh(e.pods());
      case PowerOff e -> e.rulesAfter().isPresent() ? before.less(e.pods()) : before;
      case RollingUpdate _ -> before.less(before.now()).fresh(before.now());
      // as many as there are, for whichever pods are on the node
      case DrainNode _ -> before.less(before.now()).fresh(before.now());
      case Pause _, SlowPod _, RestartProxy _, ChangeMode _ -> before;
    };
  }

  /** The mode of every node's kube-proxy from then on, where it changes. */
  default Optional<DataPlane> mode() {
    return this instanceof ChangeMode change ? Optional.of(change.to()) : Optional.empty();
  }

  /** Whether the Service has more pods afterwards than the number that it had. */
  default boolean grows(int pods) {
    return after(new PodNumbers(pods, pods)).now() > pods;
  }

  private static String ms(Duration time) {
    return time.toMillis() + "ms";
  }

  /** {@code pause=1,for=500ms@1000ms}. */
  default String text() {
    return kind().word()
        + "="
        + object()
        + options().entrySet().stream()
            .map(e -> "," + e.getKey() + "=" + e.getValue())
            .collect(Collectors.joining())
        + "@"
        + ms(at());
  }

  /** What is done, and not how: {@code rolling-update exit}. */
  default String brief() {
    return kind().word() + " " + object();
  }

  /** As a person would say it, without what goes without saying: {@code pause 1 for 500ms}. */
  default String phrase() {
    return brief()
        + options().entrySet().stream()
            .filter(e -> !e.getValue().equals(EventArguments.USUAL.get(e.getKey())))
            .map(e -> " " + e.getKey() + " " + e.getValue())
            .collect(Collectors.joining());
  }

  /** All of them, joined by {@code ;}, or {@code none}. */
  static String text(List<Event> events) {
    return events.isEmpty()
        ? NONE
        : events.stream().map(Event::text).collect(Collectors.joining(";"));
  }

  /**
   * What {@link #text(List)} wrote.
   *
   * @throws IllegalArgumentException if it is not that
   */
  static List<Event> parse(String text) {
    return EventText.parse(text);
  }
}
