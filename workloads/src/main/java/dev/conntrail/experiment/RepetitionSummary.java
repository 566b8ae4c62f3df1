package dev.conntrail.experiment;

import dev.conntrail.analysis.Accounts;
import dev.conntrail.analysis.CrossCheck;
import dev.conntrail.analysis.Marks;
import dev.conntrail.record.CensoredTimes;
import dev.conntrail.record.Metric;
import dev.conntrail.result.LoadTotals;
import dev.conntrail.result.row.Agreement;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.DistributionRow;
import dev.conntrail.result.row.DueRow;
import dev.conntrail.result.row.Mark;
import dev.conntrail.result.row.RepetitionStatus;
import dev.conntrail.result.row.ResponseTimes;
import dev.conntrail.result.row.SummaryRow;
import dev.conntrail.result.row.Times;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.Cure;
import dev.conntrail.spec.LoadModel;
import dev.conntrail.spec.Pooling;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.HdrHistogram.Histogram;

/** Sums one repetition up in a row. */
final class RepetitionSummary {
  private static final double NS_PER_S = 1e9;
  private static final Histogram NOTHING = new Histogram(1);

  private final Witnessed seen;
  private final List<LoadTotals> totals;
  private final List<DueRow> due;
  private final List<ConnectionRow> ledger;
  private final List<DistributionRow> distribution;
  private final CrossCheck.Outcome check;
  private final boolean proxyCountsAgree;

  RepetitionSummary(
      Witnessed seen,
      ClientRows load,
      List<ConnectionRow> ledger,
      List<DistributionRow> distribution,
      CrossCheck.Outcome check,
      boolean proxyCountsAgree) {
    this.seen = seen;
    this.totals = load.totals();
    this.due = load.due();
    this.ledger = ledger;
    this.distribution = distribution;
    this.check = check;
    this.proxyCountsAgree = proxyCountsAgree;
  }

  private long sum(ToLongFunction<LoadTotals> figure) {
    return totals.stream().mapToLong(figure).sum();
  }

  private double most(ToDoubleFunction<LoadTotals> figure) {
    return totals.stream().mapToDouble(figure).max().orElse(Double.NaN);
  }

  private double total(ToDoubleFunction<LoadTotals> figure) {
    return totals.stream().mapToDouble(figure).sum();
  }

  SummaryRow row(Map<Metric, Histogram> latencies) {
    double seconds =
        totals.stream().mapToDouble(LoadTotals::measuredNs).average().orElse(0) / NS_PER_S;
    Histogram lag = open() ? latencies.get(Metric.SEND_LAG) : NOTHING;
    SummaryRow.Requests requests = requests();
    SummaryRow.Rate rate =
        new SummaryRow.Rate(target(requests, seconds), requests.answeredCount() / seconds);
    SummaryRow.Connections connections =
        new SummaryRow.Connections(
            ledger.size(), ledger.stream().mapToLong(ConnectionRow::straysCount).sum());
    SummaryRow.Cpu cpu =
        new SummaryRow.Cpu(
            100 * total(t -> t.cpu().processNs()) / (seconds * NS_PER_S),
            100 * total(t -> t.cpu().runQueueNs()) / (seconds * NS_PER_S),
            most(t -> t.cpu().hostBusyPct()),
            most(t -> t.cpu().hostStealPct()));
    ResponseTimes response = ResponseTimes.of(CensoredTimes.of(latencies));
    List<Mark> marks = Marks.of(evidence(requests, response, rate, connections, cpu));
    return new SummaryRow(
        seen.at(),
        early()
            ? RepetitionStatus.PARTIAL
            : marks.isEmpty() ? RepetitionStatus.OK : RepetitionStatus.MARKED,
        marks,
        Instant.ofEpochMilli(totals.getFirst().startMs()),
        requests,
        rate,
        connections,
        distribution.stream().filter(d -> d.connectionsCount() > 0).count(),
        response,
        Times.of(latencies.get(Metric.SERVICE)),
        Times.of(lag),
        Times.of(open() ? latencies.get(Metric.PACING_LAG) : NOTHING),
        Times.of(latencies.get(Metric.CONNECT)),
        Times.of(latencies.get(Metric.FAILURE)),
        cpu,
        crossCheck());
  }

  private SummaryRow.Requests requests() {
    return new SummaryRow.Requests(
        sum(LoadTotals::due),
        sum(LoadTotals::answered),
        Optional.of(sum(LoadTotals::dueFailed)),
        Optional.of(sum(LoadTotals::dueUnanswered)),
        sum(LoadTotals::errors),
        sum(LoadTotals::unfinished),
        sum(LoadTotals::retried));
  }

  private SummaryRow.CrossCheck crossCheck() {
    return new SummaryRow.CrossCheck(
        check.disagreements().isEmpty() ? Agreement.AGREE : Agreement.DIFFER,
        seen.kernel().isPresent(),
        check.compared(),
        check.disagreements().size());
  }

  private boolean open() {
    return !seen.cell().load().closed();
  }

  /** The mean rate asked for; where requests come by chance, what that has made due. */
  private double target(SummaryRow.Requests requests, double seconds) {
    return switch (seen.cell().load()) {
      case LoadModel.Closed() -> Double.NaN;
      case LoadModel.Open rate ->
          switch (seen.cell().arrivals()) {
            case REGULAR -> rate.mean();
            case POISSON -> requests.dueCount() / seconds;
          };
    };
  }

  private boolean early() {
    return totals.stream().anyMatch(LoadTotals::drainedEarly);
  }

  private Marks.Evidence evidence(
      SummaryRow.Requests requests,
      ResponseTimes response,
      SummaryRow.Rate rate,
      SummaryRow.Connections connections,
      SummaryRow.Cpu cpu) {
    Cell cell = seen.cell();
    boolean fixed =
        cell.protocol().longLived()
            && cell.pooling() == Pooling.DEDICATED
            && cell.cure().equals(Cure.NONE);
    return new Marks.Evidence(
        cell.route().pins(),
        requests,
        rate,
        connections,
        cpu,
        totals.stream().anyMatch(LoadTotals::shortOfCpu),
        fixed && !cell.provoking() ? cell.connections() : 0,
        cell.provoking(),
        check.disagreements().size(),
        early(),
        seen.load().lost().size(),
        seen.lostPods(),
        seen.uncountedPods(),
        seen.load().startSpreadMs(),
        seen.cutShort(),
        proxyCountsAgree,
        Accounts.addUp(cell.route().pins(), requests, due, response, ledger, distribution));
  }
}
