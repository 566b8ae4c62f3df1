package dev.conntrail.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.record.Death;
import dev.conntrail.result.row.At;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.DistributionRow;
import dev.conntrail.result.row.DueRow;
import dev.conntrail.result.row.ResponseTimes;
import dev.conntrail.result.row.SummaryRow;
import dev.conntrail.result.row.Times;
import dev.conntrail.result.row.Witness;
import dev.conntrail.spec.CellId;
import java.util.List;
import java.util.Optional;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

/** Ten requests were due, three of which were given up; a connection stayed, one was reset. */
class AccountsTest {
  private static final At AT = new At("run", new CellId("0a1b2c3d"), 1);
  private static final ConnectionRow STAYED = connection(1, "pod-1", 500, Death.CLIENT, 4);
  private static final ConnectionRow RESET = connection(2, "pod-2", 90, Death.RESET, 3);
  private static final ConnectionRow NOWHERE = connection(3, null, Double.NaN, Death.OPEN, 0);
  private static final List<ConnectionRow> LEDGER = List.of(STAYED, RESET, NOWHERE);
  private static final List<DistributionRow> PODS = List.of(pod(1, 1), pod(2, 1));

  private static ConnectionRow connection(
      int number, String pod, double livedMs, Death death, long answered) {
    return new ConnectionRow(
        AT,
        "client-1",
        Optional.empty(),
        number,
        "10.244.200.1",
        number,
        "10.96.0.10",
        80,
        Optional.empty(),
        Optional.ofNullable(pod),
        Optional.empty(),
        Optional.of(Witness.REPLY),
        -5,
        1000,
        livedMs,
        80,
        79,
        death,
        answered,
        answered,
        0,
        Optional.empty());
  }

  private static DistributionRow pod(int index, long connections) {
    return new DistributionRow(
        AT, index, "pod-" + index, "node-1", connections, 3, Times.of(new Histogram(1)));
  }

  private static boolean addUp(
      long due,
      long answered,
      long failed,
      long unanswered,
      List<ConnectionRow> ledger,
      List<DistributionRow> pods) {
    return addUp(
        due,
        answered,
        failed,
        unanswered,
        List.of(new DueRow(AT, 900, due, answered, failed, unanswered)),
        ledger,
        pods);
  }

  private static boolean addUp(
      long due,
      long answered,
      long failed,
      long unanswered,
      List<DueRow> byDue,
      List<ConnectionRow> ledger,
      List<DistributionRow> pods) {
    return Accounts.addUp(
        true,
        new SummaryRow.Requests(
            due, answered, Optional.of(failed), Optional.of(unanswered), 2, 1, 0),
        byDue,
        new ResponseTimes(due, Optional.of(3L), 70, 1, 1, 1, 1, 1, 1),
        ledger,
        pods);
  }

  /** Behind a proxy a pod's connections are the proxy's. */
  @Test
  void connectionsThatLeadToNoPodAreNotCountedByPod() {
    SummaryRow.Requests requests =
        new SummaryRow.Requests(10, 7, Optional.of(2L), Optional.of(1L), 2, 1, 0);
    List<DueRow> byDue = List.of(new DueRow(AT, 900, 10, 7, 2, 1));
    ResponseTimes response = new ResponseTimes(10, Optional.of(3L), 70, 1, 1, 1, 1, 1, 1);
    assertThat(Accounts.addUp(false, requests, byDue, response, LEDGER, List.of())).isTrue();
    assertThat(Accounts.addUp(true, requests, byDue, response, LEDGER, List.of())).isFalse();
  }

  @Test
  void whatIsWholeAddsUp() {
    assertThat(addUp(10, 7, 2, 1, LEDGER, PODS)).isTrue();
  }

  @Test
  void aRequestThatNobodyKnowsOfIsFound() {
    assertThat(addUp(11, 7, 2, 1, LEDGER, PODS)).isFalse();
    assertThat(addUp(10, 7, 1, 1, LEDGER, PODS)).isFalse();
  }

  private static boolean addUpByDue(DueRow... bins) {
    return addUp(10, 7, 2, 1, List.of(bins), LEDGER, PODS);
  }

  /** Around an event as in all of the phase: windows are made of these bins. */
  @Test
  void eachBinOfWhatWasDueAddsUp() {
    DueRow before = new DueRow(AT, 900, 4, 4, 0, 0);
    assertThat(addUpByDue(before, new DueRow(AT, 1000, 6, 3, 2, 1))).isTrue();
    assertThat(addUpByDue(before, new DueRow(AT, 1000, 5, 3, 2, 1)))
        .as("an end of nothing")
        .isFalse();
    assertThat(addUpByDue(before, new DueRow(AT, 1000, 5, 3, 1, 1)))
        .as("the schedule has one more")
        .isFalse();
    assertThat(addUpByDue(new DueRow(AT, 900, 5, 4, 0, 0), new DueRow(AT, 1000, 5, 3, 2, 1)))
        .as("one is missing in one bin, and too much in the next")
        .isFalse();
    assertThat(addUpByDue(before, new DueRow(AT, 1000, 6, 3, 1, 2)))
        .as("failed by one count, unanswered by the other")
        .isFalse();
  }

  @Test
  void anAnswerOnNoConnectionIsFound() {
    assertThat(addUp(11, 8, 2, 1, LEDGER, PODS)).isFalse();
  }

  /** Its pod's process was killed and took its counts along: the client still has its own. */
  @Test
  void aConnectionThatIsMissingIsFound() {
    assertThat(addUp(10, 7, 2, 1, List.of(STAYED, NOWHERE), List.of(pod(1, 1), pod(2, 0))))
        .isFalse();
    assertThat(addUp(10, 7, 2, 1, LEDGER, List.of(pod(1, 1), pod(2, 0)))).isFalse();
    assertThat(addUp(10, 7, 2, 1, List.of(STAYED, RESET, RESET), PODS)).isFalse();
  }

  @Test
  void aConnectionThatEndedAndWasClosedByNobodyIsFound() {
    ConnectionRow ended = connection(3, null, 20, Death.OPEN, 0);
    assertThat(addUp(10, 7, 2, 1, List.of(STAYED, RESET, ended), PODS)).isFalse();
  }
}
