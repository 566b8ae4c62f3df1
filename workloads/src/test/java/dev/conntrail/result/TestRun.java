package dev.conntrail.result;

import dev.conntrail.result.row.CellRow;
import dev.conntrail.result.row.JmhRow;
import dev.conntrail.result.row.KernelRow;
import dev.conntrail.result.row.RunStatus;
import dev.conntrail.spec.Axes;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.Experiment;
import dev.conntrail.spec.ExperimentReader;
import dev.conntrail.spec.IptablesBackend;
import dev.conntrail.spec.TestbedKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * A result folder made of literal values. A test says what it is about; all else is as in a run
 * that nothing disturbed (see {@link TestRepetition}).
 *
 * <pre>{@code
 * TestRun run = TestRun.ofCells(folder, "connections: 10, pods: 4", "protocol: short-lived, pods: 4");
 * run.repetition(1).connections(10, 0, 0, 0).marks(Mark.STRAYS);
 * Analysis.of(run.fill().read());
 * }</pre>
 */
public final class TestRun {
  /** The run's name. */
  public static final String RUN = "ct0a1b2c";

  private final RunFolder folder;
  private final Experiment experiment;
  private final Map<Cell, TestbedKind> cells = new LinkedHashMap<>();
  private final Map<Cell, Integer> blocks = new HashMap<>();
  private final List<TestRepetition> repetitions = new ArrayList<>();
  private final List<KernelRow> kernel = new ArrayList<>();
  private final List<JmhRow> jmh = new ArrayList<>();
  private final List<Manifest.LeftOut> leftOut = new ArrayList<>();
  private RunStatus status = RunStatus.COMPLETE;

  private TestRun(Path folder, Experiment experiment) {
    this.folder = new RunFolder(folder);
    this.experiment = experiment;
    TestbedKind testbed =
        experiment.testbed() == TestbedKind.AUTO ? TestbedKind.NETNS : experiment.testbed();
    for (List<Cell> block : experiment.blocks()) {
      for (Cell asked : block) {
        Cell cell = effective(asked, testbed);
        cells.putIfAbsent(cell, testbed);
        blocks.putIfAbsent(cell, experiment.blocks().indexOf(block) + 1);
      }
    }
  }

  /** As a run does it: on this kernel iptables has a backend that is known. */
  private static Cell effective(Cell cell, TestbedKind testbed) {
    return cell.dataPlane() == DataPlane.IPTABLES
            && cell.backend() == IptablesBackend.AUTO
            && !testbed.kubernetes()
        ? cell.with(Axes.IPTABLES_BACKEND, IptablesBackend.NFT)
        : cell;
  }

  /** One of an experiment, all of whose cells run on its testbed. */
  public static TestRun of(Path folder, String yaml) {
    return new TestRun(folder, ExperimentReader.parse("literal.yaml", yaml));
  }

  /** The same of blocks of a matrix, each in YAML's flow style without its braces. */
  public static TestRun ofCells(Path folder, String... blocks) {
    return of(
        folder,
        "experiment: literal\nquestion: What do literal values say?\nmatrix:\n  - {"
            + String.join("}\n  - {", blocks)
            + "}\n");
  }

  /** Lets some cells run elsewhere. */
  public TestRun on(TestbedKind testbed, Predicate<Cell> which) {
    cells.replaceAll((cell, before) -> which.test(cell) ? testbed : before);
    return this;
  }

  /** How the run ended. */
  public TestRun status(RunStatus ended) {
    status = ended;
    return this;
  }

  /** All cells, in order, as they effectively are. */
  public List<Cell> cells() {
    return List.copyOf(cells.keySet());
  }

  /** A cell by its place, from 1. */
  public Cell cell(int number) {
    return cells().get(number - 1);
  }

  /** One repetition more of a cell. */
  public TestRepetition repetition(Cell cell) {
    TestRepetition added = new TestRepetition(cell, (int) count(cell) + 1);
    repetitions.add(added);
    return added;
  }

  /** The same of a cell by its place, from 1. */
  public TestRepetition repetition(int number) {
    return repetition(cell(number));
  }

  private long count(Cell cell) {
    return repetitions.stream().filter(r -> r.cell().equals(cell)).count();
  }

  /** Gives every cell the repetitions that it lacks. */
  public TestRun fill() {
    for (Cell cell : cells()) {
      while (count(cell) < cell.course().repetitions()) {
        repetition(cell);
      }
    }
    return this;
  }

  /** What calibrate measured; see {@link TestRows#kernel}. */
  public TestRun kernel(List<KernelRow> rows) {
    kernel.addAll(rows);
    return this;
  }

  /** What JMH measured; see {@link TestRows#model}. */
  public TestRun jmh(List<JmhRow> rows) {
    jmh.addAll(rows);
    return this;
  }

  /** Writes the folder. */
  public RunFolder write() throws IOException {
    Files.createDirectories(folder.path());
    Files.writeString(folder.experiment(), experiment.source());
    Json.write(folder.manifest(), manifest());
    Json.write(folder.environment(), Environment.UNKNOWN);
    List<CellRow> rows = new ArrayList<>();
    cells.forEach((cell, testbed) ->
        rows.add(CellRow.of(RUN, rows.size() + 1, blocks.get(cell), testbed, cell)));
    folder.write(Tables.CELLS, rows);
    for (Table<?> table : Tables.OF_A_RUN) {
      folder.write(table, List.of());
    }
    for (TestRepetition r : repetitions) {
      r.write(folder);
    }
    if (!kernel.isEmpty()) {
      folder.write(Tables.KERNEL, kernel);
    }
    if (!jmh.isEmpty()) {
      Json.write(folder.jmh().resolve("literal.json"), jmh.stream().map(TestRun::json).toList());
    }
    return folder;
  }

  /** A cell that did not run. */
  public TestRun leftOut(Manifest.LeftOut cell) {
    leftOut.add(cell);
    return this;
  }

  /** Writes the folder, and reads it. */
  public RunResults read() throws IOException {
    return RunResults.read(write());
  }

  private Manifest manifest() {
    return new Manifest(
        Manifest.SCHEMA,
        RUN,
        experiment.name(),
        experiment.question(),
        cells.values().stream().distinct().toList(),
        status,
        TestRepetition.STARTED.toString(),
        60,
        experiment.seed(),
        experiment.mostRepetitions(),
        List.of(cells().stream().map(Cell::id).toList()),
        List.of(),
        "",
        Optional.empty(),
        List.of("conntrail", "run", "literal.yaml"),
        List.of(),
        Optional.of(leftOut));
  }

  /** As JMH writes it: one fork, with what ran beside it. */
  private static Map<String, Object> json(JmhRow row) {
    Map<String, String> parameters = new TreeMap<>();
    JmhRow.What what = row.what();
    what.packet().ifPresent(p -> parameters.put("packet", p.word()));
    what.lookup().ifPresent(l -> parameters.put("mode", l.word()));
    what.target().ifPresent(t -> parameters.put("target", t.word()));
    what.table().ifPresent(t -> parameters.put("table", t.word()));
    put(parameters, "services", what.servicesCount());
    put(parameters, "endpoints", what.endpointsCount());
    put(parameters, "connections", what.connectionsCount());
    return Map.of(
        "benchmark",
        "dev.conntrail.jmh." + row.benchmark(),
        "threads",
        row.threads(),
        "params",
        parameters,
        "primaryMetric",
        Map.of(
            "scoreUnit",
            "ns/op",
            "rawData",
            List.of(List.of(row.minNs(), row.p50Ns(), row.maxNs()))),
        "secondaryMetrics",
        Map.of(
            "beside.other-cpu",
            Map.of("rawData", List.of(List.of(row.beside().otherCpuPct()))),
            "beside.steal",
            Map.of("rawData", List.of(List.of(row.beside().stealPct())))));
  }

  private static void put(Map<String, String> parameters, String name, Optional<Long> count) {
    count.map(String::valueOf).ifPresent(text -> parameters.put(name, text));
  }
}
