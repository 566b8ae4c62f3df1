package dev.conntrail.experiment;

import dev.conntrail.analysis.Marks;
import dev.conntrail.analysis.Verdicts;
import dev.conntrail.dataplane.RuleInstaller;
import dev.conntrail.result.Csv;
import dev.conntrail.result.Environment;
import dev.conntrail.result.Json;
import dev.conntrail.result.Manifest;
import dev.conntrail.result.Rows;
import dev.conntrail.result.RunFolder;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.Experiment;
import dev.conntrail.spec.IptablesBackend;
import dev.conntrail.spec.LoadModel;
import dev.conntrail.spec.Phases;
import dev.conntrail.spec.Pooling;
import dev.conntrail.spec.Protocol;
import dev.conntrail.spec.TestbedKind;
import dev.conntrail.testbed.LoopbackTestbed;
import dev.conntrail.testbed.NetnsTestbed;
import dev.conntrail.testbed.Place;
import dev.conntrail.testbed.TestbedException;
import dev.conntrail.testbed.TestbedRegistry;
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
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

/** One run of an experiment, from nothing to a result folder. */
public final class ExperimentRun {
  private static final int PRIMING_CONNECTIONS = 10;
  private static final int PRIMING_RATE = 1000;
  private static final Phases PRIMING =
      new Phases(Duration.ZERO, Duration.ofMillis(1200), Duration.ofSeconds(1));
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

  /** What cells must have in common to share a stage. */
  private record Ground(DataPlane mode, int pods) {}

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
  private final List<List<String>> order = new ArrayList<>();
  private RunFolder folder;
  private List<Cell> cells = List.of();
  private volatile Now now = NOWHERE;
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
    Environment environment =
        EnvironmentProbe.probe(options.version(), experiment.testbed(), Map.of());
    folder =
        RunFolder.create(
            options.results(),
            STAMP.format(started)
                + "_"
                + experiment.name()
                + "_"
                + experiment.testbed().word()
                + "_"
                + environment.git());
    Files.writeString(folder.path().resolve("owner.pid"), ProcessHandle.current().pid() + "\n");
    Files.writeString(folder.experiment(), experiment.source());
    Json.write(folder.environment(), environment);
    Csv.write(
        folder.cells(), Rows.Cells.class, experiment.cells().stream().map(this::row).toList());
    Csv.write(folder.events(), Rows.Event.class, List.of());
    Csv.write(folder.disagreements(), Rows.Disagreement.class, List.of());
    Csv.write(folder.installs(), Rows.Install.class, List.of());
    Csv.write(folder.clocks(), Rows.Clock.class, List.of());

    try (Stages stages = stages()) {
      cells = possible(stages.onlyMode());
      if (cells.size() < experiment.cells().size()) {
        Csv.write(folder.cells(), Rows.Cells.class, cells.stream().map(this::row).toList());
      }
      Map<Ground, List<Cell>> grounds = new LinkedHashMap<>();
      cells.forEach(c -> grounds.computeIfAbsent(ground(c), _ -> new ArrayList<>()).add(c));
      for (Map.Entry<Ground, List<Cell>> ground : grounds.entrySet()) {
        if (!cancellation.cancelled()) {
          runOn(stages, ground.getKey(), ground.getValue());
        }
      }
    } catch (TestbedException e) {
      // what was told to stop in the middle of being made says so, and that is no failure
      if (!cancellation.cancelled()) {
        if (!Files.exists(folder.summary())) {
          RunFolder.deleteTree(folder.path());
          throw e;
        }
        failures.add(e.getMessage());
      }
      progress.say(String.valueOf(e.getMessage()));
    }
    return finish(started);
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
    Csv.write(folder.verdicts(), Rows.Verdict.class, Verdicts.of(whole(distribution, summaries)));
    String status =
        cancellation.cancelled() ? "partial" : failures.isEmpty() ? "complete" : "failed";
    double seconds = (System.nanoTime() - startNs) / 1e9;
    notes.addAll(failures);
    if (cancellation.cancelled()) {
      notes.add(
          "stopped after "
              + done
              + " of "
              + cells.size() * experiment.repetitions()
              + " repetitions");
    }
    Json.write(
        folder.manifest(),
        new Manifest(
            Manifest.SCHEMA,
            run,
            experiment.name(),
            experiment.question(),
            experiment.testbed().word(),
            status,
            started.toString(),
            seconds,
            experiment.seed(),
            experiment.repetitions(),
            order,
            rulesSha256,
            options.rulesEdit(),
            options.command(),
            notes));
    if (!facts.isEmpty()) {
      Json.write(
          folder.environment(),
          EnvironmentProbe.probe(options.version(), experiment.testbed(), facts));
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
                experiment.testbed().word(),
                status,
                cells.size(),
                summaries.size(),
                seconds,
                Json.read(finished.environment(), Environment.class).git())));
    return new Ended(finished, status, failures);
  }

  /** Without the repetitions that lost a pod: there the draw was not from the same pods. */
  private static List<Rows.Distribution> whole(
      List<Rows.Distribution> distribution, List<Rows.Summary> summaries) {
    Set<String> broken =
        summaries.stream()
            .filter(s -> s.marks().contains(Marks.POD_LOST))
            .map(s -> s.cell() + "#" + s.repetition())
            .collect(Collectors.toSet());
    return distribution.stream()
        .filter(d -> !broken.contains(d.cell() + "#" + d.repetition()))
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
  private List<Cell> possible(Optional<DataPlane> onlyMode) {
    List<Cell> possible =
        experiment.cells().stream()
            .filter(c ->
                onlyMode.isEmpty()
                    || c.dataPlane() == DataPlane.DIRECT
                    || c.dataPlane() == onlyMode.get())
            .toList();
    int left = experiment.cells().size() - possible.size();
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

  /** A cluster has one mode for all its cells; here rules are loaded for each repetition anew. */
  private Ground ground(Cell cell) {
    DataPlane mode =
        experiment.testbed().kubernetes() ? clusterMode(cell.dataPlane()) : DataPlane.DIRECT;
    return new Ground(mode, cell.pods());
  }

  /** Straight to the pods is the same in every mode: it is run in the first that there is. */
  private DataPlane clusterMode(DataPlane plane) {
    return plane != DataPlane.DIRECT
        ? plane
        : cells.stream()
            .map(Cell::dataPlane)
            .filter(p -> p != DataPlane.DIRECT)
            .findFirst()
            .orElse(DataPlane.IPTABLES);
  }

  private Stages stages() {
    if (experiment.testbed().kubernetes()) {
      return new ClusterStages(
          experiment.testbed(),
          options.cluster(),
          run,
          folder,
          cancellation,
          progress,
          this::event);
    }
    return (_, pods, clients) ->
        LocalStage.open(
            experiment.testbed() == TestbedKind.LOOPBACK
                ? new LoopbackTestbed(pods, clients)
                : NetnsTestbed.up(run, pods, clients, false),
            edit,
            folder.logs(),
            cancellation);
  }

  private void runOn(Stages stages, Ground ground, List<Cell> cells) throws IOException {
    int clients = cells.stream().mapToInt(Cell::clients).max().orElse(1);
    event("testbed-up", ground.pods() + " pods, " + clients + " clients");
    try (Stage stage = open(stages, ground, clients)) {
      event("echo-and-load-ready", "");
      prime(stage, cells);
      event("primed", "");
      Random random = new Random(experiment.seed());
      for (int number = 1; number <= experiment.repetitions(); number++) {
        List<Cell> shuffled = new ArrayList<>(cells);
        // Repetitions go round all cells, in a new order each time, so that drift of the machine
        // meets all cells alike.
        Collections.shuffle(shuffled, random);
        order.add(shuffled.stream().map(Cell::id).toList());
        for (Cell cell : shuffled) {
          if (cancellation.cancelled()) {
            return;
          }
          attempt(stage, cell, number);
          now = NOWHERE;
          done++;
          progress.repetition(
              done,
              this.cells.size() * experiment.repetitions(),
              cell.title() + ", repetition " + number);
        }
      }
      Csv.append(folder.clocks(), Rows.Clock.class, stage.load().clocks());
    } finally {
      facts.putAll(stages.facts());
      event("testbed-down", "");
    }
  }

  /** What takes long and has nothing to drain is interrupted when the run is to stop. */
  private Stage open(Stages stages, Ground ground, int clients) throws IOException {
    Thread self = Thread.currentThread();
    try (Cancellation.Handle _ = cancellation.onCancel(self::interrupt)) {
      return stages.open(ground.mode(), ground.pods(), clients);
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
        Cell direct =
            new Cell(
                DataPlane.DIRECT,
                IptablesBackend.AUTO,
                cell.protocol(),
                Pooling.DEDICATED,
                Math.max(PRIMING_CONNECTIONS, clients),
                cell.pods(),
                clients,
                new LoadModel.Open(PRIMING_RATE));
        stage.load().run(direct, 0, stage.echo().addresses(cell.protocol()), PRIMING, scratch);
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
      event("load-start", "");
      LoadProcesses.Outcome load =
          stage.load().run(cell, number, service.targets(), experiment.phases(), files);
      event("load-end", "");
      for (Map.Entry<Place, String> lost : load.lost().entrySet()) {
        progress.say("lost " + lost.getKey().name() + ": " + lost.getValue());
        event("load-lost", lost.getValue());
      }
      Optional<Stage.KernelView> kernel = service.kernel();
      Echo.Counted counted = stage.echo().take(files.echo());
      Repetition.Rowset rows =
          Repetition.merge(
              new Repetition.Seen(
                  cell, number, stage.pods(), stage.clients(), load, counted, kernel),
              files);
      Csv.append(folder.connections(), Rows.Connection.class, rows.connections());
      Csv.append(folder.distribution(), Rows.Distribution.class, rows.distribution());
      Csv.append(folder.disagreements(), Rows.Disagreement.class, rows.disagreements());
      Csv.append(folder.summary(), Rows.Summary.class, List.of(rows.summary()));
      Rows.Install install = service.remove(cell.id(), number);
      Csv.append(folder.installs(), Rows.Install.class, List.of(install));
      if (!service.rulesName().isEmpty()) {
        rulesSha256.put(service.rulesName(), install.rulesSha256());
      }
    }
  }

  /** On a cluster, installs.csv says what was found. */
  private String backend(Cell c) {
    return c.dataPlane() == DataPlane.IPTABLES && !experiment.testbed().kubernetes()
        ? RuleInstaller.resolve(c.backend()).word()
        : "NA";
  }

  private Rows.Cells row(Cell c) {
    String rate =
        switch (c.load()) {
          case LoadModel.Closed() -> "closed";
          case LoadModel.Open(int r) -> Integer.toString(r);
        };
    return new Rows.Cells(
        c.id(),
        c.title(),
        c.dataPlane().word(),
        backend(c),
        c.protocol().word(),
        c.pooling().word(),
        c.connections(),
        c.pods(),
        c.clients(),
        rate,
        experiment.phases().warmup().toMillis(),
        experiment.phases().measure().toMillis(),
        experiment.phases().drain().toMillis());
  }

  /** Notes what happened in the repetition under way; watches of a cluster do so too. */
  private synchronized void event(String event, String detail) {
    try {
      Csv.append(
          folder.events(),
          Rows.Event.class,
          List.of(
              new Rows.Event(
                  now.cell(),
                  now.repetition(),
                  (System.nanoTime() - startNs) / 1e6,
                  event,
                  detail.isEmpty() ? "NA" : detail)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
