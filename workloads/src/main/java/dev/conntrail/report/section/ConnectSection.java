package dev.conntrail.report.section;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.record.Metric;
import dev.conntrail.report.block.Block;
import dev.conntrail.report.block.CellLink;
import dev.conntrail.report.block.Chart;
import dev.conntrail.report.block.Column;
import dev.conntrail.report.block.Field;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.chart.ChartTemplate;
import dev.conntrail.report.finding.Repeated;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.row.Times;
import dev.conntrail.spec.Pooling;
import dev.conntrail.spec.TestbedKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What opening a connection costs beside a request on one that is open. */
final class ConnectSection implements Section {
  private static final double NS_PER_US = 1e3;
  private static final double DIGITS = 10;
  private static final int WIDTH = 760;
  private static final int MARGINS = 90;
  private static final int ROW = 30;
  private static final List<String> NAMES = List.of("connect", "request");
  private static final List<Column> COLUMNS =
      List.of(
          Column.figures("#"),
          Column.words("cell"),
          Column.figures("connect, median")
              .explained("of the repetitions' medians, and from the shortest to the longest"),
          Column.figures("request, median")
              .explained("service time, likewise; of short-lived connections the connect included"),
          Column.figures("connect / request"));

  @Override
  public String id() {
    return "connect";
  }

  @Override
  public String title() {
    return "Connect against established";
  }

  @Override
  public List<Block> blocks(Analysis run) {
    Map<TestbedKind, List<CellResults>> kernels = new LinkedHashMap<>();
    run.results().measured().stream()
        .filter(ConnectSection::shown)
        .forEach(c -> kernels.computeIfAbsent(c.testbed(), _ -> new ArrayList<>()).add(c));
    List<Block> blocks = new ArrayList<>();
    kernels.forEach((testbed, cells) -> {
      blocks.add(new Block.Figure(chart(run, testbed, cells)));
      blocks.add(
          Block.Table.of(
              "connect-" + testbed.word() + "-table",
              "Connect beside request, "
                  + testbed.word()
                  + ": medians, with their range over repetitions",
              COLUMNS,
              cells.stream().map(ConnectSection::fields).toList()));
    });
    return blocks;
  }

  private static boolean shown(CellResults c) {
    return c.cell().plain()
        && c.cell().pooling() == Pooling.DEDICATED
        && !grpc(c)
        && c.latencies().get(Metric.CONNECT).getTotalCount() > 0
        && c.latencies().get(Metric.SERVICE).getTotalCount() > 0;
  }

  /** gRPC's connect waits for the client's event loop: it is no handshake. */
  private static boolean grpc(CellResults c) {
    return c.cell().protocol().grpc();
  }

  private static Chart chart(Analysis run, TestbedKind testbed, List<CellResults> cells) {
    ChartTemplate template = ChartTemplate.of("connect");
    template.data(
        List.of("cell", NAMES.get(0), NAMES.get(1)),
        cells.stream()
            .map(c -> List.<Object>of(c.title(), us(c, Metric.CONNECT), us(c, Metric.SERVICE)))
            .toList());
    template.repeatSeries(NAMES.stream().map(n -> Map.<String, Object>of("name", n)).toList());
    return template.chart(
        "connect-" + testbed.word(),
        "Connecting against a request, " + testbed.word(),
        "Median time of the TCP handshake beside the median service time of a request; for"
            + " short-lived connections the request includes the connect."
            + (run.results().measured().stream().anyMatch(ConnectSection::grpc)
                ? " gRPC is left out: its connect includes waiting for the event loop."
                : ""),
        WIDTH,
        MARGINS + ROW * cells.size(),
        NAMES);
  }

  private static double us(CellResults cell, Metric metric) {
    double ns = Times.percentile(cell.latencies().get(metric), 50);
    return Math.round(ns / NS_PER_US * DIGITS) / DIGITS;
  }

  private static List<Field> fields(CellResults cell) {
    Optional<Repeated> connect = Repeated.of(cell, s -> s.connect().p50Ns());
    Optional<Repeated> request = Repeated.of(cell, s -> s.service().p50Ns());
    double ratio =
        connect.isPresent() && request.isPresent()
            ? connect.get().median() / request.get().median()
            : Double.NaN;
    return List.of(
        Field.of(Integer.toString(cell.number()), cell.number()).withLink(CellLink.to(cell)),
        Field.of(cell.title()),
        Field.of(connect.map(Repeated::text).orElse("")),
        Field.of(request.map(Repeated::text).orElse("")),
        Field.of(Double.isFinite(ratio) ? Numbers.number(ratio) : ""));
  }
}
