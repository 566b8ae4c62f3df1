package dev.conntrail.spec;

import java.util.EnumSet;
import java.util.Set;

/** What may happen while load runs: the words of {@link Event}s. */
public enum EventKind implements Named {
  /** Scale-out: pods that are ready join the Service. */
  ADD_ENDPOINTS("add-endpoints"),
  /**
   * Endpoints leave the Service and their pods live on, as pods do that end gracefully. ipvs:
   * weight 0 while they have connections, as kube-proxy does; those without are forgotten at once.
   */
  REMOVE_ENDPOINTS("remove-endpoints"),
  /**
   * As {@link #REMOVE_ENDPOINTS}, but ipvs forgets the real server at once, as kube-proxy does at
   * the end of graceful termination.
   */
  DELETE_ENDPOINTS("delete-endpoints"),
  /** A Deployment is scaled: new pods come, or the last ones end. */
  SCALE("scale"),
  /** The processes of pods are killed: their sockets are closed, and nobody listens any more. */
  KILL_POD("kill-pod"),
  /** Pods fall silent: packets to and from them vanish, and nothing says so. */
  POWER_OFF("power-off"),
  /** Pods stand still for a time, as by a stop-the-world pause, and go on. */
  PAUSE("pause"),
  /** Pods answer later from then on. */
  SLOW_POD("slow-pod"),
  /** All pods are replaced, as a Deployment does it. */
  ROLLING_UPDATE("rolling-update"),
  /** The pods of a node are evicted, and replaced on the others. */
  DRAIN_NODE("drain-node"),
  /** kube-proxy ends, and after a time a new one writes all rules as it does at its start. */
  RESTART_PROXY("restart-proxy"),
  /** Every node's kube-proxy is started anew in another mode. */
  CHANGE_MODE("change-mode");

  private final String word;

  EventKind(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }

  /** What it takes of a testbed. */
  Set<Ability> needs() {
    return switch (this) {
      case DELETE_ENDPOINTS -> EnumSet.of(Ability.SERVICE, Ability.FORGOTTEN_ENDPOINTS);
      case ADD_ENDPOINTS, REMOVE_ENDPOINTS, SCALE, KILL_POD, ROLLING_UPDATE, PAUSE, SLOW_POD ->
          EnumSet.of(Ability.SERVICE);
      case POWER_OFF, DRAIN_NODE, RESTART_PROXY, CHANGE_MODE -> EnumSet.of(Ability.MADE_NODES);
    };
  }

  /** Whether it changes nothing but which endpoints the Service has. */
  public boolean ofEndpoints() {
    return this == ADD_ENDPOINTS || this == REMOVE_ENDPOINTS || this == DELETE_ENDPOINTS;
  }

  /** Whether it does what an autoscaler does: the Service has more or fewer endpoints after it. */
  public boolean scales() {
    return this == SCALE || ofEndpoints();
  }

  /** Whether pods come or go. */
  boolean ofPods() {
    return this == SCALE || this == KILL_POD || this == ROLLING_UPDATE || this == DRAIN_NODE;
  }
}
