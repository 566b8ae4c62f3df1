package dev.conntrail.result;

/**
 * The tables of a result folder: one record each, one observation a row. {@code results/README.md}
 * explains every column.
 */
public final class Rows {
  private Rows() {}

  /** {@code results/index.csv}: one row a run. */
  public record Index(
      String folder,
      String run,
      String startedUtc,
      String experiment,
      String testbed,
      String status,
      int cellsCount,
      int repetitionsCount,
      double durationS,
      String git) {}

  /** {@code cells.csv}: one row a cell. */
  public record Cells(
      String cell,
      String title,
      String variant,
      String workload,
      int block,
      String testbed,
      String dataPlane,
      String iptablesBackend,
      String ipvsScheduler,
      String protocol,
      String pooling,
      String opening,
      String keepAlive,
      int connectionsCount,
      int podsCount,
      int clientsCount,
      int nodesCount,
      String rate,
      String settings,
      String changes,
      double warmupMs,
      double idleMs,
      double measureMs,
      double drainMs,
      int repetitionsCount) {}

  /** {@code summary.csv}: one row a cell and repetition. */
  public record Summary(
      String cell,
      int repetition,
      String status,
      String marks,
      String startedUtc,
      long requestsDueCount,
      long requestsAnsweredCount,
      long errorsCount,
      long unfinishedCount,
      double targetPerS,
      double achievedPerS,
      long connectionsOpenedCount,
      long straysCount,
      long podsReachedCount,
      double responseMeanNs,
      double responseP50Ns,
      double responseP90Ns,
      double responseP99Ns,
      double responseP999Ns,
      double responseMaxNs,
      double serviceP50Ns,
      double serviceP99Ns,
      double sendLagP99Ns,
      double connectP50Ns,
      double connectP99Ns,
      double failureP50Ns,
      double failureMaxNs,
      double clientCpuPct,
      double hostBusyPct,
      double hostStealPct,
      String crossCheck,
      long crossCheckRowsCount,
      long disagreementsCount) {}

  /** {@code distribution.csv}: one row a cell, repetition and pod. */
  public record Distribution(
      String cell,
      int repetition,
      String pod,
      String node,
      long connectionsCount,
      long requestsCount) {}

  /** {@code verdicts.csv}: one row a cell and unit; counts of all repetitions together. */
  public record Verdict(
      String cell,
      String unit,
      long observedCount,
      int podsCount,
      double chiSquare,
      double pValue,
      double pAdjusted,
      String method,
      String verdict,
      double idleMeanCount,
      double idleExpectedCount,
      double maxOverMean,
      double maxOverMeanExpected,
      double jain,
      double bandLowCount,
      double bandHighCount) {}

  /** {@code connections.csv}: the ledger, one row a connection. */
  public record Connection(
      String cell,
      int repetition,
      String client,
      String clientNode,
      int connection,
      String localAddress,
      int localPort,
      String remoteAddress,
      int remotePort,
      String pod,
      String node,
      double bornMs,
      double connectNs,
      double livedMs,
      double lastReplyMs,
      double lastRequestMs,
      String death,
      long requestsCount,
      long measuredRequestsCount,
      long straysCount) {
    private static final double NS_PER_MS = 1e6;

    /** When its first packet was sent, and so when its pod was chosen, or soon after. */
    public double begunMs() {
      return bornMs - connectNs / NS_PER_MS;
    }

    /** When it ended; later than anything if it had not. */
    public double diedMs() {
      return Double.isNaN(livedMs) ? Double.MAX_VALUE : bornMs + livedMs;
    }
  }

  /** {@code disagreements.csv}: one row for each connection on which the three witnesses differ. */
  public record Disagreement(
      String cell,
      int repetition,
      String localAddress,
      int localPort,
      String ledgerPod,
      String echoPod,
      String kernelPod,
      Long ledgerRequestsCount,
      Long echoRequestsCount,
      String why) {}

  /** {@code events.csv}: what happened when. */
  public record Event(String cell, int repetition, double atMs, String event, String detail) {}

  /** {@code changes.csv}: what was changed of a Service while load ran. */
  public record Change(
      String cell,
      int repetition,
      String change,
      int podsCount,
      double askedMs,
      double begunMs,
      double doneMs,
      String pods,
      int endpointsCount) {}

  /** {@code effects.csv}: what a change, or idleness, did to connections. */
  public record Effect(
      String cell,
      int repetition,
      String cause,
      double fromMs,
      double toMs,
      long openCount,
      long keptCount,
      long resetCount,
      long closedCount,
      long unansweredCount,
      double noticeP50Ms,
      double noticeMaxMs,
      long leavingCount,
      long leavingKeptCount,
      long newCount,
      long newToAddedCount,
      long newToRemovedCount,
      long failedCount,
      long portsAgainCount,
      long portsMovedCount) {}

  /** {@code clocks.csv}: one row a load process: its clock against that of who gave the orders. */
  public record Clock(
      String client, String node, double atMs, double offsetNs, double offsetErrorNs) {}

  /** {@code installs.csv}: one row for each time that rules were loaded. */
  public record Install(
      String cell,
      int repetition,
      String node,
      String dataPlane,
      String backend,
      String tool,
      long rulesCount,
      double loadMs,
      double removeMs,
      String rulesSha256) {}

  /** {@code intervals.csv} of a repetition: one row a client and second. */
  public record Interval(
      String client,
      double startMs,
      double lengthMs,
      long answeredCount,
      long errorsCount,
      double responseP50Ns,
      double responseP99Ns,
      double responseMaxNs,
      double sendLagP99Ns,
      double connectP50Ns) {}

  /** {@code errors.csv} of a repetition: one row a client and kind. */
  public record Failure(String client, String error, long requestsCount) {}

  /** {@code counters.csv} of a repetition: one row a counter. */
  public record Counter(String source, String counter, double value) {}

  /** {@code echo.csv} of a repetition: what the pods themselves counted, one row a connection. */
  public record EchoConnection(
      String pod,
      String node,
      String clientAddress,
      int clientPort,
      String protocol,
      long requestsCount) {}

  /** {@code kernel.csv}: one row a data plane, number of Services, round, packet and target. */
  public record Kernel(
      String testbed,
      String dataPlane,
      String backend,
      long servicesCount,
      int round,
      String packet,
      String target,
      long samplesCount,
      double minNs,
      double p25Ns,
      double p50Ns,
      double pairedP50Ns) {}

  /** {@code jmh.csv}: one row a benchmark and its parameters. */
  public record Jmh(
      String benchmark,
      String dataPlane,
      String servicesCount,
      String endpointsCount,
      String target,
      String connectionsCount,
      String otherParameters,
      int threads,
      int forks,
      long iterationsCount,
      double scoreNs,
      double errorNs,
      double minNs) {}

  /** {@code growth.csv}: one row a source, data plane, packet and target. */
  public record Growth(
      String source,
      String dataPlane,
      String packet,
      String target,
      long observationsCount,
      String fewestServicesCount,
      String mostServicesCount,
      double interceptNs,
      double slopeNs,
      double slopeLowNs,
      double slopeHighNs,
      double r2,
      double largestOverSmallest,
      double growthLowPct,
      double growthHighPct,
      String verdict) {}
}
