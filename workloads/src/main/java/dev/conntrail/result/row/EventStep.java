package dev.conntrail.result.row;

import dev.conntrail.spec.Named;

/** What was done at a step of an event. */
public enum EventStep implements Named {
  /** Objects of a cluster's API were changed; what follows is kubelet's and the controllers'. */
  API_CHANGED("api-changed"),
  /** Endpoints joined the rules of all nodes. */
  JOINED("joined"),
  /** Endpoints left the rules of all nodes. */
  LEFT("left"),
  /** Pods were made; they are not ready yet. */
  MADE("made"),
  /** Pods' processes were told to end (SIGTERM). */
  TOLD("told-to-end"),
  /** Pods' processes had ended by themselves, before the grace period was over. */
  ENDED("ended"),
  /** Pods' processes were killed (SIGKILL). */
  KILLED("killed"),
  /** Packets to and from pods vanish from then on. */
  SILENCED("silenced"),
  /** Pods stand still from then on. */
  PAUSED("paused"),
  /** Pods answer later from then on. */
  SLOWED("slowed"),
  /** kube-proxy ended, on all nodes; its rules stay. */
  PROXY_ENDED("proxy-ended"),
  /** The rules of a mode were removed from all nodes. */
  RULES_REMOVED("rules-removed"),
  /** kube-proxy wrote all its rules, on all nodes. */
  RULES_WRITTEN("rules-written"),
  /** The repetition ended, and the event was not over: what it would have done is not known. */
  CUT_SHORT("cut-short");

  private final String word;

  EventStep(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }

  /** Whether it makes the pods that it names worse than they were for who is connected to them. */
  public boolean strikes() {
    return switch (this) {
      case LEFT, TOLD, ENDED, KILLED, SILENCED, PAUSED, SLOWED -> true;
      case API_CHANGED, JOINED, MADE, PROXY_ENDED, RULES_REMOVED, RULES_WRITTEN, CUT_SHORT -> false;
    };
  }

  /** Whether the processes of the pods that it names end, or are about to. */
  public boolean ends() {
    return this == TOLD || this == ENDED || this == KILLED;
  }

  /** Whether the pods that it names serve the Service no more. */
  public boolean takesOut() {
    return switch (this) {
      case LEFT, ENDED, KILLED, SILENCED -> true;
      case TOLD,
          PAUSED,
          SLOWED,
          API_CHANGED,
          JOINED,
          MADE,
          PROXY_ENDED,
          RULES_REMOVED,
          RULES_WRITTEN,
          CUT_SHORT ->
          false;
    };
  }
}
