package dev.conntrail.report.section;

import static dev.conntrail.report.block.Numbers.count;
import static dev.conntrail.report.block.Numbers.time;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.record.CensoredTimes;
import dev.conntrail.record.Metric;
import dev.conntrail.report.block.Block;
import dev.conntrail.report.block.CellLink;
import dev.conntrail.report.block.Column;
import dev.conntrail.report.block.Field;
import dev.conntrail.report.finding.ClosedLoopFinding;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.row.ResponseTimes;
import dev.conntrail.result.row.Times;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/** How long requests and connects took, cell by cell. */
final class LatencySection implements Section {
  private static final List<String> WORDS =
      List.of("response time", "service time", "send lag", "connect", "time to fail");
  private static final List<Column> COLUMNS =
      List.of(
          Column.figures("#"),
          Column.words("cell"),
          Column.figures("requests").explained("due in the measure phase"),
          Column.figures("no answer")
              .explained(
                  "of these, failed or unanswered when the drain ended: they took longer than the time that was waited for them, and percentiles that reach into them are lower bounds, marked >"),
          Column.figures("p50"),
          Column.figures("p90"),
          Column.figures("p99"),
          Column.figures("p99.9"),
          Column.figures("longest"),
          Column.figures("service p50").explained("median service time of answered requests"),
          Column.figures("send lag p99").explained("99th percentile of the send lag"),
          Column.figures("connect p50").explained("of connects that succeeded"),
          Column.figures("connect p99").explained("of connects that succeeded"),
          Column.figures("fail p50").explained("median time to fail"));

  @Override
  public String id() {
    return "latency";
  }

  @Override
  public String title() {
    return "Latency";
  }

  @Override
  public List<Block> blocks(Analysis run) {
    List<CellResults> cells =
        run.results().measured().stream()
            .filter(c -> c.latencies().values().stream().anyMatch(h -> h.getTotalCount() > 0))
            .toList();
    if (cells.isEmpty()) {
      return List.of();
    }
    List<Block> blocks = new ArrayList<>();
    blocks.add(new Block.Terms(WORDS));
    ClosedLoopFinding.note(run).ifPresent(note -> blocks.add(new Block.Prose(note)));
    blocks.add(
        new Block.Table(
            "latency-table",
            "Response time by cell, p50 to longest, and what it is made of: percentiles of all"
                + " repetitions together, from histograms; empty where fewer than five values lie"
                + " beyond a percentile",
            COLUMNS,
            cells.stream().map(c -> new Block.Row(fields(c), Optional.empty())).toList(),
            true));
    blocks.add(new Block.Multiples(LatencyCharts.of(cells)));
    return blocks;
  }

  private static List<Field> fields(CellResults cell) {
    ResponseTimes response = ResponseTimes.of(CensoredTimes.of(cell.latencies()));
    List<Field> fields = new ArrayList<>();
    fields.add(
        Field.of(Integer.toString(cell.number()), cell.number()).withLink(CellLink.to(cell)));
    fields.add(Field.of(cell.title()));
    long lost = response.censoredCount().orElse(0L);
    fields.add(Field.of(count(response.count()), (double) response.count()));
    fields.add(Field.of(lost == 0 ? "" : count(lost), (double) lost));
    fields.add(field(response.p50Ns(), response.atLeast(50)));
    fields.add(field(response.p90Ns(), response.atLeast(90)));
    fields.add(field(response.p99Ns(), response.atLeast(99)));
    fields.add(field(response.p999Ns(), response.atLeast(99.9)));
    fields.add(field(response.maxNs(), lost > 0));
    fields.add(percentile(cell.latencies().get(Metric.SERVICE), 50));
    fields.add(
        cell.cell().load().closed()
            ? Field.of("")
            : percentile(cell.latencies().get(Metric.SEND_LAG), 99));
    fields.add(percentile(cell.latencies().get(Metric.CONNECT), 50));
    fields.add(percentile(cell.latencies().get(Metric.CONNECT), 99));
    fields.add(percentile(cell.latencies().get(Metric.FAILURE), 50));
    return fields;
  }

  private static Field percentile(Histogram h, double percentile) {
    return field(Times.percentile(h, percentile), false);
  }

  private static Field field(double ns, boolean atLeast) {
    return Double.isFinite(ns) ? Field.of(time(ns, atLeast), ns) : Field.of("");
  }
}
