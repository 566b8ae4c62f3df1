package dev.conntrail.compare;

import dev.conntrail.record.Death;
import dev.conntrail.result.Manifest;
import dev.conntrail.result.RepetitionResults;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.SummaryRow;
import dev.conntrail.result.row.Unit;
import dev.conntrail.spec.Named;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What is counted of both sides, as shares of something. */
public enum Counted implements Named {
  /** Connections, by the pod that they landed on. */
  POD_SHARES("pod-shares", "connections by pod"),
  /** Pods that were reached, of all: fewer differ than independent draws would. */
  PODS_REACHED("pods-reached", "pods reached"),
  /** Connections that ended before their client wanted it, of all. */
  BROKEN("broken-connections", "broken connections"),
  /**
   * Requests that failed or had no answer, of all: they come in clumps, and are tested by the
   * clump, which is at most the failures of a repetition over its broken connections.
   */
  ERRORS("errors", "requests without an answer");

  private static final int PLACED_BY_ALL_WITNESSES = 2;

  private final String word;
  private final String title;

  Counted(String word, String title) {
    this.word = word;
    this.title = title;
  }

  @Override
  public String word() {
    return word;
  }

  /**
   * What two runs count alike: the first layout did not place connections without a reply, so that
   * it knows of fewer pods.
   */
  static Set<Counted> alike(Manifest a, Manifest b) {
    boolean other = a.schema() < PLACED_BY_ALL_WITNESSES != b.schema() < PLACED_BY_ALL_WITNESSES;
    return other ? EnumSet.of(BROKEN, ERRORS) : EnumSet.allOf(Counted.class);
  }

  /** As people say it. */
  public String title() {
    return title;
  }

  /**
   * The counts of a repetition, one for each place that something can be counted in.
   *
   * @param ledger its connections
   */
  long[] of(RepetitionResults repetition, List<ConnectionRow> ledger) {
    SummaryRow s = repetition.summary();
    return switch (this) {
      case POD_SHARES -> repetition.counts(Unit.CONNECTIONS);
      case PODS_REACHED -> parts(s.podsReachedCount(), repetition.pods().size());
      case BROKEN -> parts(broken(ledger), ledger.size());
      case ERRORS ->
          parts(
              failed(s),
              Math.max(s.requests().dueCount(), s.requests().answeredCount() + failed(s)));
    };
  }

  private static long[] parts(long some, long all) {
    return new long[] {some, Math.max(0, all - some)};
  }

  /** How many of what was counted may have had one cause, at most; 1 where each has its own. */
  double clump(RepetitionResults repetition, List<ConnectionRow> ledger) {
    double failed = failed(repetition.summary());
    return this == ERRORS ? Math.max(1, failed / Math.max(1, broken(ledger))) : 1;
  }

  private static long broken(List<ConnectionRow> ledger) {
    return ledger.stream().map(ConnectionRow::death).filter(Death::broken).count();
  }

  /** Requests that failed or had no answer. */
  static long failed(SummaryRow s) {
    return s.requests().failedCount() + s.requests().unansweredCount();
  }
}
