package dev.conntrail.experiment;

import dev.conntrail.analysis.Marks;
import dev.conntrail.analysis.Verdicts;
import dev.conntrail.dataplane.NodeProxy;
import dev.conntrail.result.Csv;
import dev.conntrail.result.Environment;
import dev.conntrail.result.Json;
import dev.conntrail.result.Manifest;
import dev.conntrail.result.Rows;
import dev.conntrail.result.RunFolder;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.Change;
import dev.conntrail.spec.Course;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.Experiment;
import dev.conntrail.spec.TestbedKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What a run writes of itself: its folder, the cells, what happened when, how it ended. */
final class RunRecord {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  /** The repetition under way. */
  private record Now(String cell, int repetition) {}

  private static final Now NOWHERE = new Now(Csv.MISSING, 0);

  private final Experiment experiment;
  private final RunOptions options;
  private final String run;
  private final Instant started = Instant.now();
  private final long startNs = System.nanoTime();
  private final Map<TestbedKind, List<Cell>> placed;
  private final String testbeds;
  private final RunFolder folder;
  private final WriterLock lock;
  private final List<String> notes = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();
  private final Map<String, String> rulesSha256 = new TreeMap<>();
  private final Map<String, String> facts = new TreeMap<>();
  private final Map<String, String> backends = new TreeMap<>();
  private final List<List<String>> order = new ArrayList<>();
  private volatile Now now = NOWHERE;
  private int done;

  /**
   * Opens the folder and the tables that every run has.
   *
   * @param run the run's name
   */
  RunRecord(Experiment experiment, RunOptions options, String run) throws IOException {
    this.experiment = experiment;
    this.options = options;
    this.run = run;
    this.placed = new LinkedHashMap<>(options.placement().cells());
    this.testbeds =
        placed.keySet().stream().map(TestbedKind::word).collect(Collectors.joining("+"));
    notes.addAll(options.placement().notes());
    Environment environment = environment();
    folder =
        RunFolder.create(
            options.results(),
            STAMP.format(started)
                + "_"
                + experiment.name()
                + "_"
                + testbeds
                + "_"
                + environment.git());
    lock = WriterLock.take(folder.path());
    Files.writeString(folder.experiment(), experiment.source());
    Json.write(folder.environment(), environment);
    writeCells();
    Csv.write(folder.events(), Rows.Event.class, List.of());
    Csv.write(folder.changes(), Rows.Change.class, List.of());
    Csv.write(folder.effects(), Rows.Effect.class, List.of());
    Csv.write(folder.disagreements(), Rows.Disagreement.class, List.of());
    Csv.write(folder.installs(), Rows.Install.class, List.of());
    Csv.write(folder.clocks(), Rows.Clock.class, List.of());
  }

  RunFolder folder() {
    return folder;
  }

  /** Where cells run, in order. */
  List<TestbedKind> testbeds() {
    return List.copyOf(placed.keySet());
  }

  /** The cells of a testbed. */
  List<Cell> cells(TestbedKind testbed) {
    return placed.get(testbed);
  }

  /** Leaves out the other cells of a testbed, and says why. */
  void keepOnly(TestbedKind testbed, List<Cell> cells, String why) throws IOException {
    placed.put(testbed, cells);
    note(why);
    writeCells();
  }

  /** All cells that are run. */
  List<Cell> cells() {
    return placed.values().stream().flatMap(List::stream).toList();
  }

  /** Repetitions of all of them. */
  int tries() {
    return cells().stream().mapToInt(c -> c.course().repetitions()).sum();
  }

  /** Since the run began. */
  double nowMs() {
    return (System.nanoTime() - startNs) / 1e6;
  }

  private Environment environment() {
    return EnvironmentProbe.probe(options.version(), placed.keySet(), facts);
  }

  /** A limit that the report is to say. */
  void note(String note) {
    notes.add(note);
  }

  void failed(String why) {
    failures.add(why);
  }

  /** The order in which cells were run. */
  void ordered(List<Cell> cells) {
    order.add(cells.stream().map(Cell::id).toList());
  }

  /** What follows belongs to a repetition. */
  void begins(Cell cell, int repetition) {
    now = new Now(cell.id(), repetition);
  }

  /** What follows belongs to no repetition; how many have ended. */
  int ended() {
    now = NOWHERE;
    return ++done;
  }

  /** What was learned of machines and programs. */
  void learned(Map<String, String> more) {
    facts.putAll(more);
  }

  /** Rules of a cell as they were loaded or found. */
  void installed(Cell cell, List<Rows.Install> installs) throws IOException {
    Csv.append(folder.installs(), Rows.Install.class, installs);
    for (Rows.Install install : installs) {
      if (install.rulesCount() > 0) {
        rulesSha256.put(name(cell, install), install.rulesSha256());
      }
    }
  }

  /**
   * Takes over the results of a guest.
   *
   * @param bootedMs when it was booted
   */
  void adopt(RunFolder guest, double bootedMs) throws IOException {
    folder.adopt(guest, bootedMs);
    Csv.read(guest.cells(), Rows.Cells.class)
        .forEach(c -> backends.put(c.cell(), c.iptablesBackend()));
    writeCells();
    Manifest inner = Json.read(guest.manifest(), Manifest.class);
    inner.notes().forEach(n -> notes.add("in the guest: " + n));
    inner.rulesSha256().forEach((k, v) -> rulesSha256.put("uml: " + k, v));
    order.addAll(inner.cellOrder());
    if (inner.status().equals("failed")) {
      failures.add("cells within the guest failed");
    }
  }

  /** Closes the folder. */
  ExperimentRun.Ended finish(boolean cancelled) throws IOException {
    List<Rows.Summary> summaries =
        Files.exists(folder.summary()) ? Csv.read(folder.summary(), Rows.Summary.class) : List.of();
    List<Rows.Distribution> distribution =
        Files.exists(folder.distribution())
            ? Csv.read(folder.distribution(), Rows.Distribution.class)
            : List.of();
    if (summaries.isEmpty()) {
      Csv.write(folder.summary(), Rows.Summary.class, List.of());
      Csv.write(folder.distribution(), Rows.Distribution.class, List.of());
      Csv.write(folder.connections(), Rows.Connection.class, List.of());
    }
    Csv.write(folder.verdicts(), Rows.Verdict.class, Verdicts.of(drawn(distribution, summaries)));
    String status = cancelled ? "partial" : failures.isEmpty() ? "complete" : "failed";
    double seconds = (System.nanoTime() - startNs) / 1e9;
    notes.addAll(failures);
    if (cancelled) {
      notes.add("stopped after " + done + " of " + tries() + " repetitions");
    }
    Json.write(
        folder.manifest(),
        new Manifest(
            Manifest.SCHEMA,
            run,
            experiment.name(),
            experiment.question(),
            testbeds,
            status,
            started.toString(),
            seconds,
            experiment.seed(),
            experiment.mostRepetitions(),
            order,
            rulesSha256,
            options.rulesEdit(),
            options.command(),
            notes));
    if (!facts.isEmpty()) {
      Json.write(folder.environment(), environment());
    }
    folder.dropEmptyLogs();
    lock.release();
    RunFolder finished = folder.finish();
    Csv.append(
        options.results().resolve("index.csv"),
        Rows.Index.class,
        List.of(
            new Rows.Index(
                finished.path().getFileName().toString(),
                run,
                started.toString(),
                experiment.name(),
                testbeds,
                status,
                cells().size(),
                summaries.size(),
                seconds,
                Json.read(finished.environment(), Environment.class).git())));
    return new ExperimentRun.Ended(finished, status, failures);
  }

  /**
   * What a fair draw can be asked of: without the repetitions that lost a pod, and without cells
   * whose Service changed, for there connections were not drawn from the same pods.
   */
  private List<Rows.Distribution> drawn(
      List<Rows.Distribution> distribution, List<Rows.Summary> summaries) {
    Set<String> broken =
        summaries.stream()
            .filter(s -> s.marks().contains(Marks.POD_LOST))
            .map(s -> s.cell() + "#" + s.repetition())
            .collect(Collectors.toSet());
    Set<String> changed =
        cells().stream()
            .filter(c -> !c.course().changes().isEmpty())
            .map(Cell::id)
            .collect(Collectors.toSet());
    return distribution.stream()
        .filter(d -> !broken.contains(d.cell() + "#" + d.repetition()))
        .filter(d -> !changed.contains(d.cell()))
        .toList();
  }

  /** What names rules in the manifest. */
  private static String name(Cell cell, Rows.Install install) {
    return install.dataPlane()
        + " "
        + install.backend()
        + " "
        + cell.pods()
        + " pods"
        + (cell.nodes() > 1 ? ", " + cell.nodes() + " nodes, " + install.node() : "");
  }

  private void writeCells() throws IOException {
    List<Rows.Cells> rows = new ArrayList<>();
    placed.forEach((testbed, cells) -> cells.forEach(c -> rows.add(row(testbed, c))));
    Csv.write(folder.cells(), Rows.Cells.class, rows);
  }

  private int block(Cell cell) {
    return IntStream.range(0, experiment.blocks().size())
            .filter(i -> experiment.blocks().get(i).contains(cell))
            .findFirst()
            .orElse(-1)
        + 1;
  }

  /** On a cluster installs.csv says what was found; a guest says it of itself. */
  private String backend(TestbedKind testbed, Cell c) {
    if (c.dataPlane() != DataPlane.IPTABLES || testbed.kubernetes()) {
      return Csv.MISSING;
    }
    return testbed == TestbedKind.UML && options.guest().isPresent()
        ? backends.getOrDefault(c.id(), Csv.MISSING)
        : NodeProxy.resolve(c.backend()).word();
  }

  private Rows.Cells row(TestbedKind testbed, Cell c) {
    Course course = c.course();
    String changes = course.changes().stream().map(Change::text).collect(Collectors.joining(";"));
    return new Rows.Cells(
        c.id(),
        c.title(),
        c.variant(),
        c.workload(),
        block(c),
        testbed.word(),
        c.dataPlane().word(),
        backend(testbed, c),
        c.dataPlane() == DataPlane.IPVS ? c.scheduler().word() : Csv.MISSING,
        c.protocol().word(),
        c.pooling().word(),
        c.traffic().opening().word(),
        c.traffic().keepAlive().word(),
        c.connections(),
        c.pods(),
        c.clients(),
        c.nodes(),
        c.load().word(),
        c.settings().numbers().isEmpty() ? Csv.MISSING : c.settings().text(";"),
        changes.isEmpty() ? Csv.MISSING : changes,
        course.phases().warmup().toMillis(),
        course.phases().idle().toMillis(),
        course.phases().measure().toMillis(),
        course.phases().drain().toMillis(),
        course.repetitions());
  }

  /** Notes what happened in the repetition under way; watches of a cluster do so too. */
  synchronized void event(String event, String detail) {
    try {
      Csv.append(
          folder.events(),
          Rows.Event.class,
          List.of(
              new Rows.Event(
                  now.cell(),
                  now.repetition(),
                  nowMs(),
                  event,
                  detail.isEmpty() ? Csv.MISSING : detail)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
