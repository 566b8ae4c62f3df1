package dev.conntrail.report.section;

import static dev.conntrail.report.block.Numbers.count;
import static dev.conntrail.report.block.Numbers.number;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Block;
import dev.conntrail.report.block.CellLink;
import dev.conntrail.report.block.Column;
import dev.conntrail.report.block.Field;
import dev.conntrail.report.block.Tone;
import dev.conntrail.result.row.LegsRow;
import java.util.List;
import java.util.Optional;

/** What goes over both legs of a way through proxies, and whether these count the same. */
final class MiddleSection implements Section {
  private static final List<Column> COLUMNS =
      List.of(
          Column.words("cell"),
          Column.figures("to proxies")
              .explained(
                  "connections of clients / requests on them, of all phases, by the proxies' logs;"
                      + " what became a WebSocket, and a stream of gRPC, is one request"),
          Column.figures("each").explained("requests for each of these connections"),
          Column.figures("busiest proxy")
              .explained(
                  "connections / requests of the busiest proxy over the mean, mean over"
                      + " repetitions; empty where there is one proxy"),
          Column.figures("to pods").explained("the same of connections of proxies to pods"),
          Column.figures("each").explained("requests for each of these connections"),
          Column.figures("busiest pod")
              .explained("the same of pods; empty where something happens to some of them"),
          Column.figures("again")
              .explained("requests that proxies tried again; empty where they did not say"),
          Column.figures("refused")
              .explained("connections to pods that came to be none; empty likewise"),
          Column.figures("no answer").explained("requests to pods whose answer never came"),
          Column.words("own counters")
              .explained("whether proxies' own counters agree with their logs, clients and pods"));

  @Override
  public String id() {
    return "middle";
  }

  @Override
  public String title() {
    return "Through the layer in the middle";
  }

  @Override
  public List<Block> blocks(Analysis run) {
    List<LegsRow> legs = run.middle().legs();
    if (legs.isEmpty()) {
      return List.of();
    }
    return List.of(
        new Block.Table(
            "middle-legs",
            "Both legs of each way through proxies: all repetitions of a cell together",
            COLUMNS,
            legs.stream().map(l -> new Block.Row(fields(run, l), Optional.empty())).toList(),
            legs.size() > 1));
  }

  private static List<Field> fields(Analysis run, LegsRow row) {
    Optional<CellLink> cell = run.results().cell(row.cellId()).map(CellLink::to);
    return List.of(
        cell.map(c -> Field.of(c.title()).withLink(c)).orElse(Field.of("")),
        sums(row.toProxy()),
        each(row.toProxy()),
        busiest(row.toProxy()),
        sums(row.toPod()),
        each(row.toPod()),
        busiest(row.toPod()),
        known(row.retriedCount()),
        known(row.refusedCount()),
        Field.of(count(row.unansweredCount()), (double) row.unansweredCount()),
        agreement(row));
  }

  private static Field sums(LegsRow.Leg leg) {
    return Field.of(
        count(leg.connectionsCount()) + " / " + count(leg.requestsCount()),
        (double) leg.connectionsCount());
  }

  private static Field each(LegsRow.Leg leg) {
    return Double.isNaN(leg.requestsPerConnection())
        ? Field.of("")
        : Field.of(number(leg.requestsPerConnection()), leg.requestsPerConnection());
  }

  private static Field busiest(LegsRow.Leg leg) {
    return Double.isNaN(leg.connectionsMaxOverMean()) || Double.isNaN(leg.requestsMaxOverMean())
        ? Field.of("")
        : Field.of(
            number(leg.connectionsMaxOverMean()) + " / " + number(leg.requestsMaxOverMean()),
            leg.requestsMaxOverMean());
  }

  private static Field known(double times) {
    return Double.isNaN(times) ? Field.of("") : Field.of(count(Math.round(times)), times);
  }

  private static Field agreement(LegsRow row) {
    if (row.comparedCount() == 0) {
      return Field.of("not compared");
    }
    return row.differCount() == 0
        ? Field.of("agree").withTone(Tone.GOOD)
        : Field.of("differ in " + count(row.differCount()) + " of " + count(row.comparedCount()))
            .withTone(Tone.BAD);
  }
}
