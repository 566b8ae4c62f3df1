package dev.conntrail.experiment;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.analysis.DerivedTables;
import dev.conntrail.result.Adoption;
import dev.conntrail.result.Environment;
import dev.conntrail.result.Json;
import dev.conntrail.result.Manifest;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.RunResults;
import dev.conntrail.result.Tables;
import dev.conntrail.result.row.At;
import dev.conntrail.result.row.CellRow;
import dev.conntrail.result.row.InstallRow;
import dev.conntrail.result.row.LogRow;
import dev.conntrail.result.row.RunStatus;
import dev.conntrail.result.row.Step;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.CellId;
import dev.conntrail.spec.Experiment;
import dev.conntrail.spec.Named;
import dev.conntrail.spec.TestbedKind;
import dev.conntrail.testbed.UmlGuest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What a run writes of itself: its folder, the cells, what happened when, how it ended. */
final class RunRecord {
  private Experiment experiment;
  private final RunOptions options;
  private final String run;
  private final Instant started;
  private final long startNs = System.nanoTime();
  private final PlacedCells cells;
  private final RunFolder folder;
  private final WriterLock lock;
  private final List<String> notes = new ArrayList<>();
  private final List<Manifest.LeftOut> leftOut = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();
  private final Set<Manifest.Rules> rules = new LinkedHashSet<>();
  private final Map<String, String> facts = new TreeMap<>();
  private final List<List<CellId>> order = new ArrayList<>();
  private volatile Optional<At> now = Optional.empty();
  private int done;

  /**
   * Begins what a run has in every case.
   *
   * @param cells of the experiment, where they run
   * @param started when it began
   * @param folder new, and empty
   */
  RunRecord(
      Experiment experiment,
      RunOptions options,
      PlacedCells cells,
      Instant started,
      RunFolder folder)
      throws IOException {
    this.experiment = experiment;
    this.options = options;
    this.run = options.run();
    this.cells = cells;
    this.started = started;
    this.folder = folder;
    leftOut.addAll(options.placement().leftOut());
    lock = WriterLock.take(folder.path());
    Files.writeString(folder.experiment(), experiment.source());
    Json.write(folder.environment(), environment());
    writeCells();
  }

  /** That of a run in a folder of its own. */
  static RunRecord of(Experiment experiment, RunOptions options) throws IOException {
    PlacedCells cells = PlacedCells.of(experiment, options);
    Instant now = Instant.now();
    String name = RunNames.of(now, experiment.name(), cells.testbeds());
    return new RunRecord(
        experiment, options, cells, now, RunFolder.create(options.results(), name));
  }

  RunFolder folder() {
    return folder;
  }

  /** The run's name. */
  String run() {
    return run;
  }

  /** Its cells, and where they run. */
  PlacedCells cells() {
    return cells;
  }

  /** Which repetition rows belong to. */
  At at(Cell cell, int repetition) {
    return new At(run, cell.id(), repetition);
  }

  /** How often every cell was to be repeated turns out as the run goes on. */
  void repeated(int times) throws IOException {
    experiment = experiment.repeated(times);
    cells.repeated(times);
    writeCells();
  }

  /** Since the run began. */
  double nowMs() {
    return (System.nanoTime() - startNs) / 1e6;
  }

  private Environment environment() {
    return EnvironmentProbe.probe(
        options.version(), Set.copyOf(cells.testbeds()), cells.here(), facts);
  }

  void failed(String why) {
    failures.add(why);
  }

  /** The order in which cells were run. */
  void ordered(List<Cell> shuffled) {
    order.add(shuffled.stream().map(Cell::id).toList());
  }

  /** What follows belongs to a repetition. */
  void begins(At at) {
    now = Optional.of(at);
  }

  /** What follows belongs to no repetition; how many have ended. */
  int ended() {
    now = Optional.empty();
    return ++done;
  }

  /** What was learned of machines and programs. */
  void learned(Map<String, String> more) {
    facts.putAll(more);
  }

  /** Rules of a cell as they were loaded or found. */
  void installed(TestbedKind testbed, Cell cell, List<InstallRow> installs) throws IOException {
    folder.append(Tables.INSTALLS, installs);
    for (InstallRow i : installs) {
      if (i.rulesCount() > 0) {
        rules.add(
            new Manifest.Rules(
                testbed,
                i.dataPlane(),
                i.iptablesBackend(),
                i.ipvsScheduler(),
                cell.pods(),
                cell.nodes(),
                i.node().orElse(""),
                i.rulesSha256()));
      }
    }
  }

  /**
   * Takes over the results of a guest.
   *
   * @param bootedMs when it was booted
   */
  void adopt(RunFolder guest, double bootedMs) throws IOException {
    Adoption.adopt(folder, guest, bootedMs);
    cells.became(TestbedKind.UML, guest.rows(Tables.CELLS).stream().map(CellRow::toCell).toList());
    writeCells();
    Manifest inner = Json.read(guest.manifest(), Manifest.class);
    inner.notes().forEach(n -> notes.add("in the guest: " + n));
    inner.leftOut().ifPresent(leftOut::addAll);
    rules.addAll(inner.rules());
    order.addAll(inner.cellOrder());
    if (inner.status() == RunStatus.FAILED) {
      failures.add("cells within the guest failed");
    }
  }

  /** Closes the folder. */
  ExperimentRun.Ended finish(boolean cancelled) throws IOException {
    RunStatus status =
        cancelled ? RunStatus.PARTIAL : failures.isEmpty() ? RunStatus.COMPLETE : RunStatus.FAILED;
    notes.addAll(failures);
    if (cancelled) {
      notes.add("stopped after " + done + " of " + cells.tries() + " repetitions");
    }
    for (var table : Tables.OF_A_RUN) {
      folder.append(table, List.of());
    }
    double seconds = nowMs() / 1e3;
    Json.write(folder.manifest(), manifest(status, seconds));
    if (!facts.isEmpty()) {
      Json.write(folder.environment(), environment());
    }
    if (!UmlGuest.inside()) {
      // a guest is slow, and whoever takes its results over works all of that out anew
      DerivedTables.write(Analysis.of(RunResults.read(folder)));
    }
    folder.dropEmptyLogs();
    lock.release();
    return new ExperimentRun.Ended(folder.finish(), status, failures);
  }

  private Manifest manifest(RunStatus status, double seconds) {
    return new Manifest(
        Manifest.SCHEMA,
        run,
        experiment.name(),
        experiment.question(),
        cells.testbeds(),
        status,
        started.toString(),
        seconds,
        experiment.seed(),
        experiment.mostRepetitions(),
        order,
        List.copyOf(rules),
        options.rulesEdit(),
        Optional.of(options.echoDelay()).filter(d -> !d.isZero()).map(Duration::toMillis),
        options.command(),
        notes,
        Optional.of(leftOut));
  }

  private void writeCells() throws IOException {
    folder.write(Tables.CELLS, cells.rows(run));
  }

  /** Notes what was seen of a cluster meanwhile, by its word. */
  void watched(String word, String detail) {
    log(
        Named.find(Step.class, word)
            .orElseThrow(() -> new IllegalArgumentException("no step is called " + word)),
        detail);
  }

  /** Notes what happened in the repetition under way; watches of a cluster do so too. */
  void log(Step step) {
    log(step, "");
  }

  /** The same, with more of it. */
  synchronized void log(Step step, String detail) {
    Optional<At> at = now;
    try {
      folder.append(
          Tables.LOG,
          List.of(
              new LogRow(
                  run,
                  at.map(At::cellId),
                  at.map(At::repetition).orElse(0),
                  nowMs(),
                  step,
                  Optional.of(detail).filter(d -> !d.isEmpty()))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
