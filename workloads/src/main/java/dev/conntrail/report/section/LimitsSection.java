package dev.conntrail.report.section;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Block;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.report.finding.Scatter;
import dev.conntrail.result.CellResults;
import dev.conntrail.spec.TestbedKind;
import java.util.ArrayList;
import java.util.List;

/** What the run cannot tell. */
final class LimitsSection implements Section {
  @Override
  public String id() {
    return "limits";
  }

  @Override
  public String title() {
    return "Limits";
  }

  @Override
  public List<Block> blocks(Analysis run) {
    if (run.results().measured().isEmpty()) {
      return List.of();
    }
    List<String> limits = new ArrayList<>(run.results().manifest().limits());
    limits.add(noise(run));
    if (!run.results().environment().jvmFlags().isEmpty()) {
      limits.add(
          "Load processes are primed before the first cell and stay for all repetitions; their JVM"
              + " runs with `"
              + String.join(" ", run.results().environment().jvmFlags())
              + "`.");
    }
    testbeds(run, limits);
    return List.of(new Block.Bullets(limits));
  }

  /** How far times differ where nothing differs, as this run itself shows it. */
  private static String noise(Analysis run) {
    List<CellResults> calm =
        run.results().measured().stream().filter(c -> !c.cell().provoking()).toList();
    List<String> spreads = new ArrayList<>();
    Scatter.of(calm, s -> s.response().exactP50Ns())
        .ifPresent(s -> spreads.add("in their median response time " + s.text()));
    Scatter.of(calm, s -> s.connect().p50Ns())
        .ifPresent(s -> spreads.add("in their median connect " + s.text()));
    return where(run)
        + (spreads.isEmpty()
            ? "No cell has two repetitions with times, so nothing here tells how far times differ"
                + " where nothing else does."
            : "Repetitions of one and the same cell differ "
                + String.join(", and ", spreads)
                + ": cells that differ by no more than that are not told apart.");
  }

  private static String where(Analysis run) {
    if (Testbeds.had(run, TestbedKind.CLUSTER)) {
      return "Times are those of this cluster, as it was then. ";
    }
    int cpus = run.results().environment().cpus();
    return "Client, pods and kernel share "
        + (cpus > 0 ? Numbers.counted((long) cpus, "CPU") : "the CPUs of one machine")
        + ": times are those of this machine. ";
  }

  private static void testbeds(Analysis run, List<String> limits) {
    if (Testbeds.had(run, TestbedKind.KIND)) {
      limits.add(
          "Nodes of kind are containers of one machine: they share its CPUs and kernel, and a path"
              + " between nodes has no wire in it.");
    }
    if (Testbeds.kubernetes(run)) {
      limits.add(
          "Rules are kube-proxy's own, as found on a client's node; how long they took to load is"
              + " not known.");
    }
    if (Testbeds.had(run, TestbedKind.UML)) {
      limits.add(
          "Testbed uml: its cells ran in one User-mode Linux kernel"
              + run.results().guest().map(g -> " (" + g.kernel() + ")").orElse("")
              + " on one CPU, where a call of the clock alone can take tens of microseconds: its"
              + " times can be compared with each other only, never with those of netns.");
    }
    if (Testbeds.had(run, TestbedKind.NETNS) || Testbeds.had(run, TestbedKind.UML)) {
      limits.add(
          "Veths in place of a network: a connect or request has no wire and no encapsulation in"
              + " it; between nodes there is one more namespace that routes.");
      limits.add(
          "The order of Services within KUBE-SERVICES is that of the input (kube-proxy's is random"
              + " at each sync).");
    }
    if (run.results().measured().stream().anyMatch(c -> !c.cell().dataPlane().service())) {
      limits.add(
          "The data plane direct takes pods in turn; connection"
              + " tracking stays on, as other rules keep it on a real node.");
    }
    if (Testbeds.had(run, TestbedKind.LOOPBACK)) {
      limits.add(
          "The testbed loopback has no Service and no rules: it shows that the harness works, not"
              + " what a cluster does.");
    }
  }
}
