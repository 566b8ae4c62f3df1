package dev.conntrail.compare;

import dev.conntrail.result.CellResults;
import dev.conntrail.result.RunResults;
import dev.conntrail.spec.Axes;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.TestbedKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which cells are compared.
 *
 * @param pairs in the order of A
 * @param onlyA cells without a partner
 * @param onlyB cells without a partner
 */
public record CellPairs(List<CellPair> pairs, List<CellResults> onlyA, List<CellResults> onlyB) {

  /** What cells of a run have in common that may be compared: the kernel, and all other axes. */
  private record Like(TestbedKind testbed, Map<String, String> axes) {}

  /** The same cells of two runs. */
  public static CellPairs of(RunResults a, RunResults b) {
    List<CellPair> pairs = new ArrayList<>();
    List<CellResults> onlyA = new ArrayList<>();
    List<CellResults> onlyB = new ArrayList<>(b.measured());
    for (CellResults cell : a.measured()) {
      Optional<CellResults> other =
          onlyB.stream().filter(o -> o.id().equals(cell.id())).findFirst();
      other.ifPresentOrElse(
          o -> {
            onlyB.remove(o);
            pairs.add(new CellPair(cell.title(), cell, o, controls(a, cell, b, o)));
          },
          () -> onlyA.add(cell));
    }
    return new CellPairs(pairs, onlyA, onlyB);
  }

  /**
   * Cells of one run that differ by an axis alone.
   *
   * @throws IllegalArgumentException if there are none, naming what there is
   */
  public static CellPairs of(RunResults run, By by) {
    Map<Like, List<CellResults>> alike = new LinkedHashMap<>();
    for (CellResults cell : run.measured()) {
      if (by.value(axes(cell)).isPresent() && !isControl(by, cell)) {
        Like like = new Like(cell.testbed(), by.others(axes(cell)));
        alike.computeIfAbsent(like, _ -> new ArrayList<>()).add(cell);
      }
    }
    String first = by.a().orElseGet(() -> first(alike, by));
    List<CellPair> pairs = new ArrayList<>();
    for (List<CellResults> group : alike.values()) {
      group.stream()
          .filter(c -> is(by, c, first))
          .findFirst()
          .ifPresent(a ->
              group.stream()
                  .filter(b -> b != a && by.b().map(word -> is(by, b, word)).orElse(true))
                  .forEach(b -> pairs.add(pair(run, by, a, b))));
    }
    if (pairs.isEmpty()) {
      throw new IllegalArgumentException(
          "--by %s: found no two cells that differ by it alone; its values there: %s"
              .formatted(by.axis(), values(run, by)));
    }
    return new CellPairs(pairs, List.of(), List.of());
  }

  private static CellPair pair(RunResults run, By by, CellResults a, CellResults b) {
    String title =
        "%s: %s against %s"
            .formatted(
                by.ofPlanes() ? a.cell().workload() : a.title() + ": " + by.axis(),
                by.value(axes(b)).orElseThrow(),
                by.value(axes(a)).orElseThrow());
    return new CellPair(title, a, b, controls(run, a, run, b));
  }

  private static boolean isControl(By by, CellResults cell) {
    return by.ofPlanes() && !cell.cell().dataPlane().service() && !by.names(axes(cell));
  }

  private static boolean is(By by, CellResults cell, String value) {
    return by.value(axes(cell)).filter(value::equals).isPresent();
  }

  private static String first(Map<Like, List<CellResults>> alike, By by) {
    return alike.values().stream()
        .filter(group -> group.size() > 1)
        .map(group -> by.value(axes(group.getFirst())).orElseThrow())
        .findFirst()
        .orElse("");
  }

  private static String values(RunResults run, By by) {
    List<String> axes = anyAxes(run);
    return axes.contains(by.axis())
        ? run.measured().stream()
            .flatMap(c -> by.value(axes(c)).stream())
            .distinct()
            .collect(Collectors.joining(", "))
        : "none, for there is no such axis; axes are " + String.join(", ", axes);
  }

  private static List<String> anyAxes(RunResults run) {
    return run.measured().stream()
        .flatMap(c -> axes(c).axes().keySet().stream())
        .distinct()
        .toList();
  }

  /** All axes, those too that have what is usual, and so are no part of its key. */
  private static By.CellAxes axes(CellResults cell) {
    Cell c = cell.cell();
    Map<String, String> all = new LinkedHashMap<>(c.axes());
    Axes.ALL.stream()
        .filter(a -> a.appliesTo(c))
        .forEach(a -> all.putIfAbsent(a.word(), a.effective(c)));
    return new By.CellAxes(all, c.plane().word());
  }

  /** Cells without a Service that both are divided by: none for cells that have none themselves. */
  private static Optional<CellPair.Controls> controls(
      RunResults runA, CellResults a, RunResults runB, CellResults b) {
    Optional<CellResults> ofA = control(runA, a);
    Optional<CellResults> ofB = control(runB, b);
    return ofA.flatMap(x ->
        ofB.filter(y -> runA == runB || y.id().equals(x.id()))
            .map(y -> new CellPair.Controls(x, y)));
  }

  /**
   * That of the same traffic; else of the same protocol, with the nearest number of connections.
   */
  static Optional<CellResults> control(RunResults run, CellResults of) {
    Cell cell = of.cell();
    return !cell.dataPlane().service()
        ? Optional.empty()
        : run.measured().stream()
            .filter(c -> !c.cell().dataPlane().service())
            .filter(c -> c.testbed() == of.testbed() && c.cell().plain())
            .filter(c -> c.cell().protocol() == cell.protocol())
            .filter(c -> c.cell().pooling() == cell.pooling())
            .min(
                java.util.Comparator.comparing(
                        (CellResults c) -> !traffic(c.cell()).equals(traffic(cell)))
                    .thenComparingInt(c -> Math.abs(c.cell().connections() - cell.connections())));
  }

  /** What clients do. */
  private static Map<String, String> traffic(Cell cell) {
    return cell.axes(a -> a.part().traffic());
  }
}
