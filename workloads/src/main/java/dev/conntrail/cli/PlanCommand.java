package dev.conntrail.cli;

import dev.conntrail.analysis.Prospect;
import dev.conntrail.analysis.Prospects;
import dev.conntrail.experiment.Placement;
import dev.conntrail.experiment.Probe;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.spec.BundledExperiments;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.Course;
import dev.conntrail.spec.Experiment;
import dev.conntrail.spec.Phases;
import dev.conntrail.testbed.TestbedException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints what a run would do. */
@Command(
    name = "plan",
    mixinStandardHelpOptions = true,
    description =
        "Print the cells of an experiment that would run here, what each will be able to tell, what is left out and why, and how long a run would take; runs nothing.",
    footerHeading = "%nExamples:%n",
    footer = {"  conntrail plan default", "  conntrail plan my.yaml"})
final class PlanCommand implements Runnable {
  private static final int COLUMNS = 100;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "EXPERIMENT",
      completionCandidates = Words.Experiments.class,
      description = "A bundled experiment (see list), or a YAML file.")
  private String experiment;

  @Mixin private ClusterMixin cluster;
  @Mixin private LikeMixin like;

  @Option(
      names = "--uml-kernel",
      paramLabel = "FILE",
      defaultValue = "",
      description = "uml: a User-mode Linux kernel, as of run.")
  private String umlKernel;

  @Override
  public void run() {
    Experiment whole = BundledExperiments.nameOrFile(experiment, cluster.testbed());
    cluster.check(whole.testbed());
    List<String> limits = new ArrayList<>();
    List<Cell> order = new ArrayList<>();
    Experiment e = placed(whole, order, limits);
    PrintWriter out = spec.commandLine().getOut();
    out.println(e.name() + ": " + e.question());
    out.printf(
        "testbed %s, %s, %s, seed %d%n",
        e.testbed().word(),
        Numbers.counted(e.cells().size(), "cell"),
        Numbers.counted(e.tries(), "repetition"),
        e.seed());
    Prospects prospects = Prospects.of(e);
    Iterator<Prospect> next = prospects.cells().iterator();
    out.println();
    out.println(PlanText.head());
    for (List<Cell> block : e.blocks()) {
      Course course = block.getFirst().course();
      Phases phases = course.phases();
      out.printf(
          "%d times: warm-up %s, %smeasure %s, drain at most %s%n",
          course.repetitions(),
          text(phases.warmup()),
          phases.idle().isZero() ? "" : "idle " + text(phases.idle()) + ", ",
          text(phases.measure()),
          text(phases.drain()));
      for (Cell cell : block) {
        PlanText.row(order.indexOf(cell) + 1, next.next()).forEach(out::println);
      }
    }
    out.println();
    PlanText.notes(prospects).forEach(out::println);
    limits.stream().flatMap(l -> Wrapped.lines(l, COLUMNS).stream()).forEach(out::println);
    PlanText.comparing(e).forEach(out::println);
    out.println("expected time: " + text(e.expectedDuration()));
    out.flush();
  }

  /**
   * The experiment with the cells that would run here; all, where none can.
   *
   * @param order gets them as a run numbers them: testbed after testbed
   * @param limits gets what would not, and why
   */
  private Experiment placed(Experiment e, List<Cell> order, List<String> limits) {
    try {
      Placement placement =
          Placement.of(
              e,
              cluster.testbed().isPresent(),
              like.rules(Probe.atHand(e, cluster.options(), umlKernel)));
      limits.addAll(placement.notes());
      order.addAll(placement.asked());
      return e.only(placement.asked(), e.testbed());
    } catch (TestbedException why) {
      limits.add("cannot run here: " + why.getMessage());
      order.addAll(e.possible());
      limits.addAll(Placement.none(e).notes());
      return e.only(order, e.testbed());
    }
  }

  /** A duration as a person would say it. */
  static String text(Duration d) {
    if (d.compareTo(Duration.ofSeconds(10)) < 0) {
      return d.toMillis() % 1000 == 0 ? d.toSeconds() + " s" : d.toMillis() / 1000.0 + " s";
    }
    if (d.compareTo(Duration.ofMinutes(2)) < 0) {
      return d.toSeconds() + " s";
    }
    return d.toHours() > 0
        ? d.toHours() + " h " + d.toMinutesPart() + " min"
        : d.toMinutes() + " min " + d.toSecondsPart() + " s";
  }
}
