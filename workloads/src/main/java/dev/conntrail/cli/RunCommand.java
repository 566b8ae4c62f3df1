package dev.conntrail.cli;

import dev.conntrail.experiment.Cancellation;
import dev.conntrail.experiment.ExperimentRun;
import dev.conntrail.experiment.RunOptions;
import dev.conntrail.report.Report;
import dev.conntrail.result.row.RunStatus;
import dev.conntrail.spec.BundledExperiments;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.Experiment;
import dev.conntrail.testbed.TestbedRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs an experiment and writes its report. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description =
        "Run an experiment and write its results and report. Ctrl-C drains, keeps what was measured, and cleans up.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  conntrail run quick",
      "  conntrail run my.yaml --results /tmp/results",
      "  conntrail run quick --testbed kind                     clusters of kind, one for each mode",
      "  conntrail run quick --testbed cluster --context dev    the cluster of a kubeconfig",
      "  conntrail run few-connections --edit-rules 'probability 0\\.\\d+=>probability 0.1000000000'   a planted fault"
    })
final class RunCommand implements Callable<Integer> {
  private static final long CLEAN_UP_LIMIT_S = 60;
  private static final long STOP_LOOK_MS = 200;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "EXPERIMENT",
      description = "A bundled experiment (see list), or a YAML file.")
  private String experiment;

  @Mixin private ClusterMixin cluster;

  @Option(
      names = "--results",
      paramLabel = "DIR",
      defaultValue = "results",
      description = "Folder of results (default: ${DEFAULT-VALUE}).")
  private Path results;

  @Option(
      names = "--edit-rules",
      paramLabel = "REGEX=>TEXT",
      defaultValue = "",
      description =
          "Change the rule text before it is loaded: what would the measurement say of faulty rules? Recorded in the manifest.")
  private String editRules;

  @Option(
      names = "--folder-file",
      paramLabel = "FILE",
      description = "Write the name of the result folder here, for scripts.")
  private Path folderFile;

  @Option(
      names = "--uml-kernel",
      paramLabel = "FILE",
      defaultValue = "",
      description =
          "uml: a User-mode Linux kernel (default: linux.uml of Debian's package user-mode-linux). What it can do is looked up in it.")
  private String umlKernel;

  @Option(names = "--no-report", description = "Write no report.")
  private boolean noReport;

  @Option(
      names = "--cells",
      hidden = true,
      description =
          "Only the cells whose places, from 0, are in this file: what is left to a guest.")
  private Path onlyCells;

  @Option(
      names = "--run",
      hidden = true,
      description = "The run's name: that of the run outside, within a guest.")
  private String run;

  @Option(
      names = "--stop-file",
      hidden = true,
      description = "Stop in order once this file is there: who waits outside has no signals.")
  private Path stopFile;

  @Override
  public Integer call() throws IOException {
    Experiment e = BundledExperiments.nameOrFile(experiment, cluster.testbed());
    if (e.testbed().kubernetes() && !editRules.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(),
          "--edit-rules: found on testbed "
              + e.testbed().word()
              + "; allowed on netns, uml and auto, for on a cluster kube-proxy loads the rules");
    }
    if (onlyCells != null) {
      List<Cell> all = e.cells();
      e =
          e.only(
              Files.readAllLines(onlyCells).stream()
                  .map(place -> all.get(Integer.parseInt(place)))
                  .toList(),
              e.testbed());
    }
    Grounds.Found found =
        Grounds.find(e, cluster.options(), cluster.testbed().isPresent(), umlKernel);
    RunOptions options =
        new RunOptions(
            results,
            editRules,
            typed(),
            Conntrail.version(),
            found.placement(),
            found.guest(),
            cluster.options(),
            run == null ? TestbedRegistry.newRun() : run);
    Cancellation cancellation = new Cancellation();
    CountDownLatch over = new CountDownLatch(1);
    AtomicInteger code = new AtomicInteger(ExitCode.CELLS);
    Thread hook = Thread.ofPlatform().unstarted(() -> drainAndWait(cancellation, over, code));
    Runtime.getRuntime().addShutdownHook(hook);
    int tries = found.tries();
    System.err.println(
        e.name()
            + ": "
            + found.cells()
            + " cells, "
            + tries
            + " repetitions, about "
            + PlanCommand.text(e.expectedDuration()));
    if (stopFile != null) {
      Thread.ofVirtual().start(() -> awaitStop(cancellation));
    }
    try (ConsoleProgress progress = new ConsoleProgress(e.name(), tries)) {
      ExperimentRun.Ended ended = ExperimentRun.run(e, options, progress, cancellation);
      if (ended.status() == RunStatus.COMPLETE) {
        code.set(ExitCode.OK);
      }
      if (folderFile != null) {
        Files.writeString(folderFile, ended.folder().path().toString());
      }
      System.out.println("results: " + ended.folder().path() + " (" + ended.status().word() + ")");
      if (!noReport && !cancellation.cancelled()) {
        System.out.println("report: " + Report.write(ended.folder()).page());
      }
      ResultOwner.give(ended.folder().path());
      ResultOwner.give(results.resolve("index.csv"));
    } finally {
      over.countDown();
    }
    return code.get();
  }

  private void awaitStop(Cancellation cancellation) {
    try {
      while (!Files.exists(stopFile)) {
        Thread.sleep(STOP_LOOK_MS);
      }
      cancellation.cancel();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** The command line as the user typed it: less what only scripts ask for. */
  private List<String> typed() {
    List<String> typed = new ArrayList<>(List.of("run"));
    typed.addAll(spec.commandLine().getParseResult().originalArgs().stream().skip(1).toList());
    int at = typed.indexOf("--folder-file");
    if (at >= 0) {
      typed.subList(at, Math.min(typed.size(), at + 2)).clear();
    }
    return typed;
  }

  /** On a signal: drain, and hold the exit until all is cleaned up. */
  private static void drainAndWait(
      Cancellation cancellation, CountDownLatch over, AtomicInteger code) {
    if (over.getCount() == 0) {
      return;
    }
    System.err.println("\nstopping: draining, then cleaning up");
    cancellation.cancel();
    try {
      if (!over.await(CLEAN_UP_LIMIT_S, TimeUnit.SECONDS)) {
        System.err.println(
            "not cleaned up in " + CLEAN_UP_LIMIT_S + " s; `testbed down` clears what is left");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(code.get());
  }
}
