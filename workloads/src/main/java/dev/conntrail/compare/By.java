package dev.conntrail.compare;

import dev.conntrail.spec.Axes;
import dev.conntrail.spec.Axis;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The axis by which cells of one folder are compared: cells that are alike in all others.
 *
 * @param axis its word
 * @param a its value on one side; empty for the first of the folder
 * @param b its value on the other; empty for each of the others
 */
public record By(String axis, Optional<String> a, Optional<String> b) {
  /** What a data plane is named with. */
  private static final List<Axis<?>> OF_A_PLANE =
      List.of(Axes.IPTABLES_BACKEND, Axes.IPVS_SCHEDULER, Axes.KUBE_PROXY);

  /**
   * Reads {@code AXIS} or {@code AXIS=A,B}.
   *
   * @throws IllegalArgumentException if it is neither
   */
  public static By parse(String text) {
    String[] parts = text.split("=", 2);
    if (parts.length == 1) {
      return new By(text, Optional.empty(), Optional.empty());
    }
    List<By> readings = readings(parts[0], parts[1]);
    if (readings.size() != 1) {
      throw new IllegalArgumentException(
          "--by: found '" + text + "'; allowed: AXIS, or AXIS=A,B with two values of it");
    }
    return readings.getFirst();
  }

  /** Where a comma may stand between two values; some values have commas of their own. */
  private static List<By> readings(String axis, String values) {
    List<By> all =
        IntStream.range(0, values.length())
            .filter(i -> values.charAt(i) == ',')
            .mapToObj(i ->
                new By(
                    axis,
                    Optional.of(values.substring(0, i).strip()).filter(v -> !v.isEmpty()),
                    Optional.of(values.substring(i + 1).strip()).filter(v -> !v.isEmpty())))
            .filter(by -> by.a().isPresent() && by.b().isPresent())
            .toList();
    return all.size() < 2 ? all : all.stream().filter(By::known).toList();
  }

  /** Whether both are values of the axis. */
  private boolean known() {
    return Axes.find(axis)
        .filter(found -> Stream.of(a, b).allMatch(v -> isValue(found, v.orElseThrow())))
        .isPresent();
  }

  private static boolean isValue(Axis<?> axis, String text) {
    try {
      axis.parse(text);
      return true;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  /** Whether it is the data plane: cells without a Service are then controls. */
  boolean ofPlanes() {
    return Axes.find(axis).equals(Optional.of(Axes.DATA_PLANE));
  }

  /** What must be the same of two cells: all axes but this. */
  Map<String, String> others(CellAxes cell) {
    Map<String, String> others = new LinkedHashMap<>(cell.axes());
    others.remove(axis);
    if (ofPlanes()) {
      OF_A_PLANE.forEach(a -> others.remove(a.word()));
    }
    return others;
  }

  /** Whether a cell has one of the two values that were named. */
  boolean names(CellAxes cell) {
    return Stream.of(a, b).anyMatch(v -> v.isPresent() && v.equals(value(cell)));
  }

  /** The value of a cell; of data planes with its backend or scheduler. Empty without the axis. */
  Optional<String> value(CellAxes cell) {
    return ofPlanes() ? Optional.of(cell.planeWord()) : Optional.ofNullable(cell.axes().get(axis));
  }

  /**
   * A cell by its axes.
   *
   * @param axes by word
   * @param planeWord the data plane with its backend or scheduler
   */
  record CellAxes(Map<String, String> axes, String planeWord) {}
}
