package dev.conntrail.cli;

import dev.conntrail.experiment.AtHand;
import dev.conntrail.experiment.Build;
import dev.conntrail.experiment.Cancellation;
import dev.conntrail.experiment.ExperimentRun;
import dev.conntrail.experiment.Placement;
import dev.conntrail.experiment.Probe;
import dev.conntrail.experiment.RunOptions;
import dev.conntrail.report.Report;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.Tables;
import dev.conntrail.result.row.RunStatus;
import dev.conntrail.spec.BundledExperiments;
import dev.conntrail.spec.Experiment;
import dev.conntrail.testbed.TestbedRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs an experiment and writes its report. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description =
        "Run an experiment and write its results and report. Ctrl-C drains, keeps what was measured, and cleans up; a second Ctrl-C ends at once.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  conntrail run quick",
      "  conntrail run my.yaml --results /tmp/results",
      "  conntrail run my.yaml --json --fail-on not-chance    for programs",
      "  conntrail run quick --testbed kind    on clusters of kind, one for each mode",
      "  conntrail run quick --testbed cluster --context dev    where kubectl points",
      "  conntrail run few-connections \\",
      "    --edit-rules 'probability 0\\.\\d+=>probability 0.1000000000'",
      "                                        a planted fault, which is found",
      "  conntrail run quick --echo-delay 50ms    what slower pods would look like"
    })
final class RunCommand implements Callable<Integer> {
  private static final Set<String> WHERE =
      Set.of(
          "--testbed",
          "--image",
          "--node-image",
          "--kind-config",
          "--keep",
          "--reuse",
          "--kubeconfig",
          "--context",
          "--namespace",
          "--node-debug",
          "--uml-kernel",
          LikeMixin.LIKE);

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "EXPERIMENT",
      completionCandidates = Words.Experiments.class,
      description = "A bundled experiment (see list), or a YAML file.")
  private String experiment;

  @Mixin private ClusterMixin cluster;
  @Mixin private AnswerMixin answer;
  @Mixin private FaultsMixin faults;
  @Mixin private LikeMixin like;

  @Option(
      names = "--results",
      paramLabel = "DIR",
      defaultValue = "results",
      description = "Folder of results (default: ${DEFAULT-VALUE}).")
  private Path results;

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

  @Option(
      names = "--no-report",
      description =
          "Write no report, and name the folder alone; what the run answers is told with --json or --fail-on.")
  private boolean noReport;

  @Override
  public Integer call() throws Exception {
    answer.failures();
    Experiment e = experiment();
    WritableFolder.require(spec, "--results", results);
    AtHand atHand = like.rules(Probe.atHand(e, cluster.options(), umlKernel));
    Placement placement = Placement.of(e, cluster.testbed().isPresent(), atHand);
    Experiment placed = e.only(placement.asked(), e.testbed());
    say(
        e.name()
            + ": "
            + Numbers.counted(placed.cells().size(), "cell")
            + ", "
            + Numbers.counted(placement.tries(), "repetition")
            + ", about "
            + TimeText.of(placed.expectedDuration()));
    RunOptions options = options(placement, atHand);
    Cancellation cancellation = new Cancellation();
    return new Measuring(e.name(), placement.tries(), answer.quiet(), e.testbed(), results)
        .run(
            cancellation,
            progress -> ExperimentRun.run(e, options, progress, cancellation),
            (ended, interruption) -> finish(ended, cancellation.cancelled(), interruption));
  }

  private RunOptions options(Placement placement, AtHand atHand) {
    return new RunOptions(
        results,
        faults.editRules(),
        faults.echoDelay(),
        typed(),
        Build.here().version(),
        placement,
        atHand.guestOf(placement),
        cluster.options(),
        TestbedRegistry.newRun());
  }

  /** A line for the user, who may want none. */
  private void say(String line) {
    if (!answer.quiet()) {
      System.err.println(line);
    }
  }

  private Experiment experiment() {
    Experiment e = BundledExperiments.nameOrFile(experiment, cluster.testbed());
    cluster.check(e.testbed());
    faults.check(e.testbed());
    return e;
  }

  /** Names the results, reports them and says what they answer; the exit code. */
  private int finish(ExperimentRun.Ended ended, boolean stopped, Interruption interruption)
      throws IOException {
    Path folder = ended.folder().path();
    if (folderFile != null) {
      Files.writeString(folderFile, folder.toString());
    }
    if (answer.quiet()) {
      // which were not said when they came
      ended.failures().forEach(System.err::println);
    }
    int code = ended.status() == RunStatus.COMPLETE ? ExitCode.OK : ExitCode.CELLS;
    if (stopped && !noReport) {
      say("no report, for the run was stopped; `conntrail report " + folder + "` writes it");
    }
    Optional<Answered> answered = answered(ended.folder(), stopped);
    ResultOwner.give(folder);
    ResultOwner.give(new RunFolder(results).of(Tables.INDEX));
    int last = interruption.code(answered.map(a -> answer.code(a, code)).orElse(code));
    answered.ifPresentOrElse(a -> answer.print(a, last), () -> answer.print(folder));
    return last;
  }

  /** With the report, where one is written; empty where nobody asks for either. */
  private Optional<Answered> answered(RunFolder folder, boolean stopped) throws IOException {
    if (noReport && !answer.wanted()) {
      return Optional.empty();
    }
    return Optional.of(
        stopped || noReport ? Answered.of(folder) : Answered.of(Report.write(folder)));
  }

  /** The kernel that a command line of `run` asks for; empty for Debian's. */
  static String umlKernel(List<String> command) {
    RunCommand run = new RunCommand();
    parsed(run, command);
    return run.umlKernel;
  }

  /**
   * Where a command line of `run` ran: of its options, those that say which testbed, and how it is
   * had.
   *
   * @throws picocli.CommandLine.ParameterException if it is none that this version knows
   */
  static List<String> where(List<String> command) {
    return parsed(new RunCommand(), command).matchedOptions().stream()
        .filter(o -> WHERE.contains(o.longestName()))
        .flatMap(o ->
            Stream.concat(
                Stream.of(o.longestName()),
                o.arity().max() == 0 ? Stream.empty() : o.originalStringValues().stream()))
        .toList();
  }

  private static CommandLine.ParseResult parsed(RunCommand run, List<String> command) {
    return new CommandLine(run).parseArgs(command.stream().skip(1).toArray(String[]::new));
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
}
