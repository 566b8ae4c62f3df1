package dev.conntrail.cli;

import dev.conntrail.analysis.Prospect;
import dev.conntrail.analysis.Prospects;
import dev.conntrail.experiment.Placement;
import dev.conntrail.experiment.Probe;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.spec.BundledExperiments;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.Experiment;
import dev.conntrail.spec.TestbedKind;
import dev.conntrail.testbed.TestbedException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    Planned planned = placed(whole);
    Experiment e = planned.experiment();
    PrintWriter out = spec.commandLine().getOut();
    out.println(e.name() + ": " + e.question());
    out.printf(
        "testbed %s, %s, %s, seed %d%n",
        PlanText.testbed(e.testbed(), planned.used()),
        Numbers.counted(e.cells().size(), "cell"),
        Numbers.counted(e.tries(), "repetition"),
        e.seed());
    Prospects prospects = Prospects.of(e);
    Iterator<Prospect> next = prospects.cells().iterator();
    out.println();
    out.println(PlanText.head());
    for (List<Cell> block : e.blocks()) {
      out.println(PlanText.course(block.getFirst().course()));
      for (Cell cell : block) {
        PlanText.row(planned.order().indexOf(cell) + 1, next.next()).forEach(out::println);
      }
    }
    out.println();
    PlanText.notes(prospects).forEach(out::println);
    planned.limits().stream()
        .flatMap(l -> Wrapped.lines(l, COLUMNS).stream())
        .forEach(out::println);
    PlanText.comparing(e).forEach(out::println);
    out.println("expected time: " + TimeText.of(e.expectedDuration()));
    out.flush();
  }

  /**
   * What would run here.
   *
   * @param experiment with the cells that would; all, where none can
   * @param order these as a run numbers them: testbed after testbed
   * @param used how many run on which testbed; nothing, where none can
   * @param limits what would not run, and why
   */
  private record Planned(
      Experiment experiment,
      List<Cell> order,
      Map<TestbedKind, Integer> used,
      List<String> limits) {}

  private Planned placed(Experiment e) {
    try {
      Placement placement =
          Placement.of(
              e,
              cluster.testbed().isPresent(),
              like.rules(Probe.atHand(e, cluster.options(), umlKernel)));
      Map<TestbedKind, Integer> used = new LinkedHashMap<>();
      placement.cells().forEach((testbed, cells) -> used.put(testbed, cells.size()));
      List<Cell> order = placement.asked();
      return new Planned(e.only(order, e.testbed()), order, used, placement.notes());
    } catch (TestbedException why) {
      List<String> limits = new ArrayList<>(List.of("cannot run here: " + why.getMessage()));
      limits.addAll(Placement.none(e).notes());
      return new Planned(e.only(e.possible(), e.testbed()), e.possible(), Map.of(), limits);
    }
  }
}
