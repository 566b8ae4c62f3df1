package dev.conntrail.analysis;

import dev.conntrail.result.row.Mark;
import dev.conntrail.result.row.SummaryRow;
import java.util.ArrayList;
import java.util.List;

/** What makes a repetition doubtful. It is kept and marked, never averaged away. */
public final class Marks {
  /** Below this share of the target rate the rate was missed. */
  public static final double RATE_SHARE = 0.98;

  /** Above this the hypervisor took so much that times mean little, percent. */
  public static final double STEAL_PCT = 5;

  /** Above this the clients did not begin together, milliseconds. */
  public static final double START_SPREAD_MS = 100;

  /**
   * What is known of a repetition.
   *
   * @param pinned whether each connection leads to one pod ({@code spec.Route})
   * @param rate its target is not a number in a closed loop
   * @param shortOfCpu whether a client had too little of the CPU ({@code record.CpuShortage})
   * @param wanted connections asked for, 0 where the number is not fixed
   * @param provoked whether errors were to be brought about: then they are no mark
   * @param lostClients load processes that ended before their time
   * @param lostPods pods that ended though none was to
   * @param uncountedPods pods that an event ended and that took their counts with them
   * @param startSpreadMs from the first to the last client's first phase
   * @param eventCutShort whether it ended before an event was over
   * @param proxyCountsAgree whether proxies' own counters agree with logs, clients and pods, or
   *     what they differ in can be explained ({@code analysis.middle.CounterCheck})
   * @param addsUp whether all requests and connections are accounted for ({@link Accounts})
   */
  public record Evidence(
      boolean pinned,
      SummaryRow.Requests requests,
      SummaryRow.Rate rate,
      SummaryRow.Connections connections,
      SummaryRow.Cpu cpu,
      boolean shortOfCpu,
      long wanted,
      boolean provoked,
      long disagreements,
      boolean drainedEarly,
      int lostClients,
      int lostPods,
      int uncountedPods,
      double startSpreadMs,
      boolean eventCutShort,
      boolean proxyCountsAgree,
      boolean addsUp) {}

  private Marks() {}

  /** The marks, in a fixed order; empty if all is well. */
  public static List<Mark> of(Evidence e) {
    List<Mark> marks = new ArrayList<>();
    add(marks, e.shortOfCpu(), Mark.CLIENT_SHORT_OF_CPU);
    add(
        marks,
        !e.provoked()
            && !e.drainedEarly()
            && e.rate().achievedPerS() < RATE_SHARE * e.rate().targetPerS(),
        Mark.RATE_MISSED);
    add(marks, !e.provoked() && e.requests().failedCount() > 0, Mark.ERRORS);
    add(marks, !e.provoked() && e.requests().unansweredCount() > 0, Mark.UNFINISHED);
    add(marks, e.pinned() && e.connections().straysCount() > 0, Mark.STRAYS);
    add(
        marks,
        e.wanted() > 0 && e.connections().openedCount() != e.wanted(),
        Mark.CONNECTIONS_MISSING);
    add(marks, e.disagreements() > 0, Mark.DISAGREE);
    add(marks, e.cpu().hostStealPct() > STEAL_PCT, Mark.STEAL);
    add(marks, e.drainedEarly(), Mark.DRAINED_EARLY);
    add(marks, e.lostClients() > 0, Mark.LOAD_LOST);
    add(marks, e.lostPods() > 0, Mark.POD_LOST);
    add(marks, e.uncountedPods() > 0, Mark.POD_UNCOUNTED);
    add(marks, e.startSpreadMs() > START_SPREAD_MS, Mark.NOT_TOGETHER);
    add(marks, e.eventCutShort(), Mark.EVENT_CUT_SHORT);
    add(marks, !e.proxyCountsAgree(), Mark.PROXY_COUNTS);
    add(marks, !e.addsUp(), Mark.NOT_ADDING_UP);
    return marks;
  }

  private static void add(List<Mark> marks, boolean applies, Mark mark) {
    if (applies) {
      marks.add(mark);
    }
  }
}
