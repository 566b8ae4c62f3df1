package dev.conntrail.report.section;

import dev.conntrail.report.block.Block;
import dev.conntrail.report.block.Chart;
import dev.conntrail.report.block.Column;
import dev.conntrail.report.block.Field;
import java.util.List;
import java.util.stream.Stream;

/** Blocks of a section, as a reader has them. */
final class Read {
  private Read() {}

  /** All blocks, those that are folded too. */
  static Stream<Block> all(List<Block> blocks) {
    return blocks.stream()
        .flatMap(b ->
            b instanceof Block.Folded f
                ? Stream.concat(Stream.of(b), all(f.blocks()))
                : Stream.of(b));
  }

  /** A table by its id. */
  static Block.Table table(List<Block> blocks, String id) {
    return all(blocks)
        .filter(Block.Table.class::isInstance)
        .map(Block.Table.class::cast)
        .filter(t -> t.id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  /** What the rows of a table say. */
  static List<List<String>> rows(Block.Table table) {
    return table.rows().stream().map(r -> r.fields().stream().map(Field::text).toList()).toList();
  }

  /** What a column says, from top to bottom. */
  static List<String> column(Block.Table table, String name) {
    int place = table.columns().stream().map(Column::name).toList().indexOf(name);
    return rows(table).stream().map(r -> r.get(place)).toList();
  }

  /** Paragraphs and items of lists. */
  static List<String> prose(List<Block> blocks) {
    return all(blocks)
        .flatMap(b ->
            switch (b) {
              case Block.Prose p -> Stream.of(p.text());
              case Block.Bullets l -> l.items().stream();
              default -> Stream.<String>empty();
            })
        .toList();
  }

  /** Charts. */
  static List<Chart> charts(List<Block> blocks) {
    return all(blocks)
        .flatMap(b ->
            switch (b) {
              case Block.Figure f -> Stream.of(f.chart());
              case Block.Multiples m -> m.charts().stream();
              default -> Stream.<Chart>empty();
            })
        .toList();
  }

  /** The data of a chart. */
  @SuppressWarnings("unchecked") // an ECharts dataset
  static List<List<Object>> data(Chart chart, int place) {
    List<java.util.Map<String, Object>> datasets =
        (List<java.util.Map<String, Object>>) chart.option().get("dataset");
    return (List<List<Object>>) datasets.get(place).get("source");
  }
}
