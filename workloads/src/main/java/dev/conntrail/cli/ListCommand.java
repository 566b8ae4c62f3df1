package dev.conntrail.cli;

import dev.conntrail.spec.BundledExperiments;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.Experiment;
import dev.conntrail.spec.IpvsScheduler;
import dev.conntrail.spec.Named;
import dev.conntrail.spec.Protocol;
import dev.conntrail.spec.TestbedKind;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Lists what there is to run. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "List the bundled experiments, testbeds, data planes and protocols.")
final class ListCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    out.println("experiments (each is a name for plan and run):");
    for (String name : BundledExperiments.NAMES) {
      Experiment e = BundledExperiments.byName(name);
      out.printf(
          "  %-16s %s (%d cells, %d repetitions, about %s)%n",
          name, e.question(), e.cells().size(), e.tries(), TimeText.of(e.expectedDuration()));
    }
    out.println("testbeds:    " + String.join(" ", Named.words(TestbedKind.class)));
    out.println("data planes: " + String.join(" ", Named.words(DataPlane.class)));
    out.println("schedulers:  " + String.join(" ", Named.words(IpvsScheduler.class)));
    out.println("protocols:   " + String.join(" ", Named.words(Protocol.class)));
    out.flush();
  }
}
