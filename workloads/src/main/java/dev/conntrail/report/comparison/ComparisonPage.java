package dev.conntrail.report.comparison;

import dev.conntrail.compare.Comparability;
import dev.conntrail.compare.Comparison;
import dev.conntrail.compare.Obstacle;
import dev.conntrail.compare.SetAside;
import dev.conntrail.report.block.Block;
import dev.conntrail.report.block.Column;
import dev.conntrail.report.block.Field;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.block.Tone;
import dev.conntrail.report.render.Page;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.Manifest;
import dev.conntrail.result.RunResults;
import dev.conntrail.spec.Named;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The page of a comparison. */
public final class ComparisonPage {
  private ComparisonPage() {}

  /** Makes it. */
  public static Page of(Comparison c) {
    ComparisonHeading heading = ComparisonHeading.of(c);
    List<Page.Part> parts = new ArrayList<>();
    if (!c.counts().isEmpty()) {
      parts.add(part("counts-section", "Counts", true, List.of(CountsTable.of(c.counts()))));
    }
    if (!c.times().isEmpty()) {
      parts.add(part("times", "Times", true, times(c)));
    }
    parts.add(part("differs", "What differs between the runs", !c.comparable(), differs(c)));
    if (!c.setAside().isEmpty()) {
      parts.add(part("aside", "Set aside", false, List.of(aside(c.setAside()))));
    }
    parts.add(part("method", "How", false, List.of(new Block.Bullets(ComparisonMethod.of(c)))));
    return new Page(
        new Page.Head(
            title(c),
            question(c),
            heading.tone(),
            heading.text(),
            "What the folders tell differently, or not at all"),
        lead(c),
        lacks(c),
        parts);
  }

  private static Page.Part part(String id, String title, boolean open, List<Block> blocks) {
    return new Page.Part(id, title, open, blocks);
  }

  private static String title(Comparison c) {
    return c.by().isPresent()
        ? c.a().manifest().experiment() + " by " + c.by().get().axis()
        : c.a().manifest().run() + " and " + c.b().manifest().run();
  }

  private static String question(Comparison c) {
    return c.by().isPresent()
        ? "Do cells of one run that differ by " + c.by().get().axis() + " alone differ?"
        : "Does run B differ from run A?";
  }

  private static List<String> lead(Comparison c) {
    List<String> lead = new ArrayList<>();
    lead.add("A: " + named(c.a()));
    if (c.by().isEmpty()) {
      lead.add("B: " + named(c.b()));
    }
    lead.add(Numbers.counted((long) c.cells().pairs().size(), "pair") + " of cells");
    lead.add("margin " + Numbers.number(c.margin()));
    return lead;
  }

  private static String named(RunResults run) {
    Manifest m = run.manifest();
    return "%s, run %s, %s UTC"
        .formatted(
            m.experiment(),
            m.run(),
            m.startedUtc().substring(0, Math.min(19, m.startedUtc().length())));
  }

  private static List<String> lacks(Comparison c) {
    List<String> lacks = new ArrayList<>();
    c.comparability().obstacles().stream()
        .map(o -> "Not comparable: " + o.text() + ".")
        .forEach(lacks::add);
    c.a().lacks().forEach(l -> lacks.add("A: " + l));
    if (c.by().isEmpty()) {
      c.b().lacks().forEach(l -> lacks.add("B: " + l));
    }
    return lacks;
  }

  private static List<Block> times(Comparison c) {
    List<ForestRow> rows = c.times().stream().map(t -> ForestRow.of(t, c.margin())).toList();
    return List.of(
        ForestTable.of(
            "forest",
            "Ratios of times, B to A, each over its control in the same repetition where there is one",
            "Repetitions of A and of B without marks.",
            rows,
            c.margin()));
  }

  private static List<Block> differs(Comparison c) {
    List<Block> blocks = new ArrayList<>();
    Comparability all = c.comparability();
    if (all.obstacles().isEmpty() && all.notes().isEmpty()) {
      blocks.add(
          new Block.Prose(
              c.by().isPresent()
                  ? "Both sides are cells of one run."
                  : "Nothing of what the folders tell of machine, programs and experiment."));
    } else {
      List<List<Field>> rows = new ArrayList<>();
      all.obstacles().forEach(o -> rows.add(row(o, Field.of("yes").withTone(Tone.BAD))));
      all.notes().forEach(o -> rows.add(row(o, Field.of("no"))));
      blocks.add(
          Block.Table.of(
              "obstacles",
              "What the folders tell differently",
              List.of(
                  Column.words("what"),
                  Column.words("A"),
                  Column.words("B"),
                  Column.words("forbids to compare times")),
              rows));
    }
    alone("Only A has", c.cells().onlyA(), blocks);
    alone("Only B has", c.cells().onlyB(), blocks);
    return blocks;
  }

  private static List<Field> row(Obstacle o, Field forbids) {
    return List.of(Field.of(o.what()), Field.of(o.a()), Field.of(o.b()), forbids);
  }

  private static void alone(String who, List<CellResults> cells, List<Block> blocks) {
    if (!cells.isEmpty()) {
      blocks.add(
          new Block.Folded(
              who.equals("Only A has") ? "only-a" : "only-b",
              who + " " + Numbers.counted((long) cells.size(), "cell"),
              List.of(new Block.Bullets(cells.stream().map(CellResults::title).toList()))));
    }
  }

  private static Block aside(List<SetAside> repetitions) {
    return Block.Table.of(
        "set-aside",
        "Repetitions with marks: their times were not compared, nor their counts where the mark makes these incomplete",
        List.of(
            Column.words("side"),
            Column.words("cell"),
            Column.figures("repetition"),
            Column.words("marks")),
        repetitions.stream()
            .map(s ->
                List.of(
                    Field.of(s.side().name()),
                    Field.of(s.cell().title()),
                    Field.of(Integer.toString(s.repetition()), s.repetition()),
                    Field.of(
                        s.marks().stream().map(Named::word).collect(Collectors.joining(", ")))))
            .toList());
  }
}
