package dev.conntrail.experiment;

import dev.conntrail.analysis.Effects;
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
import dev.conntrail.spec.KeepAlive;
import dev.conntrail.spec.LoadModel;
import dev.conntrail.spec.Opening;
import dev.conntrail.spec.Phases;
import dev.conntrail.spec.Pooling;
import dev.conntrail.spec.Protocol;
import dev.conntrail.spec.TestbedKind;
import dev.conntrail.spec.Traffic;
import dev.conntrail.testbed.LoopbackTestbed;
import dev.conntrail.testbed.NetnsTestbed;
import dev.conntrail.testbed.Place;
import dev.conntrail.testbed.TestbedException;
import dev.conntrail.testbed.TestbedRegistry;
import dev.conntrail.testbed.TestbedSize;
import dev.conntrail.testbed.UmlGuest;
import dev.conntrail.testbed.kube.KindRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** One run of an experiment, from nothing to a result folder. */
public final class ExperimentRun {
  private static final int PRIMING_CONNECTIONS = 10;
  private static final int PRIMING_RATE = 1000;
  private static final Course PRIMING =
      new Course(
          new Phases(Duration.ZERO, Duration.ZERO, Duration.ofMillis(1200), Duration.ofSeconds(1)),
          List.of(),
          1);

  /** How progress of a run is said where there is no terminal. */
  private static final Pattern REPETITION = Pattern.compile("\\d+/\\d+ (.*); [^;]* left");

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  /**
   * How a run ended.
   *
   * @param folder its results
   * @param status {@code complete}, {@code partial} or {@code failed}
   * @param failures why repetitions failed; empty if none did
   */
  public record Ended(RunFolder folder, String status, List<String> failures) {}

  /**
   * What cells must have in common to share a stage.
   *
   * @param mode kube-proxy's, on a cluster
   * @param pods on a cluster, whose Service has all that there are; else 0
   */
  private record Ground(TestbedKind testbed, DataPlane mode, int pods, int nodes) {}

  /** The repetition under way. */
  private record Now(String cell, int repetition) {}

  private static final Now NOWHERE = new Now("NA", 0);

  private final Experiment experiment;
  private final RunOptions options;
  private final Progress progress;
  private final Cancellation cancellation;
  private final UnaryOperator<String> edit;
  private final String run = TestbedRegistry.newRun();
  private final long startNs = System.nanoTime();
  private final List<String> failures = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final Map<String, String> rulesSha256 = new TreeMap<>();
  private final Map<String, String> facts = new TreeMap<>();
  private final Map<String, String> backends = new TreeMap<>();
  private final List<List<String>> order = new ArrayList<>();
  private RunFolder folder;
  private String testbeds = "";
  private Map<TestbedKind, List<Cell>> placed = Map.of();
  private volatile Now now = NOWHERE;
  private String lastSaid = "";
  private int done;

  private ExperimentRun(
      Experiment experiment, RunOptions options, Progress progress, Cancellation cancellation) {
    this.experiment = experiment;
    this.options = options;
    this.progress = progress;
    this.cancellation = cancellation;
    this.edit = edit(options.rulesEdit());
  }

  /** Runs an experiment. */
  public static Ended run(
      Experiment experiment, RunOptions options, Progress progress, Cancellation cancellation)
      throws IOException {
    return new ExperimentRun(experiment, options, progress, cancellation).run();
  }

  /**
   * The edit that {@code REGEX=>REPLACEMENT} asks for; the identity for an empty text.
   *
   * @throws IllegalArgumentException if it is not that
   */
  public static UnaryOperator<String> edit(String text) {
    if (text.isEmpty()) {
      return UnaryOperator.identity();
    }
    int arrow = text.indexOf("=>");
    if (arrow <= 0) {
      throw new IllegalArgumentException(
          "--edit-rules: found '" + text + "'; allowed: REGEX=>REPLACEMENT");
    }
    try {
      Pattern pattern = Pattern.compile(text.substring(0, arrow));
      String replacement = text.substring(arrow + 2);
      return rules -> pattern.matcher(rules).replaceAll(replacement);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "--edit-rules: '" + e.getPattern() + "' is no regular expression: " + e.getDescription(),
          e);
    }
  }

  private Ended run() throws IOException {
    TestbedRegistry.clearKilled().forEach(progress::say);
    if (experiment.testbed() == TestbedKind.KIND) {
      KindRegistry.clearKilled().forEach(progress::say);
    }
    RunFolder.clearKilled(options.results(), ExperimentRun::live).forEach(progress::say);
    Instant started = Instant.now();
    placed = new LinkedHashMap<>(options.placement().cells());
    notes.addAll(options.placement().notes());
    testbeds = placed.keySet().stream().map(TestbedKind::word).collect(Collectors.joining("+"));
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
    Files.writeString(folder.path().resolve("owner.pid"), ProcessHandle.current().pid() + "\n");
    Files.writeString(folder.experiment(), experiment.source());
    Json.write(folder.environment(), environment);
    writeCells();
    Csv.write(folder.events(), Rows.Event.class, List.of());
    Csv.write(folder.changes(), Rows.Change.class, List.of());
    Csv.write(folder.effects(), Rows.Effect.class, List.of());
    Csv.write(folder.disagreements(), Rows.Disagreement.class, List.of());
    Csv.write(folder.installs(), Rows.Install.class, List.of());
    Csv.write(folder.clocks(), Rows.Clock.class, List.of());

    for (TestbedKind testbed : List.copyOf(placed.keySet())) {
      if (!cancellation.cancelled()) {
        runOn(testbed);
      }
    }
    return finish(started);
  }

  /** All that runs on one testbed; the run goes on with the next where it cannot be had. */
  private void runOn(TestbedKind testbed) throws IOException {
    try {
      if (testbed == TestbedKind.UML && options.guest().isPresent()) {
        runInGuest();
      } else {
        runOnStages(testbed);
      }
    } catch (TestbedException e) {
      // what was told to stop in the middle of being made says so, and that is no failure
      if (!cancellation.cancelled()) {
        if (!Files.exists(folder.summary()) && placed.size() == 1) {
          RunFolder.deleteTree(folder.path());
          throw e;
        }
        failures.add(e.getMessage());
      }
      progress.say(String.valueOf(e.getMessage()));
    }
  }

  private void runOnStages(TestbedKind testbed) throws IOException {
    try (Stages stages = stages(testbed)) {
      int all = placed.get(testbed).size();
      placed.put(testbed, possible(placed.get(testbed), stages.onlyMode()));
      if (placed.get(testbed).size() < all) {
        writeCells();
      }
      Map<Ground, List<Cell>> grounds = new LinkedHashMap<>();
      placed
          .get(testbed)
          .forEach(c -> grounds.computeIfAbsent(ground(testbed, c), _ -> new ArrayList<>()).add(c));
      for (Map.Entry<Ground, List<Cell>> ground : grounds.entrySet()) {
        if (!cancellation.cancelled()) {
          runOnStage(stages, ground.getKey(), ground.getValue());
        }
      }
    }
  }

  /** Runs cells within a guest, and takes over its results. */
  private void runInGuest() throws IOException {
    UmlGuest guest = options.guest().orElseThrow();
    List<Cell> cells = placed.get(TestbedKind.UML);
    progress.say("booting " + guest.kernel());
    double bootedMs = nowMs();
    event("guest-boot", guest.kernel().getFileName().toString());
    Path out = folder.guest();
    Set<String> ids = cells.stream().map(Cell::id).collect(Collectors.toSet());
    Optional<RunFolder> results =
        GuestRun.run(
            guest,
            experiment.only(ids, TestbedKind.UML),
            out,
            options.rulesEdit(),
            cancellation,
            this::saidInGuest);
    if (results.isEmpty()) {
      throw new TestbedException(
          "the guest gave no results"
              + (lastSaid.isEmpty() ? "" : "; the last that it said: " + lastSaid));
    }
    folder.adopt(results.get(), bootedMs);
    Csv.read(results.get().cells(), Rows.Cells.class)
        .forEach(c -> backends.put(c.cell(), c.iptablesBackend()));
    writeCells();
    Manifest inner = Json.read(results.get().manifest(), Manifest.class);
    inner.notes().forEach(n -> notes.add("in the guest: " + n));
    inner.rulesSha256().forEach((k, v) -> rulesSha256.put("uml: " + k, v));
    order.addAll(inner.cellOrder());
    if (inner.status().equals("failed")) {
      failures.add("cells within the guest failed");
    }
    RunFolder.deleteTree(out);
    event("guest-off", "");
  }

  /** A line of the run within the guest: its progress is this run's. */
  private void saidInGuest(String line) {
    lastSaid = line;
    Matcher repetition = REPETITION.matcher(line);
    if (repetition.matches()) {
      done++;
      progress.repetition(done, tries(), repetition.group(1));
    } else {
      progress.say("guest: " + line);
    }
  }

  private Ended finish(Instant started) throws IOException {
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
    String status =
        cancellation.cancelled() ? "partial" : failures.isEmpty() ? "complete" : "failed";
    double seconds = (System.nanoTime() - startNs) / 1e9;
    notes.addAll(failures);
    if (cancellation.cancelled()) {
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
    Files.delete(folder.path().resolve("owner.pid"));
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
    return new Ended(finished, status, failures);
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

  private static boolean live(Path partial) {
    try {
      long pid = Long.parseLong(Files.readString(partial.resolve("owner.pid")).strip());
      return pid != ProcessHandle.current().pid()
          && ProcessHandle.of(pid)
              .filter(ProcessHandle::isAlive)
              .flatMap(p -> p.info().command())
              .filter(c -> c.endsWith("java"))
              .isPresent();
    } catch (IOException | NumberFormatException _) {
      return false;
    }
  }

  /** The cells that can be run, with a note of those that cannot. */
  private List<Cell> possible(List<Cell> cells, Optional<DataPlane> onlyMode) {
    List<Cell> possible =
        cells.stream()
            .filter(c ->
                onlyMode.isEmpty()
                    || c.dataPlane() == DataPlane.DIRECT
                    || c.dataPlane() == onlyMode.get())
            .toList();
    int left = cells.size() - possible.size();
    if (left > 0) {
      notes.add(
          "left out: "
              + left
              + " cells of other modes, for this cluster's kube-proxy runs in mode "
              + onlyMode.get().word());
      progress.say(notes.getLast());
    }
    return possible;
  }

  /** All cells that are run. */
  private List<Cell> cells() {
    return placed.values().stream().flatMap(List::stream).toList();
  }

  private int tries() {
    return cells().stream().mapToInt(c -> c.course().repetitions()).sum();
  }

  private double nowMs() {
    return (System.nanoTime() - startNs) / 1e6;
  }

  private Environment environment() {
    return EnvironmentProbe.probe(options.version(), placed.keySet(), facts);
  }

  /** A cluster has one mode for all its cells; here rules are loaded for each repetition anew. */
  private Ground ground(TestbedKind testbed, Cell cell) {
    return testbed.kubernetes()
        ? new Ground(testbed, clusterMode(testbed, cell.dataPlane()), cell.pods(), 1)
        : new Ground(testbed, DataPlane.DIRECT, 0, cell.nodes());
  }

  /** Straight to the pods is the same in every mode: it is run in the first that there is. */
  private DataPlane clusterMode(TestbedKind testbed, DataPlane plane) {
    return plane != DataPlane.DIRECT
        ? plane
        : placed.get(testbed).stream()
            .map(Cell::dataPlane)
            .filter(p -> p != DataPlane.DIRECT)
            .findFirst()
            .orElse(DataPlane.IPTABLES);
  }

  private Stages stages(TestbedKind testbed) {
    if (testbed.kubernetes()) {
      return new ClusterStages(
          testbed, options.cluster(), run, folder, cancellation, progress, this::event);
    }
    return (_, size) ->
        LocalStage.open(
            testbed == TestbedKind.LOOPBACK
                ? new LoopbackTestbed(size)
                : NetnsTestbed.up(run, size, false),
            edit,
            folder.logs(),
            cancellation);
  }

  private void runOnStage(Stages stages, Ground ground, List<Cell> cells) throws IOException {
    TestbedSize size =
        new TestbedSize(
            cells.stream().mapToInt(Cell::mostPods).max().orElse(1),
            cells.stream().mapToInt(Cell::clients).max().orElse(1),
            ground.nodes());
    event(
        "testbed-up",
        size.pods() + " pods, " + size.clients() + " clients, " + size.nodes() + " nodes");
    try (Stage stage = open(stages, ground, size)) {
      event("echo-and-load-ready", "");
      prime(stage, cells);
      event("primed", "");
      Random random = new Random(experiment.seed());
      int most = cells.stream().mapToInt(c -> c.course().repetitions()).max().orElse(0);
      for (int number = 1; number <= most; number++) {
        int now = number;
        List<Cell> shuffled =
            new ArrayList<>(cells.stream().filter(c -> c.course().repetitions() >= now).toList());
        // Repetitions go round all cells, in a new order each time, so that drift of the machine
        // meets all cells alike.
        Collections.shuffle(shuffled, random);
        order.add(shuffled.stream().map(Cell::id).toList());
        for (Cell cell : shuffled) {
          if (cancellation.cancelled()) {
            return;
          }
          attempt(stage, cell, number);
          this.now = NOWHERE;
          done++;
          progress.repetition(done, tries(), cell.title() + ", repetition " + number);
        }
      }
      Csv.append(folder.clocks(), Rows.Clock.class, stage.load().clocks());
    } finally {
      facts.putAll(stages.facts());
      event("testbed-down", "");
    }
  }

  /** What takes long and has nothing to drain is interrupted when the run is to stop. */
  private Stage open(Stages stages, Ground ground, TestbedSize size) throws IOException {
    Thread self = Thread.currentThread();
    try (Cancellation.Handle _ = cancellation.onCancel(self::interrupt)) {
      return stages.open(ground.mode(), size);
    } finally {
      Thread.interrupted();
    }
  }

  /**
   * Runs each protocol once, straight to the pods, and forgets what was seen: the just-in-time
   * compiler works now, and not while the first cells are measured.
   */
  private void prime(Stage stage, List<Cell> cells) throws IOException {
    RunFolder.Repetition scratch = folder.repetition("priming", 0);
    int clients = stage.clients().size();
    Set<Protocol> protocols = new LinkedHashSet<>();
    for (Cell cell : cells) {
      if (protocols.add(cell.protocol()) && !cancellation.cancelled()) {
        Traffic traffic =
            new Traffic(
                cell.protocol(),
                Pooling.DEDICATED,
                Opening.AT_ONCE,
                KeepAlive.NONE,
                Math.max(PRIMING_CONNECTIONS, clients),
                clients,
                new LoadModel.Open(PRIMING_RATE));
        stage
            .load()
            .run(
                Cell.of(DataPlane.DIRECT, traffic, cell.pods(), PRIMING),
                0,
                stage.echo().addresses(cell.protocol()),
                scratch,
                _ -> {});
      }
    }
    Files.createDirectories(scratch.path());
    stage.echo().take(scratch.echo());
    RunFolder.deleteTree(folder.path().resolve("cells").resolve("priming"));
  }

  /** A repetition that fails is kept under a name that says so, and the run goes on. */
  private void attempt(Stage stage, Cell cell, int number) throws IOException {
    RunFolder.Repetition files = folder.repetition(cell.id(), number);
    Files.createDirectories(files.path());
    try {
      repetition(stage, cell, number, files);
    } catch (TestbedException | IOException | UncheckedIOException e) {
      failures.add(cell.title() + ", repetition " + number + ": " + e.getMessage());
      progress.say("FAILED " + failures.getLast());
      Files.writeString(files.path().resolve("failure.txt"), e.getMessage() + "\n");
      files.fail();
      event("repetition-failed", String.valueOf(e.getMessage()));
    }
  }

  private void repetition(Stage stage, Cell cell, int number, RunFolder.Repetition files)
      throws IOException {
    now = new Now(cell.id(), number);
    try (Stage.Service service = stage.service(cell)) {
      event("rules-ready", cell.dataPlane().word());
      if (!service.rules().isEmpty()) {
        Files.writeString(files.rules(), service.rules());
      }
      ChangeTimeline changes = new ChangeTimeline(cell, number, service, cancellation);
      event("load-start", "");
      LoadProcesses.Outcome load =
          stage.load().run(cell, number, service.targets(), files, changes::start);
      event("load-end", "");
      for (Map.Entry<Place, String> lost : load.lost().entrySet()) {
        progress.say("lost " + lost.getKey().name() + ": " + lost.getValue());
        event("load-lost", lost.getValue());
      }
      List<Rows.Change> changed = changes.finish();
      Optional<Stage.KernelView> kernel = service.kernel();
      Optional<Stage.IpvsView> ipvs = service.ipvs();
      Echo.Counted counted = stage.echo().take(files.echo());
      Repetition.Rowset rows =
          Repetition.merge(
              new Repetition.Seen(
                  cell, number, stage.pods(cell), stage.clients(), load, counted, kernel, ipvs),
              files);
      Csv.append(folder.connections(), Rows.Connection.class, rows.connections());
      Csv.append(folder.distribution(), Rows.Distribution.class, rows.distribution());
      Csv.append(folder.disagreements(), Rows.Disagreement.class, rows.disagreements());
      Csv.append(folder.changes(), Rows.Change.class, changed);
      Csv.append(
          folder.effects(),
          Rows.Effect.class,
          Effects.of(
              cell,
              number,
              changed,
              rows.connections(),
              Csv.read(files.intervals(), Rows.Interval.class)));
      Csv.append(folder.summary(), Rows.Summary.class, List.of(rows.summary()));
      List<Rows.Install> installs = service.remove(cell.id(), number);
      Csv.append(folder.installs(), Rows.Install.class, installs);
      for (Rows.Install install : installs) {
        if (install.rulesCount() > 0) {
          rulesSha256.put(name(cell, install), install.rulesSha256());
        }
      }
    }
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
  private synchronized void event(String event, String detail) {
    try {
      Csv.append(
          folder.events(),
          Rows.Event.class,
          List.of(
              new Rows.Event(
                  now.cell(), now.repetition(), nowMs(), event, detail.isEmpty() ? "NA" : detail)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
