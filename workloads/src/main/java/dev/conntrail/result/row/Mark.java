package dev.conntrail.result.row;

import dev.conntrail.spec.Named;

/** What makes a repetition doubtful; when each is given is decided in {@code analysis.Marks}. */
public enum Mark implements Named {
  /** The client could not keep its own schedule, or the machine had no CPU to spare. */
  CLIENT_SHORT_OF_CPU("client-short-of-cpu"),
  /** Fewer requests a second were answered than were due. */
  RATE_MISSED("rate-missed"),
  /** Requests or connects failed. */
  ERRORS("errors"),
  /** Requests had no answer when the drain ended. */
  UNFINISHED("unfinished"),
  /** A connection had replies from more than one pod. */
  STRAYS("connection-changed-pod"),
  /** The ledger has more or fewer connections than were asked for. */
  CONNECTIONS_MISSING("connections-missing"),
  /** Ledger, pods and kernel tell different things of a connection. */
  DISAGREE("witnesses-disagree"),
  /** The hypervisor took CPU time away. */
  STEAL("cpu-stolen"),
  /** It was told to stop before its time. */
  DRAINED_EARLY("drained-early"),
  /** A load process ended before its time. */
  LOAD_LOST("load-lost"),
  /** A pod ended though none was to. */
  POD_LOST("pod-lost"),
  /** A pod that an event ended took its counts with it. */
  POD_UNCOUNTED("pod-uncounted"),
  /** The clients' phases did not begin together. */
  NOT_TOGETHER("clients-not-together"),
  /** It ended before an event was over. */
  EVENT_CUT_SHORT("event-cut-short"),
  /** A proxy's own counters differ from its log, the clients or the pods. */
  PROXY_COUNTS("proxy-counts-differ"),
  /** Requests or connections were lost from the count, or counted twice. */
  NOT_ADDING_UP("does-not-add-up");

  private final String word;

  Mark(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
