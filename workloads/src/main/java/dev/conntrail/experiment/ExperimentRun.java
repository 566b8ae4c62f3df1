package dev.conntrail.experiment;

import dev.conntrail.analysis.Effects;
import dev.conntrail.result.Csv;
import dev.conntrail.result.Rows;
import dev.conntrail.result.RunFolder;
import dev.conntrail.spec.Cell;
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
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

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

  private final Experiment experiment;
  private final RunOptions options;
  private final Progress progress;
  private final Cancellation cancellation;
  private final UnaryOperator<String> edit;
  private final String run = TestbedRegistry.newRun();
  private RunRecord record;
  private String lastSaid = "";

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
    RunFolder.clearKilled(options.results(), RunRecord::live).forEach(progress::say);
    record = new RunRecord(experiment, options, run);
    progress.folder(record.folder().path());
    for (TestbedKind testbed : record.testbeds()) {
      if (!cancellation.cancelled()) {
        runOn(testbed);
      }
    }
    return record.finish(cancellation.cancelled());
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
        if (!Files.exists(record.folder().summary()) && record.testbeds().size() == 1) {
          RunFolder.deleteTree(record.folder().path());
          throw e;
        }
        record.failed(e.getMessage());
      }
      progress.say(String.valueOf(e.getMessage()));
    }
  }

  private void runOnStages(TestbedKind testbed) throws IOException {
    try (Stages stages = stages(testbed)) {
      leaveOutOtherModes(testbed, stages.onlyMode());
      Map<Ground, List<Cell>> grounds = new LinkedHashMap<>();
      record
          .cells(testbed)
          .forEach(c -> grounds.computeIfAbsent(ground(testbed, c), _ -> new ArrayList<>()).add(c));
      for (Map.Entry<Ground, List<Cell>> ground : grounds.entrySet()) {
        if (!cancellation.cancelled()) {
          runOnStage(stages, ground.getKey(), ground.getValue());
        }
      }
    }
  }

  /** Runs cells within a guest, and takes over its results, whatever there is of them. */
  private void runInGuest() throws IOException {
    UmlGuest guest = options.guest().orElseThrow();
    Set<String> ids =
        record.cells(TestbedKind.UML).stream().map(Cell::id).collect(Collectors.toSet());
    progress.say("booting " + guest.kernel());
    double bootedMs = record.nowMs();
    record.event("guest-boot", guest.kernel().getFileName().toString());
    try {
      Optional<RunFolder> results =
          GuestRun.run(
              guest,
              experiment.only(ids, TestbedKind.UML),
              record.folder().guest(),
              options.rulesEdit(),
              cancellation,
              this::saidInGuest);
      if (results.isEmpty()) {
        throw new TestbedException(
            "the guest gave no results"
                + (lastSaid.isEmpty() ? "" : "; the last that it said: " + lastSaid));
      }
      record.adopt(results.get(), bootedMs);
      RunFolder.deleteTree(record.folder().guest());
    } finally {
      record.folder().adoptLeft();
      record.event("guest-off", "");
    }
  }

  /** A line of the run within the guest: its progress is this run's. */
  private void saidInGuest(String line) {
    lastSaid = line;
    Matcher repetition = REPETITION.matcher(line);
    if (repetition.matches()) {
      progress.repetition(record.ended(), record.tries(), repetition.group(1));
    } else {
      progress.say("guest: " + line);
    }
  }

  /** A cluster that is there has one mode. */
  private void leaveOutOtherModes(TestbedKind testbed, Optional<DataPlane> onlyMode)
      throws IOException {
    List<Cell> cells = record.cells(testbed);
    List<Cell> possible =
        cells.stream()
            .filter(c ->
                onlyMode.isEmpty()
                    || c.dataPlane() == DataPlane.DIRECT
                    || c.dataPlane() == onlyMode.get())
            .toList();
    if (possible.size() < cells.size()) {
      String why =
          "left out: "
              + (cells.size() - possible.size())
              + " cells of other modes, for this cluster's kube-proxy runs in mode "
              + onlyMode.orElseThrow().word();
      record.keepOnly(testbed, possible, why);
      progress.say(why);
    }
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
        : record.cells(testbed).stream()
            .map(Cell::dataPlane)
            .filter(p -> p != DataPlane.DIRECT)
            .findFirst()
            .orElse(DataPlane.IPTABLES);
  }

  private Stages stages(TestbedKind testbed) {
    if (testbed.kubernetes()) {
      return new ClusterStages(
          testbed, options.cluster(), run, record.folder(), cancellation, progress, record::event);
    }
    return (_, size) ->
        LocalStage.open(
            testbed == TestbedKind.LOOPBACK
                ? new LoopbackTestbed(size)
                : NetnsTestbed.up(run, size, false),
            edit,
            record.folder().logs(),
            cancellation);
  }

  private void runOnStage(Stages stages, Ground ground, List<Cell> cells) throws IOException {
    TestbedSize size =
        new TestbedSize(
            cells.stream().mapToInt(Cell::mostPods).max().orElse(1),
            cells.stream().mapToInt(Cell::clients).max().orElse(1),
            ground.nodes());
    record.event(
        "testbed-up",
        size.pods() + " pods, " + size.clients() + " clients, " + size.nodes() + " nodes");
    try (Stage stage = open(stages, ground, size)) {
      record.event("echo-and-load-ready", "");
      prime(stage, cells);
      record.event("primed", "");
      Random random = new Random(experiment.seed());
      int most = cells.stream().mapToInt(c -> c.course().repetitions()).max().orElse(0);
      for (int number = 1; number <= most; number++) {
        int turn = number;
        List<Cell> shuffled =
            new ArrayList<>(cells.stream().filter(c -> c.course().repetitions() >= turn).toList());
        // Repetitions go round all cells, in a new order each time, so that drift of the machine
        // meets all cells alike.
        Collections.shuffle(shuffled, random);
        record.ordered(shuffled);
        for (Cell cell : shuffled) {
          if (cancellation.cancelled()) {
            return;
          }
          attempt(stage, cell, number);
          progress.repetition(
              record.ended(), record.tries(), cell.title() + ", repetition " + number);
        }
      }
      Csv.append(record.folder().clocks(), Rows.Clock.class, stage.load().clocks());
    } finally {
      record.learned(stages.facts());
      record.event("testbed-down", "");
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
    RunFolder folder = record.folder();
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
    RunFolder.Repetition files = record.folder().repetition(cell.id(), number);
    Files.createDirectories(files.path());
    try {
      repetition(stage, cell, number, files);
    } catch (IOException | RuntimeException e) {
      String why = cell.title() + ", repetition " + number + ": " + e.getMessage();
      record.failed(why);
      progress.say("FAILED " + why);
      Files.writeString(files.path().resolve("failure.txt"), e.getMessage() + "\n");
      files.fail();
      record.event("repetition-failed", String.valueOf(e.getMessage()));
    }
  }

  private void repetition(Stage stage, Cell cell, int number, RunFolder.Repetition files)
      throws IOException {
    record.begins(cell, number);
    RunFolder folder = record.folder();
    try (Stage.Service service = stage.service(cell)) {
      record.event("rules-ready", cell.dataPlane().word());
      if (!service.rules().isEmpty()) {
        Files.writeString(files.rules(), service.rules());
      }
      ChangeTimeline changes = new ChangeTimeline(cell, number, service, cancellation);
      record.event("load-start", "");
      LoadProcesses.Outcome load =
          stage.load().run(cell, number, service.targets(), files, changes::start);
      record.event("load-end", "");
      for (Map.Entry<Place, String> lost : load.lost().entrySet()) {
        progress.say("lost " + lost.getKey().name() + ": " + lost.getValue());
        record.event("load-lost", lost.getValue());
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
      record.installed(cell, service.remove(cell.id(), number));
    }
  }
}
