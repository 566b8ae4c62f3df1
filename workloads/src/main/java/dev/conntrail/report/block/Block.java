package dev.conntrail.report.block;

import java.util.List;

/** A part of a section. */
public sealed interface Block {
  /**
   * A paragraph.
   *
   * @param text plain; what stands between backticks is code
   */
  record Prose(String text) implements Block {}

  /** Paragraphs of a list. */
  record Bullets(List<String> items) implements Block {}

  /** A sentence that the run shows, with its evidence. */
  record Findings(List<Finding> findings) implements Block {}

  /**
   * A table.
   *
   * @param id names it in the page
   * @param caption what it shows
   * @param columns a head each
   * @param rows a field for each column
   * @param sortable whether the reader may sort and filter it
   */
  record Table(
      String id, String caption, List<Column> columns, List<List<Field>> rows, boolean sortable)
      implements Block {}

  /** A chart. */
  record Figure(Chart chart) implements Block {}

  /** Text as it is, such as rules. */
  record Preformatted(String caption, String text) implements Block {}

  /** Names with their values. */
  record Facts(List<Fact> facts) implements Block {}

  /** A name with its value. */
  record Fact(String name, String value) {}

  /** A part that is opened by the reader. */
  record Folded(String id, String summary, List<Block> blocks) implements Block {}

  /** A cell of the run, opened by the reader. */
  record CellDetail(CellLink cell, Field verdict, List<Block> blocks) implements Block {}
}
