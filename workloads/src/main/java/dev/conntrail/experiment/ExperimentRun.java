package dev.conntrail.experiment;

import dev.conntrail.result.FileTrees;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.RunIndex;
import dev.conntrail.result.Tables;
import dev.conntrail.result.row.RunStatus;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.ClusterLife;
import dev.conntrail.spec.Experiment;
import dev.conntrail.spec.KubeProxy;
import dev.conntrail.spec.TestbedKind;
import dev.conntrail.testbed.TestbedException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** One run of an experiment, from nothing to a result folder. */
public final class ExperimentRun {
  /**
   * How a run ended.
   *
   * @param folder its results
   * @param failures why repetitions failed; empty if none did
   */
  public record Ended(RunFolder folder, RunStatus status, List<String> failures) {}

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
    Predecessors.clear(experiment.testbed(), options.results(), progress);
    record = RunRecord.of(experiment, options);
    progress.folder(record.folder().path());
    for (TestbedKind testbed : record.cells().testbeds()) {
      if (!cancellation.cancelled()) {
        runOn(testbed);
      }
    }
    Ended ended = record.finish(cancellation.cancelled());
    RunIndex.add(options.results(), ended.folder());
    return ended;
  }

  /** All that runs on one testbed; the run goes on with the next where it cannot be had. */
  private void runOn(TestbedKind testbed) throws IOException {
    try {
      if (testbed.guest() && options.guest().isPresent()) {
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
    try (StageOpener opener =
        StageOpener.on(
            testbed, options, record.folder().logs(), cancellation, progress, record::watched)) {
      StageUse use = new StageUse(opener, List.of(record), cancellation);
      for (var needs : StageNeeds.of(testbed, record.cells().on(testbed)).entrySet()) {
        if (!cancellation.cancelled()) {
          List<Cell> cells = needs.getValue();
          use.during(
              needs.getKey(),
              cells,
              s -> {
                opener.kubeProxy().ifPresent(found -> requireRules(found, cells));
                repeat(s, testbed, cells);
              });
        }
      }
    }
  }

  /** Refuses to call a cluster's rules those of another release; kind's own image is seen here. */
  private static void requireRules(KubeProxy found, List<Cell> cells) {
    cells.stream()
        .filter(c -> c.dataPlane().rulesByVersion() && c.kubeProxy() != found)
        .findFirst()
        .ifPresent(c -> {
          throw new TestbedException(
              "this cluster's kube-proxy writes rules as "
                  + found.word()
                  + ", and the experiment has kube-proxy "
                  + c.kubeProxy().word(),
              "kube-proxy: "
                  + found.word()
                  + " in its blocks of nftables, or another --node-image");
        });
  }

  /**
   * Repetitions go round all cells, in a new order each time, so that drift of the machine meets
   * all cells alike. On a cluster those whose pods live alike come one after the other, for
   * otherwise all pods are made anew between them.
   */
  private void repeat(Stage stage, TestbedKind testbed, List<Cell> cells) throws IOException {
    RepetitionRun repetitions =
        new RepetitionRun(stage, testbed, record, edit, progress, cancellation);
    Random random = new Random(experiment.seed());
    int most = cells.stream().mapToInt(c -> c.course().repetitions()).max().orElse(0);
    for (int number = 1; number <= most; number++) {
      int turn = number;
      List<Cell> shuffled =
          new ArrayList<>(cells.stream().filter(c -> c.course().repetitions() >= turn).toList());
      Collections.shuffle(shuffled, random);
      List<Cell> order = testbed.kubernetes() ? ofAlikePods(shuffled) : shuffled;
      record.ordered(order);
      for (Cell cell : order) {
        if (cancellation.cancelled()) {
          return;
        }
        repetitions.attempt(cell, number);
        progress.repetition(
            record.ended(), record.cells().tries(), cell.title() + ", repetition " + number);
      }
    }
  }

  private static List<Cell> ofAlikePods(List<Cell> cells) {
    return cells.stream()
        .collect(Collectors.groupingBy(ClusterLife::of, LinkedHashMap::new, Collectors.toList()))
        .values()
        .stream()
        .flatMap(List::stream)
        .toList();
  }
}
