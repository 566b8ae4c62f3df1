package dev.conntrail.analysis.middle;

import dev.conntrail.result.RepetitionResults;
import dev.conntrail.result.Tables;
import dev.conntrail.result.row.At;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.CounterRow;
import dev.conntrail.result.row.EchoCount;
import dev.conntrail.result.row.EchoRow;
import dev.conntrail.result.row.ErrorRow;
import dev.conntrail.result.row.EventRow;
import dev.conntrail.result.row.EventStep;
import dev.conntrail.result.row.Mark;
import dev.conntrail.result.row.ProxiedRow;
import dev.conntrail.result.row.SummaryRow;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What everybody saw of a repetition whose route leads through proxies.
 *
 * @param at which
 * @param streams whether what is one request for a proxy carries many
 * @param counters proxies' own, among others
 * @param proxied both legs, by the proxies' logs
 * @param ledger of the clients
 * @param echo what pods counted
 * @param unanswered times that clients sent a request, of all phases, and have no reply to
 * @param struck pods that were made, ended, or made worse meanwhile
 * @param lost whether a client or a pod took its counts with it
 */
public record SeenInMiddle(
    At at,
    boolean streams,
    List<CounterRow> counters,
    List<ProxiedRow> proxied,
    List<ConnectionRow> ledger,
    List<EchoCount> echo,
    long unanswered,
    Set<String> struck,
    boolean lost) {

  /**
   * Of a folder.
   *
   * @param ledger of the repetition
   */
  static SeenInMiddle of(RepetitionResults r, boolean streams, List<ConnectionRow> ledger) {
    SummaryRow summary = r.summary();
    return new SeenInMiddle(
        summary.at(),
        streams,
        r.rows(Tables.COUNTERS),
        r.rows(Tables.PROXIED),
        ledger,
        r.rows(Tables.ECHO).stream().map(EchoRow::seen).toList(),
        summary.requests().unansweredCount()
            + summary.requests().retriedCount()
            + r.rows(Tables.ERRORS).stream().mapToLong(ErrorRow::requestsCount).sum(),
        struck(r.events()),
        !summary.podsCounted() || summary.marked(Mark.LOAD_LOST));
  }

  /** Pods that steps of events made, ended, or made worse. */
  public static Set<String> struck(List<EventRow> events) {
    return events.stream()
        .filter(e -> e.step().strikes() || e.step() == EventStep.MADE)
        .flatMap(e -> e.pods().stream())
        .collect(Collectors.toSet());
  }
}
