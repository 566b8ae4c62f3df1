package dev.conntrail.report.finding;

import dev.conntrail.result.row.Mark;

/** What marks mean. */
final class MarkText {
  private MarkText() {}

  /** In words. */
  static String of(Mark mark) {
    return switch (mark) {
      case CLIENT_SHORT_OF_CPU -> "the client, or the machine, had no CPU to spare";
      case RATE_MISSED -> "fewer requests a second had an answer than were due";
      case ERRORS -> "requests or connects failed";
      case UNFINISHED -> "requests had no answer when the drain ended";
      case STRAYS -> "a connection had replies from more than one pod";
      case CONNECTIONS_MISSING -> "the ledger has more or fewer connections than were asked for";
      case DISAGREE -> "client, pods and kernel tell different things of a connection";
      case STEAL -> "the hypervisor took CPU time away";
      case DRAINED_EARLY -> "it was told to stop before its time";
      case LOAD_LOST -> "a client ended before its time, and its connections are missing";
      case POD_LOST -> "a pod ended though none was to";
      case POD_UNCOUNTED -> "a pod that an event ended took its counts with it";
      case NOT_TOGETHER -> "clients did not begin together";
      case EVENT_CUT_SHORT -> "it ended before an event was over";
      case PROXY_COUNTS ->
          "a proxy's own counters differ from its log, from the clients or from the pods";
      case NOT_ADDING_UP -> "requests or connections are missing from its counts, or counted twice";
    };
  }

  /** Whether it makes times doubtful. */
  static boolean ofTimes(Mark mark) {
    return switch (mark) {
      case CLIENT_SHORT_OF_CPU, RATE_MISSED, STEAL, NOT_TOGETHER, DRAINED_EARLY -> true;
      case ERRORS,
          UNFINISHED,
          STRAYS,
          CONNECTIONS_MISSING,
          DISAGREE,
          LOAD_LOST,
          POD_LOST,
          POD_UNCOUNTED,
          EVENT_CUT_SHORT,
          PROXY_COUNTS,
          NOT_ADDING_UP ->
          false;
    };
  }

  /** Whether it makes doubtful where connections landed. */
  static boolean ofConnections(Mark mark) {
    return switch (mark) {
      case STRAYS,
          CONNECTIONS_MISSING,
          DISAGREE,
          LOAD_LOST,
          POD_LOST,
          PROXY_COUNTS,
          NOT_ADDING_UP ->
          true;
      case CLIENT_SHORT_OF_CPU,
          RATE_MISSED,
          STEAL,
          NOT_TOGETHER,
          DRAINED_EARLY,
          ERRORS,
          UNFINISHED,
          POD_UNCOUNTED,
          EVENT_CUT_SHORT ->
          false;
    };
  }
}
