package dev.conntrail.result.row;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * {@code summary.csv}: one row a cell and repetition.
 *
 * @param podsReachedCount pods with at least one connection, whoever saw it
 */
public record SummaryRow(
    @Inline At at,
    RepetitionStatus status,
    List<Mark> marks,
    Instant startedUtc,
    Requests requests,
    @Inline Rate rate,
    Connections connections,
    long podsReachedCount,
    ResponseTimes response,
    Times service,
    Times sendLag,
    Times pacingLag,
    Times connect,
    Times failure,
    @Inline Cpu cpu,
    CrossCheck crossCheck) {

  /**
   * Requests.
   *
   * @param dueCount due in the measure phase; in a closed loop those answered
   * @param answeredCount of these, answered
   * @param dueFailedCount of those due, failed; empty where that was not recorded
   * @param dueUnansweredCount of those due, without an answer when the drain ended; likewise
   * @param failedCount failed requests and connects, all phases
   * @param unansweredCount without an answer when the drain ended, all phases
   * @param retriedCount how often libraries sent a request again, all phases; whatever became of
   *     it, it is one request
   */
  public record Requests(
      long dueCount,
      long answeredCount,
      Optional<Long> dueFailedCount,
      Optional<Long> dueUnansweredCount,
      long failedCount,
      long unansweredCount,
      long retriedCount) {}

  /**
   * Requests a second.
   *
   * @param targetPerS asked for, the mean of a rate that changes, and what was due where requests
   *     come by chance; not a number in a closed loop
   * @param achievedPerS answered, by the length of the measure phase
   */
  public record Rate(double targetPerS, double achievedPerS) {}

  /**
   * Connections.
   *
   * @param openedCount rows of the ledger
   * @param straysCount replies that named another pod than the connection's first did
   */
  public record Connections(long openedCount, long straysCount) {}

  /**
   * Use of CPUs in the measure phase, per cent; not a number if unknown.
   *
   * @param clientCpuPct of all load processes; 100 is one CPU
   * @param clientRunQueuePct time that their threads were ready to run and waited for a CPU, all of
   *     them together; 100 is one thread that waited all the time
   * @param hostBusyPct of the whole machine; 100 is all CPUs
   * @param hostStealPct taken by the hypervisor
   */
  public record Cpu(
      double clientCpuPct, double clientRunQueuePct, double hostBusyPct, double hostStealPct) {}

  /**
   * What the witnesses say of connections.
   *
   * @param outcome whether they tell the same
   * @param kernel whether the kernel was one of them
   * @param rowsCount connections compared
   * @param disagreementsCount of these, how many differ
   */
  public record CrossCheck(
      Agreement outcome, boolean kernel, long rowsCount, long disagreementsCount) {}

  /** Whether it carries a mark. */
  public boolean marked(Mark mark) {
    return marks.contains(mark);
  }

  /**
   * Whether all of its pods told what they had counted, and ended only where an event was to end
   * them.
   */
  public boolean podsCounted() {
    return !marked(Mark.POD_LOST) && !marked(Mark.POD_UNCOUNTED);
  }
}
