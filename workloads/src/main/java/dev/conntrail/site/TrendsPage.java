package dev.conntrail.site;

import dev.conntrail.report.block.Block;
import dev.conntrail.report.block.Chart;
import dev.conntrail.report.block.Column;
import dev.conntrail.report.block.Field;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.block.PageLink;
import dev.conntrail.report.block.Tone;
import dev.conntrail.report.render.Page;
import dev.conntrail.site.Trends.Change;
import dev.conntrail.site.Trends.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs of one experiment on one testbed of one machine, over time. */
final class TrendsPage {
  private static final String TOP = "../";

  private TrendsPage() {}

  /** That of some runs. */
  static Page of(Trends t) {
    List<Page.Part> sections = new ArrayList<>();
    sections.add(new Page.Part("changes", "What changed", true, changes(t)));
    List<Chart> charts = TrendCharts.of(t);
    if (!charts.isEmpty()) {
      sections.add(
          new Page.Part("charts", "Run by run", true, List.of(new Block.Multiples(charts))));
    }
    sections.add(new Page.Part("values", "Values", false, values(t)));
    sections.add(new Page.Part("cells", "Cells to follow", false, cells(t)));
    return new Page(
        new Page.Head(
            "Conntrail: trends of " + t.newest().experiment(),
            "What changed from run to run of " + t.newest().experiment() + "?",
            tells(t) ? Tone.PLAIN : Tone.UNKNOWN,
            heading(t),
            "What the runs do not tell"),
        List.of(
            "experiment " + t.newest().experiment(),
            "testbed " + t.newest().testbed(),
            t.newest().platform().machine(),
            Numbers.counted((long) t.runs().size(), "run"),
            t.runs().getFirst().minute() + " to " + t.newest().minute() + " UTC"),
        List.of(),
        sections);
  }

  private static boolean tells(Trends t) {
    return t.known() >= t.method().fewest();
  }

  /** What the series say, in a sentence. */
  static String heading(Trends t) {
    if (!tells(t)) {
      return "Too few runs to tell whether anything changed: "
          + t.known()
          + " of the "
          + t.method().fewest()
          + " that it takes.";
    }
    List<Map.Entry<Series, Change>> changes = t.changes();
    if (changes.isEmpty()) {
      return "No change found in "
          + Numbers.counted((long) t.series().size(), "figure")
          + " over "
          + Numbers.counted(t.known(), "run")
          + ".";
    }
    Series series = changes.getFirst().getKey();
    Change newest = changes.getFirst().getValue();
    return Numbers.counted((long) changes.size(), "change")
        + " found; the newest with the run of "
        + t.runs().get(newest.at()).minute()
        + ": "
        + series.cell().title()
        + ", "
        + lower(series.measure().title())
        + ", "
        + series.measure().text(newest.before())
        + " to "
        + series.measure().text(newest.after())
        + ".";
  }

  private static String lower(String title) {
    return Character.toLowerCase(title.charAt(0)) + title.substring(1);
  }

  private static List<Block> changes(Trends t) {
    List<Block> blocks = new ArrayList<>();
    if (!t.changes().isEmpty()) {
      blocks.add(
          Block.Table.of(
              "changes-table",
              "Change points, the newest first; medians of the runs between change points",
              List.of(
                  Column.words("first run after it, UTC"),
                  Column.words("cell"),
                  Column.words("figure"),
                  Column.figures("before"),
                  Column.figures("after"),
                  Column.figures("after / before"),
                  Column.figures("p").explained("of the permutation test")),
              t.changes().stream().map(e -> fields(t, e.getKey(), e.getValue())).toList()));
    }
    blocks.add(
        new Block.Prose(
            "Method: E-divisive (Matteson and James 2014) with a permutation test, on logarithms where"
                + " no value is 0. At most "
                + Numbers.number(100 * Trends.FAMILY_ERROR)
                + " of 100 pages like this one show a first change where the order of runs means nothing: each of "
                + Numbers.counted((long) t.series().size(), "figure")
                + " is tested at "
                + Numbers.number(t.method().level())
                + ", with "
                + Numbers.count(t.method().permutations())
                + " random orders of a fixed seed. With fewer than "
                + t.method().fewest()
                + " runs nothing is said, nor of the last "
                + (t.method().least() - 1)
                + " runs. A machine that drifts has change points too: they say that runs differ, and not why."));
    return blocks;
  }

  private static List<Field> fields(Trends t, Series s, Change c) {
    PublishedRun run = t.runs().get(c.at());
    return List.of(
        Field.of(run.minute()).withLink(new PageLink(TOP + run.page(), "report of " + run.run())),
        Field.of(s.cell().title()),
        Field.of(s.measure().title()),
        Field.of(s.measure().text(c.before())),
        Field.of(s.measure().text(c.after())),
        Field.of(c.before() > 0 ? Numbers.number(c.after() / c.before()) : ""),
        Field.of(Numbers.p(c.p())));
  }

  private static List<Block> values(Trends t) {
    List<Block> blocks = new ArrayList<>();
    for (CellFigures cell : t.cells()) {
      List<Series> series = t.series().stream().filter(s -> s.cell().equals(cell)).toList();
      List<Column> columns = new ArrayList<>(List.of(Column.words("run, UTC")));
      series.forEach(s -> columns.add(Column.figures(lower(s.measure().title()))));
      columns.add(Column.words("marks"));
      List<List<Field>> rows = new ArrayList<>();
      for (int i = t.runs().size() - 1; i >= 0; i--) {
        rows.add(row(t.runs().get(i), i, cell, series));
      }
      blocks.add(
          Block.Table.of(
              "values-" + cell.id().word(),
              cell.title() + "; figures are of repetitions without a mark",
              columns,
              rows));
    }
    return blocks;
  }

  private static List<Field> row(PublishedRun run, int at, CellFigures cell, List<Series> series) {
    List<Field> row = new ArrayList<>();
    row.add(
        Field.of(run.minute()).withLink(new PageLink(TOP + run.page(), "report of " + run.run())));
    series.forEach(s ->
        row.add(
            Field.of(
                Double.isFinite(s.values().get(at)) ? s.measure().text(s.values().get(at)) : "")));
    row.add(
        Field.of(
            run.cells().stream()
                .filter(c -> c.id().equals(cell.id()))
                .findFirst()
                .map(TrendsPage::marks)
                .orElse("not in this run")));
    return row;
  }

  private static String marks(CellFigures c) {
    return c.setAsideCount() == 0
        ? ""
        : c.setAsideCount() + " of " + (c.repetitions() + c.setAsideCount()) + " set aside";
  }

  private static List<Block> cells(Trends t) {
    List<CellFigures> all = Trends.all(t.runs());
    return List.of(
        new Block.Prose(
            "`conntrail publish --cell ID` chooses what is followed, up to "
                + Trends.MOST_CELLS
                + " cells; a word of the title does as well. Without it: of each data plane the first cell whose connections last, and the first whose do not."),
        new Block.Table(
            "cells-list",
            "Cells of these runs",
            List.of(Column.words("id"), Column.words("cell"), Column.words("followed")),
            all.stream()
                .map(c ->
                    new Block.Row(
                        List.of(
                            Field.of(c.id().word()),
                            Field.of(c.title()),
                            Field.of(t.cells().contains(c) ? "yes" : "")),
                        Optional.empty()))
                .toList(),
            true));
  }
}
