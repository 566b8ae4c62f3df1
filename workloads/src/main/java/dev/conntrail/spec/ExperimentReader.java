package dev.conntrail.spec;

import dev.conntrail.spec.YamlMap.Value;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads an experiment from YAML, strictly: whatever is not understood is refused with its place.
 */
public final class ExperimentReader {
  private static final List<String> TOP =
      List.of("experiment", "question", "testbed", "matrix", "phases", "repetitions", "seed");
  private static final List<String> BLOCK =
      List.of(
          "data-plane",
          "iptables-backend",
          "protocol",
          "pooling",
          "connections",
          "pods",
          "clients",
          "rate");
  private static final List<String> PHASES = List.of("warmup", "measure", "drain");
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,40}");
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
    Phases phases = phases(top);
    int repetitions = top.scalar("repetitions").map(v -> integer(v, 1, 1000)).orElse(1);
    long seed = top.scalar("seed").map(ExperimentReader::seed).orElse(1L);
    Set<Cell> cells = new LinkedHashSet<>();
    for (YamlMap block : top.maps("matrix", BLOCK)) {
      if (instead.isEmpty() && testbed.kubernetes() && block.has("iptables-backend")) {
        throw block.refuse(
            "iptables-backend",
            "found a backend on testbed " + testbed.word(),
            "none there: kube-proxy chooses, and the run records which");
      }
      List<Cell> expanded = expand(block, testbed, phases);
      if (instead.isPresent() && testbed.kubernetes()) {
        // The backend is kube-proxy's own choice there: cells that differ in nothing else are one.
        expanded = expanded.stream().map(Cell::anyBackend).distinct().toList();
      }
      for (Cell cell : expanded) {
        if (!cells.add(cell)) {
          throw block.refuse(
              "protocol", "found the cell " + cell.id() + " a second time", "each cell once");
        }
      }
    }
    return new Experiment(
        name, question, testbed, List.copyOf(cells), phases, repetitions, seed, text);
  }

  private static Phases phases(YamlMap top) {
    YamlMap map = top.map("phases", PHASES).orElse(null);
    Duration warmup = duration(map, "warmup", Duration.ZERO, Duration.ofSeconds(1));
    Duration measure = duration(map, "measure", Duration.ofMillis(100), Duration.ofSeconds(5));
    Duration drain = duration(map, "drain", Duration.ZERO, Duration.ofSeconds(2));
    return new Phases(warmup, measure, drain);
  }

  private static List<Cell> expand(YamlMap block, TestbedKind testbed, Phases phases) {
    List<DataPlane> planes =
        axis(
            block,
            "data-plane",
            v -> word(DataPlane.class, v),
            testbed == TestbedKind.LOOPBACK ? DataPlane.DIRECT : DataPlane.IPTABLES);
    List<IptablesBackend> backends =
        axis(block, "iptables-backend", v -> word(IptablesBackend.class, v), IptablesBackend.AUTO);
    if (block.has("iptables-backend") && !planes.contains(DataPlane.IPTABLES)) {
      throw block.refuse(
          "iptables-backend",
          "found a backend but no data plane iptables",
          "the key only beside data-plane: iptables");
    }
    List<Protocol> protocols =
        axis(block, "protocol", v -> word(Protocol.class, v), Protocol.HTTP1);
    List<Pooling> poolings = axis(block, "pooling", v -> word(Pooling.class, v), Pooling.DEDICATED);
    List<Integer> connections =
        axis(block, "connections", v -> integer(v, 1, MAX_CONNECTIONS), 100);
    List<Integer> pods = axis(block, "pods", v -> integer(v, 1, MAX_PODS), 10);
    List<Integer> clients = axis(block, "clients", v -> integer(v, 1, MAX_CLIENTS), 1);
    List<LoadModel> loads = axis(block, "rate", ExperimentReader::load, new LoadModel.Closed());
    List<Cell> cells = new ArrayList<>();
    for (DataPlane plane : planes) {
      for (IptablesBackend backend :
          plane == DataPlane.IPTABLES ? backends : List.of(IptablesBackend.AUTO)) {
        for (Protocol protocol : protocols) {
          for (Pooling pooling : poolings) {
            for (int c : connections) {
              for (int p : pods) {
                for (int k : clients) {
                  for (LoadModel load : loads) {
                    Cell cell = new Cell(plane, backend, protocol, pooling, c, p, k, load);
                    check(block, cell, testbed, phases);
                    cells.add(cell);
                  }
                }
              }
            }
          }
        }
      }
    }
    return cells;
  }

  /** Refuses pairs that cannot be. */
  private static void check(YamlMap block, Cell cell, TestbedKind testbed, Phases phases) {
    if (testbed == TestbedKind.LOOPBACK && cell.dataPlane() != DataPlane.DIRECT) {
      throw block.refuse(
          "data-plane",
          "found '" + cell.dataPlane().word() + "' on testbed loopback",
          "direct there, for loopback has no rules; or testbed: netns");
    }
    if (cell.pooling() == Pooling.SHARED && !cell.protocol().shareable()) {
      throw block.refuse(
          "pooling",
          "found 'shared' with protocol " + cell.protocol().word(),
          "dedicated there; shared with http1, http2, grpc, grpc-stream");
    }
    if (cell.pooling() == Pooling.SHARED && cell.dataPlane() == DataPlane.DIRECT) {
      throw block.refuse(
          "pooling",
          "found 'shared' with data plane direct",
          "shared only with a Service, for one client has one address");
    }
    if (cell.clients() > cell.connections()) {
      throw block.refuse(
          "clients",
          "found " + cell.clients() + " clients for " + cell.connections() + " connections",
          "at most as many clients as connections");
    }
    if (!cell.protocol().longLived()) {
      switch (cell.load()) {
        case LoadModel.Closed() ->
            throw block.refuse(
                "rate",
                "found 'closed' with protocol short-lived",
                "a rate in requests a second, for a closed loop would run out of local ports");
        case LoadModel.Open(int rate) -> {
          long opened = rate * phases.sending().toMillis() / 1000;
          long ports = (long) PORTS_PER_CLIENT * cell.clients();
          if (opened > ports) {
            throw block.refuse(
                "rate",
                "found "
                    + rate
                    + " a second for "
                    + phases.sending().toSeconds()
                    + " s, which opens "
                    + opened
                    + " connections",
                "at most "
                    + ports
                    + " (the local ports of "
                    + cell.clients()
                    + " clients): lower the rate, shorten measure, or raise clients");
          }
        }
      }
    }
  }

  private static <T> List<T> axis(YamlMap block, String key, Function<Value, T> read, T otherwise) {
    List<T> values = block.axis(key, read);
    return values.isEmpty() ? List.of(otherwise) : values;
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

  private static Duration duration(YamlMap map, String key, Duration min, Duration otherwise) {
    if (map == null || !map.has(key)) {
      return otherwise;
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
        return d;
      }
    }
    throw v.refuse("a duration such as 500ms, 5s or 2m, from " + min.toMillis() + "ms to 60m");
  }
}
