package dev.conntrail.experiment;

import dev.conntrail.spec.Axes;
import dev.conntrail.spec.AxisValues;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.Course;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.Opening;
import dev.conntrail.spec.Part;
import dev.conntrail.spec.Pooling;
import dev.conntrail.spec.Protocol;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Cells in which no difference of two sides is to be seen: the same on both, with no Service. Each
 * protocol that is spoken through a Service has one.
 */
final class Controls {
  private Controls() {}

  /**
   * The controls of cells, by protocol: those that both sides have, else one of a side's, or new.
   */
  static Map<Protocol, Cell> of(List<Cell> a, List<Cell> b) {
    Map<Protocol, Cell> controls = new LinkedHashMap<>();
    List<Cell> all = Stream.concat(a.stream(), b.stream()).toList();
    for (Cell cell : all) {
      if (cell.dataPlane().service()) {
        controls.computeIfAbsent(cell.protocol(), p -> control(p, a, b, cell));
      }
    }
    return controls;
  }

  private static Cell control(Protocol protocol, List<Cell> a, List<Cell> b, Cell like) {
    Set<String> keysOfB = b.stream().map(Cell::key).collect(Collectors.toSet());
    List<Cell> direct =
        Stream.concat(a.stream(), b.stream())
            .filter(c -> !c.dataPlane().service() && c.protocol() == protocol)
            .toList();
    return direct.stream()
        .filter(c -> a.contains(c) && keysOfB.contains(c.key()))
        .findFirst()
        .or(() -> direct.stream().findFirst())
        .orElseGet(() -> straight(like));
  }

  /** The same traffic without a Service, and with nothing that happens to one. */
  private static Cell straight(Cell cell) {
    AxisValues kept =
        cell.values()
            .only(a -> a.part() != Part.PLANE && a.part() != Part.CURE && !a.equals(Axes.POOLING))
            .with(Axes.DATA_PLANE, DataPlane.DIRECT);
    Course course = new Course(cell.course().phases(), List.of(), cell.course().repetitions());
    return new Cell(
        cell.pooling() == Pooling.SHARED ? kept.with(Axes.OPENING, Opening.AT_ONCE) : kept, course);
  }
}
