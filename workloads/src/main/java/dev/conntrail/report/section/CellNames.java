package dev.conntrail.report.section;

import dev.conntrail.result.CellResults;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.Opening;
import dev.conntrail.spec.Pooling;
import dev.conntrail.spec.Variant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/** Names of some cells that say no more than what tells them apart. */
final class CellNames {
  /** An axis beside the data plane: what cells have of it, and how one says that. */
  private record Axis(Function<Cell, Object> value, Function<Cell, String> words) {}

  private record Callers(int connections, Pooling pooling) {}

  private record Same(Variant variant, List<Object> axes) {}

  private static final List<Axis> AXES =
      List.of(
          new Axis(c -> new Callers(c.connections(), c.pooling()), CellNames::callers),
          new Axis(Cell::load, c -> c.load().phrase()),
          new Axis(Cell::arrivals, c -> c.arrivals().word() + " arrivals"),
          counted(Cell::clients, "client"),
          counted(Cell::pods, "pod"),
          new Axis(
              c -> c.opening(),
              c -> c.opening() == Opening.SPREAD ? "one after the other" : "at once"));

  private CellNames() {}

  private static Axis counted(ToIntFunction<Cell> count, String noun) {
    return new Axis(
        count::applyAsInt,
        c -> count.applyAsInt(c) + " " + noun + (count.applyAsInt(c) == 1 ? "" : "s"));
  }

  private static String callers(Cell c) {
    return c.connections() + (c.pooling() == Pooling.SHARED ? " callers, shared" : " connections");
  }

  /** A name for each, the data plane first. */
  static List<String> of(List<CellResults> cells) {
    List<Axis> telling =
        AXES.stream()
            .filter(a -> cells.stream().map(c -> a.value().apply(c.cell())).distinct().count() > 1)
            .toList();
    Set<Same> seen = new HashSet<>();
    List<String> names = new ArrayList<>();
    for (CellResults c : cells) {
      Cell cell = c.cell();
      List<String> name = new ArrayList<>(List.of(cell.variant().text()));
      telling.forEach(a -> name.add(a.words().apply(cell)));
      Same same =
          new Same(cell.variant(), telling.stream().map(a -> a.value().apply(cell)).toList());
      String text = String.join(", ", name);
      names.add(seen.add(same) ? text : text + " (#" + c.number() + ")");
    }
    return names;
  }
}
