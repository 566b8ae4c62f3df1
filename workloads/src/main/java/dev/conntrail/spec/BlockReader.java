package dev.conntrail.spec;

import java.util.List;
import java.util.stream.Stream;

/** Reads a block of the matrix: the product of its axes. */
final class BlockReader {
  /** What a block may say. */
  static final List<String> KEYS =
      Stream.concat(Axes.words().stream(), Stream.of("phases", "events", "repetitions")).toList();

  private final YamlMap block;
  private List<Cell> cells;

  private BlockReader(YamlMap block, Cell first) {
    this.block = block;
    this.cells = List.of(first);
  }

  /** The product of a block's axes: each takes its place in turn, the first varies slowest. */
  static List<Cell> cells(YamlMap block, TestbedKind testbed, Course course) {
    BlockReader reader =
        new BlockReader(block, Cell.of(course).with(Axes.DATA_PLANE, testbed.usual()));
    List<Axis<?>> unnamed = Axes.ALL.stream().filter(a -> !reader.read(a)).toList();
    unnamed.forEach(reader::choose);
    return reader.cells;
  }

  private <T> void choose(Axis<T> axis) {
    axis.chosen(cells)
        .ifPresent(value -> cells = cells.stream().map(c -> c.with(axis, value)).toList());
  }

  /**
   * Each cell with each value, or as it is where the axis is not named, or means nothing to its
   * data plane; whether it is named.
   */
  private <T> boolean read(Axis<T> axis) {
    List<T> values = block.axis(axis.word(), v -> v.read(axis::parse));
    if (values.isEmpty()) {
      return false;
    }
    if (cells.stream().noneMatch(c -> axis.appliesTo(c.dataPlane()))) {
      String plane = axis.planeWords();
      throw block.refuse(
          axis.word(),
          "found it, but no data plane " + plane,
          "the key only beside data-plane: " + plane);
    }
    if ((long) cells.size() * values.size() > Limits.CELLS) {
      throw block.refuse(
          axis.word(),
          "found " + values.size() + " values, and " + cells.size() + " cells without them",
          "at most " + Limits.CELLS + " cells in a block");
    }
    cells =
        cells.stream()
            .flatMap(c ->
                axis.appliesTo(c.dataPlane())
                    ? values.stream().map(v -> c.with(axis, v))
                    : Stream.of(c))
            .toList();
    return true;
  }
}
