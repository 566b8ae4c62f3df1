package dev.conntrail.cli;

import dev.conntrail.experiment.AbPlan;
import dev.conntrail.experiment.AbPlanning;
import dev.conntrail.experiment.AbRun;
import dev.conntrail.experiment.AtHand;
import dev.conntrail.experiment.Build;
import dev.conntrail.experiment.Cancellation;
import dev.conntrail.experiment.Placement;
import dev.conntrail.experiment.Probe;
import dev.conntrail.experiment.RunOptions;
import dev.conntrail.posix.Terminal;
import dev.conntrail.result.Json;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.Side;
import dev.conntrail.result.Tables;
import dev.conntrail.result.row.RunStatus;
import dev.conntrail.spec.Experiment;
import dev.conntrail.testbed.TestbedRegistry;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures two sides in turns. */
@Command(
    name = "ab",
    mixinStandardHelpOptions = true,
    description = {
      "Measure two sides in turns, block by block, in one run: what moves between runs touches both alike.",
      "A block is every cell of both sides once, in an order drawn anew. At least eight blocks, and as many as a verdict needs of so many times; then more until every verdict is there or the budget is spent. X alone is measured against itself."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  conntrail ab --vary data-plane=iptables,nftables",
      "  conntrail ab before.yaml after.yaml --budget 20m",
      "  conntrail ab --jar conntrail-0.1.jar    is this version slower?",
      "  conntrail ab compare --edit-rules 'REGEX=>TEXT'    a planted difference",
      "  conntrail ab                            a side against itself",
      "",
      "Exit codes: 0 nothing slower beyond the margin, 2 usage, 3 prerequisite,",
      "4 not whole, 5 slower beyond the margin, 6 void, for a control moved, or",
      "with --strict if a verdict cannot be told."
    })
final class AbCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private AbMixin sides;
  @Mixin private ClusterMixin cluster;

  @Option(
      names = "--results",
      paramLabel = "DIR",
      defaultValue = "results",
      description = "Folder of results (default: ${DEFAULT-VALUE}).")
  private Path results;

  @Option(names = "--json", description = "Print the answer as one JSON object.")
  private boolean json;

  @Option(
      names = "--quiet",
      description = "Print errors, and on standard output the path of the folder alone.")
  private boolean quiet;

  @Option(names = "--strict", description = "End with 6 if a verdict cannot be told.")
  private boolean strict;

  @Option(names = "--fail-on-counts", description = "End with 5 if a count differs, too.")
  private boolean failOnCounts;

  private final String run = TestbedRegistry.newRun();

  @Override
  public Integer call() throws Exception {
    sides.check();
    WritableFolder.require(spec, "--results", results);
    AbPlan plan = AbPlanning.of(sides.asked(cluster.testbed()), this::options);
    lines(plan).forEach(this::say);
    Cancellation cancellation = new Cancellation();
    String name = "ab " + plan.b().experiment().name();
    return new Measuring(name, plan.looks().most(), quiet, plan.testbed(), results)
        .run(
            cancellation,
            progress -> AbRun.run(plan, AbAnswer.gate(plan.margin()), progress, cancellation),
            (ended, interruption) -> finish(plan, ended, interruption));
  }

  /** What is measured, for how long, and what else is to be known. */
  private static List<String> lines(AbPlan plan) {
    return Stream.concat(
            Stream.of(
                plan.b().experiment().name() + ": what differs: " + plan.differs(),
                plan.pairs().size()
                    + " pairs of cells on testbed "
                    + plan.testbed().word()
                    + ", blocks of at most about "
                    + TimeText.of(plan.block())
                    + ", "
                    + plan.looks().fewest()
                    + " or more"),
            plan.notes().stream())
        .toList();
  }

  private RunOptions options(Experiment e, Side side) {
    cluster.check(e.testbed());
    String edit = side == Side.B ? sides.editRules() : "";
    FaultsMixin.refuse(
        spec,
        e.testbed(),
        "--edit-rules",
        !edit.isEmpty(),
        "netns, for on a cluster kube-proxy loads the rules");
    AtHand atHand = Probe.atHand(e, cluster.options(), "");
    Placement placement = Placement.of(e, cluster.testbed().isPresent(), atHand);
    return new RunOptions(
        results,
        edit,
        Duration.ZERO,
        typed(),
        Build.here().version(),
        placement,
        atHand.guestOf(placement),
        cluster.options(),
        run);
  }

  private List<String> typed() {
    List<String> typed = new ArrayList<>(List.of("ab"));
    typed.addAll(spec.commandLine().getParseResult().originalArgs().stream().skip(1).toList());
    return typed;
  }

  /** A line for the user, who may want none. */
  private void say(String line) {
    if (!quiet) {
      System.err.println(line);
    }
  }

  private int finish(AbPlan plan, AbRun.Ended ended, Interruption interruption) throws IOException {
    Path folder = ended.folder().path().toAbsolutePath().normalize();
    if (quiet) {
      // which were not said when they came
      ended.failures().forEach(System.err::println);
    }
    AbAnswer answer = AbAnswer.write(ended.folder());
    ResultOwner.give(folder);
    ResultOwner.give(new RunFolder(results).of(Tables.INDEX));
    int otherwise = ended.status() == RunStatus.COMPLETE ? ExitCode.OK : ExitCode.CELLS;
    int code = interruption.code(answer.code(strict, failOnCounts, otherwise));
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Json.answer(AbJson.of(plan, ended, answer, code)));
    } else if (quiet) {
      out.println(folder);
    } else {
      int columns = Terminal.columns(Terminal.OUT).orElse(AnswerText.COLUMNS);
      answer.lines(columns).forEach(out::println);
    }
    out.flush();
    return code;
  }
}
