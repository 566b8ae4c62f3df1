package dev.conntrail.spec;

import dev.conntrail.spec.YamlMap.Value;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
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

  private final YamlMap block;
  private List<Cell> cells;

  private BlockReader(YamlMap block, Cell first) {
    this.block = block;
    this.cells = List.of(first);
  }

  /** The product of a block's axes: each takes its place in turn, the first varies slowest. */
  static List<Cell> cells(YamlMap block, TestbedKind testbed, Course course) {
    DataPlane plane = testbed == TestbedKind.LOOPBACK ? DataPlane.DIRECT : DataPlane.IPTABLES;
    BlockReader reader = new BlockReader(block, Cell.of(plane, Traffic.DEFAULT, 10, course));
    reader.rules();
    reader.traffic();
    for (Setting setting : Setting.values()) {
      reader.axis(
          setting.word(),
          setting.ofIpvs() ? Optional.of(DataPlane.IPVS) : Optional.empty(),
          v -> Scalars.number(setting, v),
          (c, v) -> c.with(c.settings().with(setting, v)));
    }
    return reader.cells;
  }

  private void rules() {
    axis("data-plane", Optional.empty(), word(DataPlane.class), Cell::with);
    axis(
        "iptables-backend",
        Optional.of(DataPlane.IPTABLES),
        word(IptablesBackend.class),
        Cell::with);
    axis("ipvs-scheduler", Optional.of(DataPlane.IPVS), word(IpvsScheduler.class), Cell::with);
  }

  private void traffic() {
    traffic("protocol", word(Protocol.class), Traffic::with);
    traffic("pooling", word(Pooling.class), Traffic::with);
    traffic("opening", word(Opening.class), Traffic::with);
    traffic("keep-alive", word(KeepAlive.class), Traffic::with);
    traffic("connections", upTo(Limits.CONNECTIONS), Traffic::withConnections);
    axis("pods", Optional.empty(), upTo(Limits.PODS), Cell::withPods);
    traffic("clients", upTo(Limits.CLIENTS), Traffic::withClients);
    axis("nodes", Optional.empty(), upTo(Limits.NODES), Cell::withNodes);
    traffic("rate", Scalars::load, Traffic::with);
  }

  private <T> void traffic(
      String key, Function<Value, T> read, BiFunction<Traffic, T, Traffic> with) {
    axis(key, Optional.empty(), read, (c, v) -> c.with(with.apply(c.traffic(), v)));
  }

  /**
   * Each cell with each value, or as it is where the axis is not named.
   *
   * @param plane the one data plane that has the axis; cells of others stay as they are
   */
  private <T> void axis(
      String key,
      Optional<DataPlane> plane,
      Function<Value, T> read,
      BiFunction<Cell, T, Cell> with) {
    List<T> values = block.axis(key, read);
    if (values.isEmpty()) {
      return;
    }
    Predicate<Cell> has = c -> plane.isEmpty() || plane.get() == c.dataPlane();
    if (cells.stream().noneMatch(has)) {
      String word = plane.orElseThrow().word();
      throw block.refuse(
          key, "found it, but no data plane " + word, "the key only beside data-plane: " + word);
    }
    if ((long) cells.size() * values.size() > Limits.CELLS) {
      throw block.refuse(
          key,
          "found " + values.size() + " values, and " + cells.size() + " cells without them",
          "at most " + Limits.CELLS + " cells in a block");
    }
    cells =
        cells.stream()
            .flatMap(c -> has.test(c) ? values.stream().map(v -> with.apply(c, v)) : Stream.of(c))
            .toList();
  }

  private static <T extends Enum<T> & Named> Function<Value, T> word(Class<T> type) {
    return v -> Scalars.word(type, v);
  }

  private static Function<Value, Integer> upTo(int most) {
    return v -> Scalars.integer(v, 1, most);
  }
}
