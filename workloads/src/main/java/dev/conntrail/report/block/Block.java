package dev.conntrail.report.block;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A part of a section. */
public sealed interface Block {
  /** What it is, as templates have it. */
  default String kind() {
    return getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  /**
   * A paragraph.
   *
   * @param text plain; what stands between backticks is code
   */
  record Prose(String text) implements Block {}

  /** Paragraphs of a list. */
  record Bullets(List<String> items) implements Block {}

  /** Sentences that the run shows, each with its evidence. */
  record Findings(List<Finding> findings) implements Block {}

  /**
   * A table.
   *
   * @param id names it in the page
   * @param caption what it shows
   * @param columns a head each
   * @param sortable whether the reader may sort and filter it
   */
  record Table(String id, String caption, List<Column> columns, List<Row> rows, boolean sortable)
      implements Block {
    /** One whose rows open nothing. */
    public static Table of(
        String id, String caption, List<Column> columns, List<List<Field>> rows) {
      return new Table(
          id,
          caption,
          columns,
          rows.stream().map(r -> new Row(r, Optional.empty())).toList(),
          false);
    }
  }

  /** A row: a field for each column, and what opens when the reader asks. */
  record Row(List<Field> fields, Optional<Detail> detail) {}

  /**
   * What opens below a row.
   *
   * @param id where it is in the page
   */
  record Detail(String id, String title, List<Block> blocks) {}

  /** A chart. */
  record Figure(Chart chart) implements Block {}

  /** Small charts that are compared with each other. */
  record Multiples(List<Chart> charts) implements Block {}

  /** Text as it is, such as rules. */
  record Preformatted(String text) implements Block {}

  /**
   * Words of the glossary with what they mean.
   *
   * @param words as the glossary lists them
   */
  record Terms(List<String> words) implements Block {}

  /** Names with their values. */
  record Facts(List<Fact> facts) implements Block {}

  /** A name with its value. */
  record Fact(String name, String value) {}

  /** A part that is opened by the reader. */
  record Folded(String id, String summary, List<Block> blocks) implements Block {}
}
