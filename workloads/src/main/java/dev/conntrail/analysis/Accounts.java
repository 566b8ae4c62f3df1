package dev.conntrail.analysis;

import dev.conntrail.record.Death;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.DistributionRow;
import dev.conntrail.result.row.DueRow;
import dev.conntrail.result.row.RequestsDue;
import dev.conntrail.result.row.ResponseTimes;
import dev.conntrail.result.row.SummaryRow;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Whether what a repetition counted adds up, whatever happened to its pods: each request that was
 * due was answered, failed or had no answer at the end; each answer came on a connection of the
 * ledger; and each of these was closed by somebody or is open, and landed on a pod or on none.
 */
public final class Accounts {
  private Accounts() {}

  /**
   * Whether all of it adds up.
   *
   * @param pinned whether each connection leads to one pod, and so landed on one or on none
   * @param due what became of requests by when they were due, so that it adds up around any event
   * @param response times of those that were due, answered or not
   * @param pods what each got, of the same ledger
   */
  public static boolean addUp(
      boolean pinned,
      SummaryRow.Requests requests,
      List<DueRow> due,
      ResponseTimes response,
      List<ConnectionRow> ledger,
      List<DistributionRow> pods) {
    long failed = requests.dueFailedCount().orElse(0L);
    long unanswered = requests.dueUnansweredCount().orElse(0L);
    long onConnections = ledger.stream().mapToLong(ConnectionRow::measuredRequestsCount).sum();
    return requests.dueCount() == requests.answeredCount() + failed + unanswered
        && failed <= requests.failedCount()
        && unanswered <= requests.unansweredCount()
        && response.censoredCount().orElse(0L) == failed + unanswered
        && requests.answeredCount() == onConnections
        && due.stream().allMatch(DueRow::addsUp)
        && DueRow.sum(due).equals(whole(requests))
        && ledger.size() == ended(ledger)
        && (!pinned || ledger.size() == placed(ledger, pods));
  }

  private static RequestsDue whole(SummaryRow.Requests requests) {
    return new RequestsDue(
        Optional.of(requests.dueCount()),
        Optional.of(requests.answeredCount()),
        requests.dueFailedCount(),
        requests.dueUnansweredCount());
  }

  /** By whom they were closed, and those that are open. */
  private static long ended(List<ConnectionRow> ledger) {
    Map<Death, Long> by =
        ledger.stream()
            .filter(c -> c.death() == Death.OPEN == Double.isNaN(c.livedMs()))
            .collect(Collectors.groupingBy(ConnectionRow::death, Collectors.counting()));
    return Arrays.stream(Death.values()).mapToLong(d -> by.getOrDefault(d, 0L)).sum();
  }

  /** On pods, and where nobody knows. */
  private static long placed(List<ConnectionRow> ledger, List<DistributionRow> pods) {
    return pods.stream().mapToLong(DistributionRow::connectionsCount).sum()
        + ledger.stream().filter(c -> c.pod().isEmpty()).count();
  }
}
