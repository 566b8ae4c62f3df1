package dev.conntrail.report.section;

import static dev.conntrail.report.block.Numbers.count;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Block;
import dev.conntrail.report.block.CellLink;
import dev.conntrail.report.block.Column;
import dev.conntrail.report.block.Field;
import dev.conntrail.report.finding.Occurrence;
import dev.conntrail.result.CellResults;
import dev.conntrail.result.Manifest;
import dev.conntrail.result.row.EffectRow;
import dev.conntrail.spec.Ability;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.EventKind;
import dev.conntrail.spec.TestbedKind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/** What a change of mode did to open connections: a row for each of the six directions. */
final class ModeChangesTable {
  private static final List<DataPlane> MODES =
      List.of(DataPlane.IPTABLES, DataPlane.IPVS, DataPlane.NFTABLES);

  private static final List<Column> COLUMNS =
      List.of(
          Column.words("from").explained("the mode before, with its backend or scheduler"),
          Column.words("to"),
          Column.words("testbed").explained("or why there is none"),
          Column.words("first cell"),
          Column.figures("cells"),
          Column.figures("open then").explained("connections that were open when it began"),
          Column.figures("went on")
              .explained("of these, answered what was sent after it had ended, and not broken"),
          Column.figures("reset"),
          Column.figures("closed").explained("by the pod's side, or broken otherwise"),
          Column.figures("unanswered")
              .explained("nothing sent after was answered; neither broken nor ended by the client"),
          Column.figures("failures")
              .explained("of requests and of connects, from the second in which it began on"));

  /** A direction. */
  private record Direction(DataPlane from, DataPlane to) {
    static List<Direction> all() {
      return MODES.stream()
          .flatMap(
              from -> MODES.stream().filter(to -> to != from).map(to -> new Direction(from, to)))
          .toList();
    }

    /** What a kernel must have for it. */
    Set<Ability> needs() {
      Set<Ability> needs = EnumSet.copyOf(from.needs());
      needs.addAll(to.needs());
      return needs;
    }
  }

  /** Where it was measured, and from what. */
  private record Where(String variant, TestbedKind testbed) {}

  private ModeChangesTable() {}

  /** A table of a run; empty if no mode was changed. */
  static Optional<Block> of(Analysis run) {
    Map<Direction, Map<Where, List<Occurrence>>> found = new LinkedHashMap<>();
    for (CellResults cell : run.results().measured()) {
      List<Direction> asked = directions(cell);
      List<Occurrence> seen =
          Occurrence.of(cell).stream()
              .filter(o -> o.cause().event().equals(Optional.of(EventKind.CHANGE_MODE)))
              .toList();
      for (int i = 0; i < Math.min(asked.size(), seen.size()); i++) {
        String before = asked.get(i).from().word();
        found
            .computeIfAbsent(asked.get(i), _ -> new LinkedHashMap<>())
            .computeIfAbsent(
                new Where(i == 0 ? cell.cell().variant().text() : before, cell.testbed()),
                _ -> new ArrayList<>())
            .add(seen.get(i));
      }
    }
    return found.isEmpty() ? Optional.empty() : Optional.of(table(run, found));
  }

  /** Changes of a cell's mode, in order of time. */
  private static List<Direction> directions(CellResults cell) {
    return directions(cell.cell().course().modes(cell.cell().dataPlane()));
  }

  private static List<Direction> directions(List<DataPlane> modes) {
    return IntStream.range(1, modes.size())
        .mapToObj(i -> new Direction(modes.get(i - 1), modes.get(i)))
        .toList();
  }

  private static Block table(Analysis run, Map<Direction, Map<Where, List<Occurrence>>> found) {
    List<List<Field>> rows = new ArrayList<>();
    for (Direction d : Direction.all()) {
      Map<Where, List<Occurrence>> where = found.getOrDefault(d, Map.of());
      where.forEach((w, some) -> rows.add(measured(d, w, some)));
      if (where.isEmpty()) {
        rows.add(missing(run, d));
      }
    }
    return Block.Table.of(
        "mode-changes",
        "What a change of mode did to open connections, in each of the six directions: sums over cells"
            + " and repetitions",
        COLUMNS,
        rows);
  }

  private static List<Field> measured(Direction d, Where where, List<Occurrence> some) {
    CellResults first = some.getFirst().cell();
    return List.of(
        Field.of(where.variant()),
        Field.of(d.to().word()),
        Field.of(where.testbed().word()),
        Field.of(first.title()).withLink(CellLink.to(first)),
        sum(List.of(some.size()), n -> n),
        sum(some, o -> o.sum(e -> e.open().count())),
        sum(some, o -> o.sum(e -> e.open().keptCount())),
        sum(some, o -> o.sum(e -> e.open().resetCount())),
        sum(some, o -> o.sum(e -> e.open().closedCount())),
        sum(some, o -> o.sum(e -> e.open().unansweredCount())),
        sum(some, o -> o.sum(EffectRow::failuresCount)));
  }

  private static <T> Field sum(List<T> things, ToLongFunction<T> figure) {
    long sum = things.stream().mapToLong(figure).sum();
    return Field.of(count(sum), (double) sum);
  }

  /** Not measured: what it takes, and what the run says of cells that it left out. */
  private static List<Field> missing(Analysis run, Direction d) {
    List<Field> row = new ArrayList<>();
    row.add(Field.of(d.from().word()));
    row.add(Field.of(d.to().word()));
    row.add(Field.of(why(run, d)));
    while (row.size() < COLUMNS.size()) {
      row.add(Field.of(""));
    }
    return row;
  }

  private static String why(Analysis run, Direction d) {
    String kernel =
        d.needs().contains(Ability.IPVS)
            ? "a kernel with ip_vs and "
                + (d.needs().contains(Ability.NFTABLES) ? "nf_tables" : "iptables")
            : "a kernel with nf_tables and iptables";
    Optional<List<Manifest.LeftOut>> left = run.results().manifest().leftOut();
    if (left.isEmpty()) {
      return "not measured; it takes " + kernel;
    }
    List<Manifest.LeftOut> own =
        left.get().stream().filter(l -> directions(l.modes()).contains(d)).toList();
    return own.isEmpty()
        ? "not in this experiment; it takes " + kernel
        : "not measured; it takes "
            + kernel
            + "; the run "
            + String.join("; ", Manifest.LeftOut.lines(own));
  }
}
