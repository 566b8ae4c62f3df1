package dev.conntrail.cli;

import dev.conntrail.spec.BundledExperiments;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.Experiment;
import java.io.PrintWriter;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints what a run would do. */
@Command(
    name = "plan",
    mixinStandardHelpOptions = true,
    description = "Print the cells of an experiment and how long a run would take; runs nothing.",
    footerHeading = "%nExamples:%n",
    footer = {"  conntrail plan default", "  conntrail plan my.yaml"})
final class PlanCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "EXPERIMENT",
      description = "A bundled experiment (see list), or a YAML file.")
  private String experiment;

  @Mixin private ClusterMixin cluster;

  @Override
  public void run() {
    Experiment e = BundledExperiments.nameOrFile(experiment, cluster.testbed());
    PrintWriter out = spec.commandLine().getOut();
    out.println(e.name() + ": " + e.question());
    out.printf(
        "testbed %s, %d cells x %d repetitions, warm-up %s, measure %s, drain at most %s, seed %d%n",
        e.testbed().word(),
        e.cells().size(),
        e.repetitions(),
        text(e.phases().warmup()),
        text(e.phases().measure()),
        text(e.phases().drain()),
        e.seed());
    int n = 1;
    for (Cell cell : e.cells()) {
      out.printf("  %3d  %s%n", n++, cell.id());
    }
    out.println("expected time: " + text(e.expectedDuration()));
    out.flush();
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
