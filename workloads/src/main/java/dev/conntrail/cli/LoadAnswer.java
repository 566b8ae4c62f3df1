package dev.conntrail.cli;

import dev.conntrail.load.LoadOutcome;
import dev.conntrail.record.CensoredTimes;
import dev.conntrail.record.CpuShortage;
import dev.conntrail.record.Metric;
import dev.conntrail.record.Quantiles;
import dev.conntrail.record.Recording;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/**
 * What {@code load} answers; as JSON it is this record. What went wrong comes before times.
 *
 * @param requests what became of them
 * @param response from when requests were due to their replies, of the measure phase
 * @param service from the actual send
 * @param sendLag from when requests were due to their actual send; none in a closed loop
 * @param connect TCP handshakes, of long-lived connections all; none where none was counted
 * @param connections where they went
 * @param client what it did to its own times
 * @param targets what it connected to
 * @param folder where what was seen was written to, an absolute path; none if it was not kept
 * @param exitCode what the command ends with
 */
record LoadAnswer(
    Requests requests,
    Map<String, Time> response,
    Optional<Map<String, Time>> service,
    Optional<Map<String, Time>> sendLag,
    Optional<Map<String, Time>> connect,
    Connections connections,
    Client client,
    List<TargetAddress> targets,
    Optional<String> folder,
    int exitCode) {
  private static final double NS_PER_S = 1e9;
  private static final double[] PERCENTILES = {50, 90, 99, 100};

  /**
   * Requests.
   *
   * @param dueCount due in the measure phase; in a closed loop, sent in it
   * @param answeredCount of these
   * @param answeredPerS the same a second
   * @param failedCount of those due
   * @param unansweredCount of those due, without an answer when the drain ended
   * @param carriedCount due before the measure phase, and not sent when it began: they delay those
   *     that are due in it
   * @param allUnansweredCount of all phases, without an answer when the drain ended
   * @param allFailedCount failures of all phases, of connects too
   * @param connectFailedCount of these, first connections that could not be had
   * @param errors failures by what was said
   * @param statuses of HTTP, replies of all phases and of first exchanges by class
   */
  record Requests(
      long dueCount,
      long answeredCount,
      Optional<Double> answeredPerS,
      long failedCount,
      long unansweredCount,
      long carriedCount,
      long allUnansweredCount,
      long allFailedCount,
      long connectFailedCount,
      Map<String, Long> errors,
      Map<String, Long> statuses) {
    private static Requests of(LoadOutcome.Requests r, long measuredNs) {
      Map<String, Long> statuses = new TreeMap<>();
      r.statuses().forEach((of, n) -> statuses.put(of + "xx", n));
      return new Requests(
          r.due(),
          r.answered(),
          Optional.of(r.answered() * NS_PER_S / measuredNs).filter(_ -> measuredNs > 0),
          r.dueFailed(),
          r.dueUnanswered(),
          r.carried(),
          r.unfinished(),
          r.errors().values().stream().mapToLong(n -> n).sum(),
          r.connectsFailed(),
          new TreeMap<>(r.errors()),
          statuses);
    }

    /** How many requests failed that were due before the measure phase. */
    long earlierFailedCount() {
      return allFailedCount - connectFailedCount - failedCount;
    }
  }

  /**
   * A percentile.
   *
   * @param ns nanoseconds; none without a request
   * @param atLeast whether it is longer, for requests that had no answer lie there
   */
  record Time(Optional<Long> ns, boolean atLeast) {}

  /**
   * Connections.
   *
   * @param count of all phases
   * @param byPod by who answered, in words where that is not told
   * @param unknown of how many it is not known, and why
   */
  record Connections(long count, Map<String, Long> byPod, Optional<String> unknown) {
    private static Connections of(LoadOutcome outcome, KernelAnswers kernel) {
      Map<String, Long> byPod =
          outcome.ledger().stream()
              .collect(
                  Collectors.groupingBy(
                      e -> e.pod().isEmpty() ? kernel.words(e) : e.pod(),
                      TreeMap::new,
                      Collectors.counting()));
      return new Connections(outcome.ledger().size(), byPod, kernel.unknown());
    }
  }

  /**
   * The client.
   *
   * @param gcCount how often its Java collected garbage in the measure phase
   * @param gcPauseMs for how long at most each time; 0 where it did not, or that is not known
   * @param shortOfCpu whether it had too little of the CPU, so that times are partly its own
   */
  record Client(long gcCount, long gcPauseMs, boolean shortOfCpu) {}

  /**
   * That of a load.
   *
   * @param kernel what it says of connections whose replies do not tell who sent them
   * @param failOn what the command is to fail for
   */
  static LoadAnswer of(
      LoadOutcome outcome,
      KernelAnswers kernel,
      List<TargetAddress> targets,
      Optional<Path> folder,
      Set<LoadFailure> failOn) {
    Map<Metric, Histogram> all = Recording.sum(outcome.intervals());
    long measuredNs = outcome.times().measuredNs();
    Requests requests = Requests.of(outcome.requests(), measuredNs);
    Client client =
        new Client(
            outcome.cpu().gcCount(),
            outcome.cpu().gcPauseMs(),
            CpuShortage.is(outcome.pacingLagP99Ns(), outcome.cpu(), measuredNs));
    return new LoadAnswer(
        requests,
        times(CensoredTimes.of(all)),
        times(all.get(Metric.SERVICE)),
        times(all.get(Metric.SEND_LAG)),
        times(all.get(Metric.CONNECT)),
        Connections.of(outcome, kernel),
        client,
        targets,
        folder.map(f -> Answered.absolute(f).toString()),
        code(requests, client, failOn));
  }

  private static int code(Requests requests, Client client, Set<LoadFailure> failOn) {
    if (failOn.stream().anyMatch(f -> f.in(requests, client))) {
      return ExitCode.VERDICT;
    }
    return requests.answeredCount() == 0 ? ExitCode.CELLS : ExitCode.OK;
  }

  private static Map<String, Time> times(CensoredTimes found) {
    Map<String, Time> times = new LinkedHashMap<>();
    for (double p : PERCENTILES) {
      CensoredTimes.Time time = found.percentile(p);
      times.put(name(p), new Time(whole(time.ns()), time.atLeast()));
    }
    return times;
  }

  private static Optional<Map<String, Time>> times(Histogram found) {
    if (found.getTotalCount() == 0) {
      return Optional.empty();
    }
    Map<String, Time> times = new LinkedHashMap<>();
    for (double p : PERCENTILES) {
      times.put(name(p), new Time(whole(Quantiles.percentile(found, p)), false));
    }
    return Optional.of(times);
  }

  private static Optional<Long> whole(double ns) {
    return AnswerJson.known(ns).map(Math::round);
  }

  private static String name(double p) {
    return p == 100 ? "max" : "p%.0f".formatted(p);
  }
}
