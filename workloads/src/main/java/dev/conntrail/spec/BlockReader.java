package dev.conntrail.spec;

import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Reads a block of the matrix: the product of its axes. */
final class BlockReader {
  /** What a block may say. */
  static final List<String> KEYS =
      Stream.concat(
              Stream.of(
                  "data-plane",
                  "iptables-backend",
                  "ipvs-scheduler",
                  "protocol",
                  "pooling",
                  "opening",
                  "keep-alive",
                  "connections",
                  "pods",
                  "clients",
                  "nodes",
                  "rate",
                  "phases",
                  "events",
                  "repetitions"),
              Named.words(Setting.class).stream())
          .toList();

  private BlockReader() {}

  /** The product of a block's axes: each takes its place in turn, the first varies slowest. */
  static List<Cell> cells(YamlMap block, TestbedKind testbed, Course course) {
    DataPlane plane = testbed == TestbedKind.LOOPBACK ? DataPlane.DIRECT : DataPlane.IPTABLES;
    List<Cell> cells = List.of(Cell.of(plane, Traffic.DEFAULT, 10, course));
    cells = times(cells, words(block, "data-plane", DataPlane.class), Cell::with);
    cells =
        only(
            block,
            "iptables-backend",
            DataPlane.IPTABLES,
            cells,
            IptablesBackend.class,
            Cell::with);
    cells = only(block, "ipvs-scheduler", DataPlane.IPVS, cells, IpvsScheduler.class, Cell::with);
    cells = traffic(cells, words(block, "protocol", Protocol.class), Traffic::with);
    cells = traffic(cells, words(block, "pooling", Pooling.class), Traffic::with);
    cells = traffic(cells, words(block, "opening", Opening.class), Traffic::with);
    cells = traffic(cells, words(block, "keep-alive", KeepAlive.class), Traffic::with);
    cells =
        traffic(
            cells,
            block.axis("connections", v -> Scalars.integer(v, 1, Limits.CONNECTIONS)),
            Traffic::withConnections);
    cells =
        times(cells, block.axis("pods", v -> Scalars.integer(v, 1, Limits.PODS)), Cell::withPods);
    cells =
        traffic(
            cells,
            block.axis("clients", v -> Scalars.integer(v, 1, Limits.CLIENTS)),
            Traffic::withClients);
    cells =
        times(
            cells, block.axis("nodes", v -> Scalars.integer(v, 1, Limits.NODES)), Cell::withNodes);
    cells = traffic(cells, block.axis("rate", Scalars::load), Traffic::with);
    for (Setting setting : Setting.values()) {
      cells = settings(block, setting, cells);
    }
    return cells;
  }

  /** Each cell with each value; the cells themselves where the axis is not named. */
  private static <T> List<Cell> times(
      List<Cell> cells, List<T> values, BiFunction<Cell, T, Cell> with) {
    return values.isEmpty()
        ? cells
        : cells.stream().flatMap(c -> values.stream().map(v -> with.apply(c, v))).toList();
  }

  private static <T> List<Cell> traffic(
      List<Cell> cells, List<T> values, BiFunction<Traffic, T, Traffic> with) {
    return times(cells, values, (c, v) -> c.with(with.apply(c.traffic(), v)));
  }

  /** An axis that only one data plane has. */
  private static <T extends Enum<T> & Named> List<Cell> only(
      YamlMap block,
      String key,
      DataPlane plane,
      List<Cell> cells,
      Class<T> type,
      BiFunction<Cell, T, Cell> with) {
    List<T> values = words(block, key, type);
    requirePlane(block, key, cells, c -> c.dataPlane() == plane, plane);
    return cells.stream()
        .flatMap(
            c -> c.dataPlane() == plane ? times(List.of(c), values, with).stream() : Stream.of(c))
        .toList();
  }

  private static List<Cell> settings(YamlMap block, Setting setting, List<Cell> cells) {
    List<Integer> values = block.axis(setting.word(), v -> Scalars.number(setting, v));
    requirePlane(
        block, setting.word(), cells, c -> setting.appliesTo(c.dataPlane()), DataPlane.IPVS);
    return cells.stream()
        .flatMap(c ->
            setting.appliesTo(c.dataPlane())
                ? times(List.of(c), values, (d, v) -> d.with(d.settings().with(setting, v)))
                    .stream()
                : Stream.of(c))
        .toList();
  }

  private static void requirePlane(
      YamlMap block, String key, List<Cell> cells, Predicate<Cell> fits, DataPlane plane) {
    if (block.has(key) && cells.stream().noneMatch(fits)) {
      throw block.refuse(
          key,
          "found it, but no data plane " + plane.word(),
          "the key only beside data-plane: " + plane.word());
    }
  }

  private static <T extends Enum<T> & Named> List<T> words(
      YamlMap block, String key, Class<T> type) {
    return block.axis(key, v -> Scalars.word(type, v));
  }
}
