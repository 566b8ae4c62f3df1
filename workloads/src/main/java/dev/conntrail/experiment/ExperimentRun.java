package dev.conntrail.experiment;

import dev.conntrail.result.FileTrees;
import dev.conntrail.result.KilledRuns;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.Tables;
import dev.conntrail.result.row.RunStatus;
import dev.conntrail.result.row.Step;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.Experiment;
import dev.conntrail.spec.TestbedKind;
import dev.conntrail.testbed.LoopbackTestbed;
import dev.conntrail.testbed.NetnsTestbed;
import dev.conntrail.testbed.TestbedException;
import dev.conntrail.testbed.TestbedRegistry;
import dev.conntrail.testbed.TestbedSize;
import dev.conntrail.testbed.kube.KindRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;

/** One run of an experiment, from nothing to a result folder. */
public final class ExperimentRun {
  /**
   * How a run ended.
   *
   * @param folder its results
   * @param failures why repetitions failed; empty if none did
   */
  public record Ended(RunFolder folder, RunStatus status, List<String> failures) {}

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
  private RunRecord record;

  private ExperimentRun(
      Experiment experiment, RunOptions options, Progress progress, Cancellation cancellation) {
    this.experiment = experiment;
    this.options = options;
    this.progress = progress;
    this.cancellation = cancellation;
    this.edit = RulesEdit.of(options.rulesEdit());
  }

  /**
   * Runs an experiment.
   *
   * @throws IllegalArgumentException if the edit of the rules is none, before anything is made
   */
  public static Ended run(
      Experiment experiment, RunOptions options, Progress progress, Cancellation cancellation)
      throws IOException {
    return new ExperimentRun(experiment, options, progress, cancellation).run();
  }

  private Ended run() throws IOException {
    TestbedRegistry.clearKilled().forEach(progress::say);
    if (experiment.testbed() == TestbedKind.KIND) {
      KindRegistry.clearKilled().forEach(progress::say);
    }
    KilledRuns.clear(options.results(), WriterLock::held).forEach(progress::say);
    new RunFolder(options.results())
        .setAside(Tables.INDEX)
        .ifPresent(old ->
            progress.say(
                Tables.INDEX.file()
                    + " has the columns of an earlier version: it is kept as "
                    + old.getFileName()
                    + ", and a new one begun"));
    record = new RunRecord(experiment, options, options.run());
    progress.folder(record.folder().path());
    for (TestbedKind testbed : record.cells().testbeds()) {
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
        GuestCells.run(experiment, options, record, progress, cancellation);
      } else {
        runOnStages(testbed);
      }
    } catch (TestbedException e) {
      // what was told to stop in the middle of being made says so, and that is no failure
      if (!cancellation.cancelled()) {
        if (!Files.exists(record.folder().of(Tables.SUMMARY))
            && record.cells().testbeds().size() == 1) {
          FileTrees.delete(record.folder().path());
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
          .cells()
          .on(testbed)
          .forEach(c -> grounds.computeIfAbsent(ground(testbed, c), _ -> new ArrayList<>()).add(c));
      for (Map.Entry<Ground, List<Cell>> ground : grounds.entrySet()) {
        if (!cancellation.cancelled()) {
          runOnStage(stages, ground.getKey(), ground.getValue());
        }
      }
    }
  }

  /** A cluster that is there has one mode. */
  private void leaveOutOtherModes(TestbedKind testbed, Optional<DataPlane> onlyMode)
      throws IOException {
    List<Cell> cells = record.cells().on(testbed);
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
        : record.cells().on(testbed).stream()
            .map(Cell::dataPlane)
            .filter(p -> p != DataPlane.DIRECT)
            .findFirst()
            .orElse(DataPlane.IPTABLES);
  }

  private Stages stages(TestbedKind testbed) {
    if (testbed.kubernetes()) {
      return new ClusterStages(
          testbed,
          options.cluster(),
          options.run(),
          record.folder(),
          cancellation,
          progress,
          record::watched);
    }
    return (_, size) ->
        LocalStage.open(
            testbed == TestbedKind.LOOPBACK
                ? new LoopbackTestbed(size)
                : NetnsTestbed.up(options.run(), size, false),
            edit,
            options.echoDelay(),
            record.folder().logs(),
            cancellation);
  }

  private void runOnStage(Stages stages, Ground ground, List<Cell> cells) throws IOException {
    TestbedSize size =
        new TestbedSize(
            cells.stream().mapToInt(Cell::mostPods).max().orElse(1),
            cells.stream().mapToInt(Cell::clients).max().orElse(1),
            ground.nodes());
    record.log(
        Step.TESTBED_UP,
        size.pods() + " pods, " + size.clients() + " clients, " + size.nodes() + " nodes");
    try (Stage stage = open(stages, ground, size)) {
      record.log(Step.ECHO_AND_LOAD_READY);
      Priming.run(stage, cells, record, cancellation);
      record.log(Step.PRIMED);
      repeat(new RepetitionRun(stage, ground.testbed(), record, progress, cancellation), cells);
      record.folder().append(Tables.CLOCKS, stage.load().clocks(record.run()));
    } finally {
      record.learned(stages.facts());
      record.log(Step.TESTBED_DOWN);
    }
  }

  /**
   * Repetitions go round all cells, in a new order each time, so that drift of the machine meets
   * all cells alike.
   */
  private void repeat(RepetitionRun repetitions, List<Cell> cells) throws IOException {
    Random random = new Random(experiment.seed());
    int most = cells.stream().mapToInt(c -> c.course().repetitions()).max().orElse(0);
    for (int number = 1; number <= most; number++) {
      int turn = number;
      List<Cell> shuffled =
          new ArrayList<>(cells.stream().filter(c -> c.course().repetitions() >= turn).toList());
      Collections.shuffle(shuffled, random);
      record.ordered(shuffled);
      for (Cell cell : shuffled) {
        if (cancellation.cancelled()) {
          return;
        }
        repetitions.attempt(cell, number);
        progress.repetition(
            record.ended(), record.cells().tries(), cell.title() + ", repetition " + number);
      }
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
}
