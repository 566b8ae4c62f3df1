package dev.conntrail.report.section;

import static dev.conntrail.report.block.Numbers.number;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Block;
import dev.conntrail.report.block.CellLink;
import dev.conntrail.report.block.Column;
import dev.conntrail.report.block.Field;
import dev.conntrail.report.finding.OtherTestbed;
import dev.conntrail.report.finding.OtherTestbed.Pair;
import dev.conntrail.report.finding.Repeated;
import dev.conntrail.report.finding.VerdictText;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.row.SummaryRow;
import dev.conntrail.result.row.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** The same experiment on another testbed, cell by cell. */
final class OtherTestbedSection implements Section {
  @Override
  public String id() {
    return "beside";
  }

  @Override
  public String title() {
    return "Beside another testbed";
  }

  @Override
  public List<Block> blocks(Analysis run) {
    return OtherTestbed.of(run).map(OtherTestbedSection::blocks).orElse(List.of());
  }

  private static List<Block> blocks(OtherTestbed other) {
    String here = other.pairs().getFirst().here().testbed().word();
    String there = other.pairs().getFirst().there().testbed().word();
    List<Column> columns = new ArrayList<>(List.of(Column.figures("#"), Column.words("cell")));
    Stream.of(here, there).map(t -> Column.words("verdict, " + t)).forEach(columns::add);
    for (String figure : List.of("idle pods", "busiest / mean", "response", "connect")) {
      Stream.of(here, there).map(t -> Column.figures(figure + ", " + t)).forEach(columns::add);
    }
    return List.of(
        new Block.Prose(
            "The other run is `"
                + other.name()
                + "`: the newest whole run of the same experiment on "
                + there
                + ". Two draws of the same rules differ as chance has it; times are each testbed's"
                + " own."),
        Block.Table.of(
            "beside-table",
            "Each cell that both runs have; times are medians, with their range over repetitions",
            columns,
            other.pairs().stream().map(p -> fields(other, p)).toList()));
  }

  private static List<Field> fields(OtherTestbed other, Pair pair) {
    List<Field> fields = new ArrayList<>();
    fields.add(Field.of(Integer.toString(pair.here().number())).withLink(CellLink.to(pair.here())));
    fields.add(Field.of(pair.here().title()));
    fields.add(verdict(other.here(), pair.here()));
    fields.add(verdict(other.there(), pair.there()));
    fields.add(idle(other.here(), pair.here()));
    fields.add(idle(other.there(), pair.there()));
    fields.add(busiest(other.here(), pair.here()));
    fields.add(busiest(other.there(), pair.there()));
    fields.add(time(pair.here(), s -> s.response().exactP50Ns()));
    fields.add(time(pair.there(), s -> s.response().exactP50Ns()));
    fields.add(time(pair.here(), s -> s.connect().p50Ns()));
    fields.add(time(pair.there(), s -> s.connect().p50Ns()));
    return fields;
  }

  private static Field verdict(Analysis run, CellResults cell) {
    return run.verdict(cell, Unit.CONNECTIONS)
        .map(v -> Field.of(VerdictText.brief(v)).withTone(VerdictText.tone(v)))
        .orElse(Field.of(""));
  }

  private static Field idle(Analysis run, CellResults cell) {
    return run.verdict(cell, Unit.CONNECTIONS)
        .map(v -> Field.of(number(v.idle().meanCount())))
        .orElse(Field.of(""));
  }

  private static Field busiest(Analysis run, CellResults cell) {
    return run.verdict(cell, Unit.REQUESTS)
        .filter(v -> Double.isFinite(v.maxOverMean()))
        .map(v -> Field.of(number(v.maxOverMean())))
        .orElse(Field.of(""));
  }

  private static Field time(CellResults cell, ToDoubleFunction<SummaryRow> metric) {
    return Field.of(Repeated.of(cell, metric).map(Repeated::text).orElse(""));
  }
}
