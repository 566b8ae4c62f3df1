package dev.conntrail.experiment;

import dev.conntrail.analysis.Verdicts;
import dev.conntrail.dataplane.Cidr;
import dev.conntrail.dataplane.Endpoint;
import dev.conntrail.dataplane.ProxyConfig;
import dev.conntrail.dataplane.RuleInstaller;
import dev.conntrail.dataplane.ServicePort;
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
import dev.conntrail.testbed.Testbed;
import dev.conntrail.testbed.TestbedException;
import dev.conntrail.testbed.TestbedRegistry;
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

/** One run of an experiment, from nothing to a result folder. */
public final class ExperimentRun {
  /** The cluster IP of the Service under test. */
  public static final String SERVICE_IP = "10.96.0.10";

  private static final int HTTP_SERVICE_PORT = 80;
  private static final int GRPC_SERVICE_PORT = 9090;
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

  private record Size(int pods, int clients) {}

  private final Experiment experiment;
  private final RunOptions options;
  private final Progress progress;
  private final Cancellation cancellation;
  private final UnaryOperator<String> edit;
  private final String run = TestbedRegistry.newRun();
  private final long startNs = System.nanoTime();
  private final List<String> failures = new ArrayList<>();
  private final Map<String, String> rulesSha256 = new TreeMap<>();
  private final List<List<String>> order = new ArrayList<>();
  private RunFolder folder;
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
    RunFolder.clearKilled(options.results(), ExperimentRun::live).forEach(progress::say);
    Instant started = Instant.now();
    Environment environment = EnvironmentProbe.probe(options.version(), experiment.testbed());
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

    Map<Size, List<Cell>> sizes = new LinkedHashMap<>();
    experiment
        .cells()
        .forEach(c ->
            sizes.computeIfAbsent(new Size(c.pods(), c.clients()), _ -> new ArrayList<>()).add(c));
    for (Map.Entry<Size, List<Cell>> size : sizes.entrySet()) {
      if (!cancellation.cancelled()) {
        runOn(size.getKey(), size.getValue());
      }
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
    Csv.write(folder.verdicts(), Rows.Verdict.class, Verdicts.of(distribution));
    String status =
        cancellation.cancelled() ? "partial" : failures.isEmpty() ? "complete" : "failed";
    double seconds = (System.nanoTime() - startNs) / 1e9;
    List<String> notes = new ArrayList<>(failures);
    if (cancellation.cancelled()) {
      notes.add(
          "stopped after "
              + done
              + " of "
              + experiment.cells().size() * experiment.repetitions()
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
                experiment.cells().size(),
                summaries.size(),
                seconds,
                Json.read(finished.environment(), Environment.class).git())));
    return new Ended(finished, status, failures);
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

  private void runOn(Size size, List<Cell> cells) throws IOException {
    event("", 0, "testbed-up", size.pods() + " pods, " + size.clients() + " clients");
    try (Testbed testbed = testbed(size);
        EchoProcess echo = EchoProcess.start(testbed, folder.path());
        LoadProcesses load = new LoadProcesses(testbed, folder.path(), cancellation)) {
      event("", 0, "echo-and-load-ready", "");
      prime(testbed, echo, load, cells);
      event("", 0, "primed", "");
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
          attempt(testbed, echo, load, cell, number);
          done++;
          progress.repetition(
              done,
              experiment.cells().size() * experiment.repetitions(),
              cell.title() + ", repetition " + number);
        }
      }
    } finally {
      event("", 0, "testbed-down", "");
    }
  }

  /**
   * Runs each protocol once, straight to the pods, and forgets what was seen: the just-in-time
   * compiler works now, and not while the first cells are measured.
   */
  private void prime(Testbed testbed, EchoProcess echo, LoadProcesses load, List<Cell> cells)
      throws IOException {
    RunFolder.Repetition scratch = folder.repetition("priming", 0);
    Set<Protocol> protocols = new LinkedHashSet<>();
    for (Cell cell : cells) {
      if (protocols.add(cell.protocol()) && !cancellation.cancelled()) {
        Cell direct =
            new Cell(
                DataPlane.DIRECT,
                IptablesBackend.AUTO,
                cell.protocol(),
                Pooling.DEDICATED,
                Math.max(PRIMING_CONNECTIONS, cell.clients()),
                cell.pods(),
                cell.clients(),
                new LoadModel.Open(PRIMING_RATE));
        load.run(direct, 0, echo.addresses(testbed, cell.protocol()), PRIMING, scratch);
      }
    }
    echo.take(scratch.echo());
    RunFolder.deleteTree(folder.path().resolve("cells").resolve("priming"));
  }

  private Testbed testbed(Size size) {
    return switch (experiment.testbed()) {
      case NETNS -> NetnsTestbed.up(run, size.pods(), size.clients(), false);
      case LOOPBACK -> new LoopbackTestbed(size.pods(), size.clients());
    };
  }

  /** A repetition that fails is kept under a name that says so, and the run goes on. */
  private void attempt(Testbed testbed, EchoProcess echo, LoadProcesses load, Cell cell, int number)
      throws IOException {
    RunFolder.Repetition files = folder.repetition(cell.id(), number);
    Files.createDirectories(files.path());
    try {
      repetition(testbed, echo, load, cell, number, files);
    } catch (TestbedException | IOException | UncheckedIOException e) {
      failures.add(cell.title() + ", repetition " + number + ": " + e.getMessage());
      progress.say("FAILED " + failures.getLast());
      Files.writeString(files.path().resolve("failure.txt"), e.getMessage() + "\n");
      files.fail();
      event(cell.id(), number, "repetition-failed", String.valueOf(e.getMessage()));
    }
  }

  private void repetition(
      Testbed testbed,
      EchoProcess echo,
      LoadProcesses load,
      Cell cell,
      int number,
      RunFolder.Repetition files)
      throws IOException {
    boolean rules = experiment.testbed() == TestbedKind.NETNS;
    RuleInstaller installer = new RuleInstaller(testbed);
    RuleInstaller.Installed installed =
        installer.install(
            cell.dataPlane(), cell.backend(), services(testbed), config(testbed), edit);
    event(cell.id(), number, "rules-loaded", installed.plane().word());
    try {
      if (cell.dataPlane() != DataPlane.DIRECT) {
        rulesSha256.put(
            cell.dataPlane().word() + " " + installed.backend() + " " + cell.pods() + " pods",
            installed.sha256());
        Files.writeString(
            files.rules(),
            "# loaded\n" + installed.text() + "\n# as the kernel lists it\n" + installed.dump());
      }
      if (rules) {
        installer.flushConnections();
      }
      List<String> targets =
          cell.dataPlane() == DataPlane.DIRECT
              ? echo.addresses(testbed, cell.protocol())
              : List.of(
                  SERVICE_IP
                      + ":"
                      + (EchoProcess.grpc(cell.protocol())
                          ? GRPC_SERVICE_PORT
                          : HTTP_SERVICE_PORT));
      event(cell.id(), number, "load-start", "");
      load.run(cell, number, targets, experiment.phases(), files);
      event(cell.id(), number, "load-end", "");
      Optional<String> conntrack = rules ? Optional.of(installer.connections()) : Optional.empty();
      List<Rows.EchoConnection> counted = echo.take(files.echo());
      Repetition.Rowset rows = Repetition.merge(cell, number, files, testbed, counted, conntrack);
      Csv.append(folder.connections(), Rows.Connection.class, rows.connections());
      Csv.append(folder.distribution(), Rows.Distribution.class, rows.distribution());
      Csv.append(folder.disagreements(), Rows.Disagreement.class, rows.disagreements());
      Csv.append(folder.summary(), Rows.Summary.class, List.of(rows.summary()));
    } finally {
      double removeMs = installer.remove(installed);
      Csv.append(
          folder.installs(),
          Rows.Install.class,
          List.of(
              new Rows.Install(
                  cell.id(),
                  number,
                  cell.dataPlane().word(),
                  installed.backend(),
                  installed.tool(),
                  installed.rules(),
                  installed.loadMs(),
                  removeMs,
                  installed.sha256())));
    }
  }

  /** The Service under test, with a port for HTTP and one for gRPC. */
  static List<ServicePort> services(Testbed testbed) {
    return List.of(
        port(testbed, "http", HTTP_SERVICE_PORT, EchoProcess.HTTP_PORT),
        port(testbed, "grpc", GRPC_SERVICE_PORT, EchoProcess.GRPC_PORT));
  }

  private static ServicePort port(Testbed testbed, String name, int port, int targetPort) {
    List<Endpoint> endpoints =
        testbed.pods().stream()
            .map(p -> Endpoint.ready(p.address(), targetPort, p.node()))
            .toList();
    return new ServicePort(
        "default",
        "echo",
        name,
        "TCP",
        SERVICE_IP,
        port,
        0,
        List.of(),
        List.of(),
        List.of(),
        0,
        0,
        false,
        false,
        endpoints);
  }

  static ProxyConfig config(Testbed testbed) {
    Place node = testbed.node();
    Set<String> addresses = new LinkedHashSet<>(List.of(node.address()));
    return new ProxyConfig(
        node.name(),
        "",
        List.copyOf(addresses),
        Cidr.parse(NetnsTestbed.POD_CIDR),
        Cidr.parse(NetnsTestbed.SERVICE_CIDR).stream().toList(),
        false,
        true);
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
        c.dataPlane() == DataPlane.IPTABLES ? RuleInstaller.resolve(c.backend()).word() : "NA",
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

  private void event(String cell, int repetition, String event, String detail) throws IOException {
    Csv.append(
        folder.events(),
        Rows.Event.class,
        List.of(
            new Rows.Event(
                cell.isEmpty() ? "NA" : cell,
                repetition,
                (System.nanoTime() - startNs) / 1e6,
                event,
                detail.isEmpty() ? "NA" : detail)));
  }
}
