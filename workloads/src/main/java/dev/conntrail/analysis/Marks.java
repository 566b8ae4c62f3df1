package dev.conntrail.analysis;

import java.util.ArrayList;
import java.util.List;

/** What makes a repetition doubtful. It is kept and marked, never averaged away. */
public final class Marks {
  /** Below this share of the target rate the rate was missed. */
  public static final double RATE_SHARE = 0.98;

  /**
   * Above this 99th percentile of send lag the client could not keep its own schedule, nanoseconds.
   */
  public static final double SEND_LAG_P99_NS = 10e6;

  /** Above this CPU use the machine had none to spare, percent. */
  public static final double HOST_BUSY_PCT = 95;

  /** Above this the hypervisor took so much that times mean little, percent. */
  public static final double STEAL_PCT = 5;

  /** Above this the clients did not begin together, milliseconds. */
  public static final double START_SPREAD_MS = 100;

  public static final String CLIENT_SHORT_OF_CPU = "client-short-of-cpu";
  public static final String RATE_MISSED = "rate-missed";
  public static final String ERRORS = "errors";
  public static final String UNFINISHED = "unfinished";
  public static final String STRAYS = "connection-changed-pod";
  public static final String CONNECTIONS_MISSING = "connections-missing";
  public static final String DISAGREE = "witnesses-disagree";
  public static final String STEAL = "cpu-stolen";
  public static final String DRAINED_EARLY = "drained-early";
  public static final String LOAD_LOST = "load-lost";
  public static final String POD_LOST = "pod-lost";
  public static final String NOT_TOGETHER = "clients-not-together";

  /**
   * What is known of a repetition.
   *
   * @param open whether it had a target rate
   * @param wanted connections asked for, 0 where the number is not fixed
   * @param provoked whether errors were to be brought about: then they are no mark
   * @param opened connections in the ledger
   * @param lostClients load processes that ended before their time
   * @param lostPods pods that ended and took their counts with them
   * @param startSpreadMs from the first to the last client's first phase
   */
  public record Evidence(
      boolean open,
      double targetPerS,
      double achievedPerS,
      double sendLagP99Ns,
      double hostBusyPct,
      double stealPct,
      long errors,
      long unfinished,
      long strays,
      long wanted,
      boolean provoked,
      long opened,
      long disagreements,
      boolean drainedEarly,
      int lostClients,
      int lostPods,
      double startSpreadMs) {}

  private Marks() {}

  /** The marks, in a fixed order; empty if all is well. */
  public static List<String> of(Evidence e) {
    List<String> marks = new ArrayList<>();
    boolean lagging = e.open() && e.sendLagP99Ns() > SEND_LAG_P99_NS;
    add(marks, lagging || e.hostBusyPct() > HOST_BUSY_PCT, CLIENT_SHORT_OF_CPU);
    add(
        marks,
        e.open()
            && !e.provoked()
            && !e.drainedEarly()
            && e.achievedPerS() < RATE_SHARE * e.targetPerS(),
        RATE_MISSED);
    add(marks, !e.provoked() && e.errors() > 0, ERRORS);
    add(marks, !e.provoked() && e.unfinished() > 0, UNFINISHED);
    add(marks, e.strays() > 0, STRAYS);
    add(marks, e.wanted() > 0 && e.opened() != e.wanted(), CONNECTIONS_MISSING);
    add(marks, e.disagreements() > 0, DISAGREE);
    add(marks, e.stealPct() > STEAL_PCT, STEAL);
    add(marks, e.drainedEarly(), DRAINED_EARLY);
    add(marks, e.lostClients() > 0, LOAD_LOST);
    add(marks, e.lostPods() > 0, POD_LOST);
    add(marks, e.startSpreadMs() > START_SPREAD_MS, NOT_TOGETHER);
    return marks;
  }

  private static void add(List<String> marks, boolean applies, String mark) {
    if (applies) {
      marks.add(mark);
    }
  }
}
