package dev.conntrail.spec;

import dev.conntrail.spec.YamlMap.Value;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads an experiment from YAML, strictly: whatever is not understood is refused with its place.
 */
public final class ExperimentReader {
  private static final List<String> TOP =
      List.of("experiment", "question", "testbed", "matrix", "phases", "repetitions", "seed");
  private static final List<String> BLOCK =
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
  private static final List<String> PHASES = List.of("warmup", "idle", "measure", "drain");
  private static final List<String> EVENT =
      Stream.concat(Stream.of("at"), Named.words(Change.Kind.class).stream()).toList();
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,40}");
  private static final Duration SHORTEST_MEASURE = Duration.ofMillis(100);
  private static final Phases DEFAULT_PHASES =
      new Phases(
          Duration.ofSeconds(1), Duration.ZERO, Duration.ofSeconds(5), Duration.ofSeconds(2));
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m)");

  /**
   * Local ports that a client pod has for one address: the testbed widens the range to 1024-65535.
   */
  public static final int PORTS_PER_CLIENT = 64_000;

  /** The most connections of a cell: 20,000 open files a process, and both ends may share one. */
  public static final int MAX_CONNECTIONS = 15_000;

  /** The most pods of a cell. */
  public static final int MAX_PODS = 300;

  /** The most client pods of a cell: each is a JVM. */
  public static final int MAX_CLIENTS = 16;

  /** The most nodes of a cell. */
  public static final int MAX_NODES = 8;

  private ExperimentReader() {}

  /**
   * Reads a file.
   *
   * @param instead the testbed to take, whatever the file names
   */
  public static Experiment read(Path file, Optional<TestbedKind> instead) {
    try {
      return parse(file.toString(), Files.readString(file), instead);
    } catch (NoSuchFileException e) {
      throw new SpecException(file + ": no such file; `list` names the bundled experiments", e);
    } catch (MalformedInputException e) {
      throw new SpecException(file + ": not UTF-8 text", e);
    } catch (IOException e) {
      throw new SpecException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** Parses text; {@code file} is what errors call it. */
  public static Experiment parse(String file, String text) {
    return parse(file, text, Optional.empty());
  }

  /**
   * Parses text.
   *
   * @param file what errors call it
   * @param instead the testbed to take, whatever the text names
   */
  public static Experiment parse(String file, String text, Optional<TestbedKind> instead) {
    YamlMap top = YamlMap.read(file, text, TOP);
    String name = name(top.required("experiment", "a name of a-z, 0-9 and -"));
    String question = top.scalar("question").map(Value::text).orElse("");
    TestbedKind named =
        top.scalar("testbed").map(v -> word(TestbedKind.class, v)).orElse(TestbedKind.NETNS);
    TestbedKind testbed = instead.orElse(named);
    Course course = new Course(phases(top, DEFAULT_PHASES), List.of(), repetitions(top).orElse(1));
    long seed = top.scalar("seed").map(ExperimentReader::seed).orElse(1L);
    Set<String> seen = new HashSet<>();
    List<List<Cell>> blocks = new ArrayList<>();
    int left = 0;
    for (YamlMap block : top.maps("matrix", BLOCK)) {
      List<Cell> cells = expand(block, testbed, course(block, course));
      if (instead.isPresent() && testbed.kubernetes()) {
        // The backend is kube-proxy's own choice there: cells that differ in nothing else are one.
        cells =
            cells.stream()
                .map(c -> c.with(IptablesBackend.AUTO))
                .filter(c -> !seen.contains(c.key()))
                .distinct()
                .toList();
      }
      CellChecks checks = new CellChecks(block);
      List<Cell> possible = new ArrayList<>();
      for (Cell cell : cells) {
        checks.check(cell);
        Optional<SpecException> impossible = checks.impossible(cell, testbed);
        if (impossible.isEmpty()) {
          possible.add(cell);
        } else if (instead.isEmpty()) {
          throw impossible.get();
        }
      }
      left += cells.size() - possible.size();
      for (Cell cell : possible) {
        if (!seen.add(cell.key())) {
          throw block.refuse(
              "protocol", "found the cell " + cell.title() + " a second time", "each cell once");
        }
      }
      if (!possible.isEmpty()) {
        blocks.add(possible);
      }
    }
    if (blocks.isEmpty()) {
      throw new SpecException(
          file + ": no cell of it can run on testbed " + testbed.word() + "; allowed: another");
    }
    List<String> notes =
        left == 0
            ? List.of()
            : List.of("left out: " + left + " cells that cannot be on testbed " + testbed.word());
    return new Experiment(name, question, testbed, blocks, seed, text, notes);
  }

  private static Optional<Integer> repetitions(YamlMap map) {
    return map.scalar("repetitions").map(v -> integer(v, 1, 1000));
  }

  /** What a block says of its repetitions, and of the rest what the experiment says. */
  private static Course course(YamlMap block, Course otherwise) {
    Phases phases = phases(block, otherwise.phases());
    return new Course(
        phases,
        changes(block, phases.measure()),
        repetitions(block).orElse(otherwise.repetitions()));
  }

  private static Phases phases(YamlMap parent, Phases otherwise) {
    YamlMap map = parent.map("phases", PHASES).orElse(null);
    if (map == null) {
      return otherwise;
    }
    return new Phases(
        duration(map, "warmup", Duration.ZERO).orElse(otherwise.warmup()),
        duration(map, "idle", Duration.ZERO).orElse(otherwise.idle()),
        duration(map, "measure", SHORTEST_MEASURE).orElse(otherwise.measure()),
        duration(map, "drain", Duration.ZERO).orElse(otherwise.drain()));
  }

  private static List<Change> changes(YamlMap block, Duration measure) {
    if (!block.has("events")) {
      return List.of();
    }
    List<Change> changes = new ArrayList<>();
    for (YamlMap event : block.maps("events", EVENT)) {
      Duration at =
          duration(event, "at", Duration.ZERO)
              .orElseThrow(
                  () -> event.refuse("at", "found no such key", "when, from the start of measure"));
      if (at.compareTo(measure) >= 0) {
        throw event.refuse(
            "at",
            "found " + at.toMillis() + "ms in a measure phase of " + measure.toMillis() + "ms",
            "a moment within it");
      }
      List<Change.Kind> kinds =
          Arrays.stream(Change.Kind.values()).filter(k -> event.has(k.word())).toList();
      if (kinds.size() != 1) {
        throw event.refuse(
            "at",
            "found " + kinds.size() + " things to do",
            "one of " + String.join(", ", Named.words(Change.Kind.class)));
      }
      Change.Kind kind = kinds.getFirst();
      changes.add(new Change(kind, integer(event.required(kind.word(), ""), 1, MAX_PODS - 1), at));
    }
    changes.sort(Comparator.comparing(Change::at));
    return changes;
  }

  /** The product of a block's axes: each takes its place in turn, the first varies slowest. */
  private static List<Cell> expand(YamlMap block, TestbedKind testbed, Course course) {
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
            block.axis("connections", v -> integer(v, 1, MAX_CONNECTIONS)),
            Traffic::withConnections);
    cells = times(cells, block.axis("pods", v -> integer(v, 1, MAX_PODS)), Cell::withPods);
    cells =
        traffic(
            cells, block.axis("clients", v -> integer(v, 1, MAX_CLIENTS)), Traffic::withClients);
    cells = times(cells, block.axis("nodes", v -> integer(v, 1, MAX_NODES)), Cell::withNodes);
    cells = traffic(cells, block.axis("rate", ExperimentReader::load), Traffic::with);
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
    List<Integer> values = block.axis(setting.word(), v -> number(setting, v));
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
    return block.axis(key, v -> word(type, v));
  }

  private static int number(Setting setting, Value v) {
    if (setting.unit() == Setting.Unit.NUMBER) {
      return integer(v, setting.least(), setting.most());
    }
    Matcher m = DURATION.matcher(v.text());
    if (m.matches() && !m.group(2).equals("ms")) {
      long seconds = Long.parseLong(m.group(1)) * (m.group(2).equals("m") ? 60 : 1);
      if (seconds >= setting.least() && seconds <= setting.most()) {
        return (int) seconds;
      }
    }
    throw v.refuse(
        "a duration in whole seconds, such as 5s or 2m, from "
            + setting.least()
            + "s to "
            + setting.most()
            + "s");
  }

  private static <T extends Enum<T> & Named> T word(Class<T> type, Value v) {
    return Named.find(type, v.text())
        .orElseThrow(() -> v.refuse(String.join(", ", Named.words(type))));
  }

  private static String name(Value v) {
    if (!NAME.matcher(v.text()).matches()) {
      throw v.refuse("a name of a-z, 0-9 and -, at most 41 characters");
    }
    return v.text();
  }

  private static int integer(Value v, int min, int max) {
    try {
      int n = Integer.parseInt(v.text());
      if (n >= min && n <= max) {
        return n;
      }
    } catch (NumberFormatException _) {
      // refused below, with its place
    }
    throw v.refuse("a whole number from " + min + " to " + max);
  }

  private static long seed(Value v) {
    try {
      return Long.parseLong(v.text());
    } catch (NumberFormatException _) {
      throw v.refuse("a whole number of 64 bits");
    }
  }

  private static LoadModel load(Value v) {
    if (v.text().equals("closed")) {
      return new LoadModel.Closed();
    }
    try {
      int n = Integer.parseInt(v.text());
      if (n >= 1 && n <= 1_000_000) {
        return new LoadModel.Open(n);
      }
    } catch (NumberFormatException _) {
      // refused below, with its place
    }
    throw v.refuse("closed, or requests a second from 1 to 1000000");
  }

  private static Optional<Duration> duration(YamlMap map, String key, Duration min) {
    if (!map.has(key)) {
      return Optional.empty();
    }
    Value v = map.required(key, "");
    Matcher m = DURATION.matcher(v.text());
    if (m.matches()) {
      long n = Long.parseLong(m.group(1));
      Duration d =
          switch (m.group(2)) {
            case "ms" -> Duration.ofMillis(n);
            case "s" -> Duration.ofSeconds(n);
            default -> Duration.ofMinutes(n);
          };
      if (d.compareTo(min) >= 0 && d.compareTo(Duration.ofHours(1)) <= 0) {
        return Optional.of(d);
      }
    }
    throw v.refuse("a duration such as 500ms, 5s or 2m, from " + min.toMillis() + "ms to 60m");
  }
}
