package dev.conntrail.report.oracle;

import dev.conntrail.report.block.Block;
import dev.conntrail.report.block.Chart;
import dev.conntrail.report.render.Page;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a page says beside its findings: a paragraph, or a caption.
 *
 * @param section its section
 * @param cell the cell that it opened from
 * @param kind what it is
 * @param id names the table, the chart or the folded part; empty for paragraphs
 * @param text what it says
 * @param holds rows of the table, or findings of the folded part
 */
record PageText(
    String section, Optional<String> cell, Kind kind, String id, String text, long holds) {
  enum Kind {
    PROSE,
    ITEM,
    CAPTION,
    CHART_TITLE,
    CHART_DESCRIPTION,
    SUMMARY
  }

  /** Where a block stands. */
  private record Place(String section, Optional<String> cell) {
    PageText text(Kind kind, String id, String text, long holds) {
      return new PageText(section, cell, kind, id, text, holds);
    }
  }

  /** The same place with other words. */
  PageText with(String other) {
    return new PageText(section, cell, kind, id, other, holds);
  }

  /** All of a page. */
  static List<PageText> of(Page page) {
    return page.sections().stream().flatMap(s -> of(s.id(), s.blocks())).toList();
  }

  /** Those of a section. */
  static Stream<PageText> of(String section, List<Block> blocks) {
    return of(new Place(section, Optional.empty()), blocks);
  }

  private static Stream<PageText> of(Place at, List<Block> blocks) {
    return blocks.stream().flatMap(b -> of(at, b));
  }

  private static Stream<PageText> of(Place at, Block block) {
    return switch (block) {
      case Block.Prose(String text) -> Stream.of(at.text(Kind.PROSE, "", text, 0));
      case Block.Bullets(List<String> items) ->
          items.stream().map(i -> at.text(Kind.ITEM, "", i, 0));
      case Block.Table t ->
          Stream.concat(
              Stream.of(at.text(Kind.CAPTION, t.id(), t.caption(), t.rows().size())),
              t.rows().stream()
                  .flatMap(r -> r.detail().stream())
                  .flatMap(d ->
                      of(
                          new Place(at.section(), Optional.of(d.id().replace("cell-", ""))),
                          d.blocks())));
      case Block.Figure(Chart chart) -> of(at, chart);
      case Block.Multiples(List<Chart> charts) -> charts.stream().flatMap(c -> of(at, c));
      case Block.Folded f ->
          Stream.concat(
              Stream.of(at.text(Kind.SUMMARY, f.id(), f.summary(), findings(f.blocks()))),
              of(at, f.blocks()));
      // findings have an oracle of their own; the others are the folder's own words
      case Block.Findings _, Block.Preformatted _, Block.Terms _, Block.Facts _ -> Stream.empty();
    };
  }

  private static Stream<PageText> of(Place at, Chart c) {
    return Stream.of(
        at.text(Kind.CHART_TITLE, c.id(), c.title(), 0),
        at.text(Kind.CHART_DESCRIPTION, c.id(), c.description(), 0));
  }

  private static long findings(List<Block> blocks) {
    return blocks.stream()
        .mapToLong(b -> b instanceof Block.Findings f ? f.findings().size() : 0)
        .sum();
  }
}
