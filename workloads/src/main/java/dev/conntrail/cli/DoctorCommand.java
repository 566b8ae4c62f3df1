package dev.conntrail.cli;

import dev.conntrail.experiment.AtHand;
import dev.conntrail.experiment.Placement;
import dev.conntrail.experiment.Probe;
import dev.conntrail.proxy.DnsServer;
import dev.conntrail.proxy.ProxyPrograms;
import dev.conntrail.report.block.Numbers;
import dev.conntrail.spec.BundledExperiments;
import dev.conntrail.spec.Experiment;
import dev.conntrail.spec.ProxyProgram;
import dev.conntrail.spec.TestbedKind;
import dev.conntrail.testbed.Abilities;
import dev.conntrail.testbed.Check;
import dev.conntrail.testbed.NetnsRequirements;
import dev.conntrail.testbed.TestbedException;
import dev.conntrail.testbed.UmlGuest;
import dev.conntrail.testbed.kube.ClusterOptions;
import dev.conntrail.testbed.kube.KindRequirements;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Says what this machine can run. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = "Say what this machine can and cannot run, and the one line that mends each.")
final class DoctorCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    List<Check> checks = NetnsRequirements.checks();
    List<Check> kind = kind();
    out.println(
        "Java " + Runtime.version() + ", " + Runtime.getRuntime().availableProcessors() + " CPUs");
    Check uml = uml();
    for (Check c :
        Stream.of(
                checks.stream(),
                ProxyPrograms.checks().stream(),
                Stream.of(DnsServer.check(), uml),
                kind.stream())
            .flatMap(s -> s)
            .toList()) {
      out.printf(
          "%-5s %-52s %s%n", c.ok() ? "ok" : c.needed() ? "MISS" : "opt", c.name(), c.found());
      if (!c.ok()) {
        out.println("      mend: " + c.mend());
      }
    }
    boolean netns = checks.stream().allMatch(c -> c.ok() || !c.needed());
    List<Experiment> bundled =
        BundledExperiments.NAMES.stream().map(BundledExperiments::nameOrFile).toList();
    AtHand here = Probe.atHand(bundled, ClusterOptions.DEFAULT, "");
    out.println("testbed loopback: can run");
    out.println(
        "testbed netns:    "
            + (netns ? can(here, TestbedKind.NETNS) : "cannot run, see MISS above"));
    out.println("testbed uml:      " + can(here, TestbedKind.UML));
    out.println("testbed kind:     " + can(here, TestbedKind.KIND));
    out.println(
        "testbed cluster:  can run where a kubeconfig names a cluster; `testbed rbac` prints what it needs");
    out.println("experiments that come with it, each on the testbed that it names:");
    bundled.forEach(e -> placed(e, here).forEach(out::println));
    out.flush();
    return netns ? ExitCode.OK : ExitCode.PREREQUISITE;
  }

  /**
   * Where cells of an experiment would run, and which are left out: as `plan` and `run` have it.
   */
  private static List<String> placed(Experiment e, AtHand here) {
    List<String> said;
    try {
      Placement placement = Placement.of(e, false, here);
      String cells =
          placement.cells().entrySet().stream()
              .map(
                  on -> Numbers.counted(on.getValue().size(), "cell") + " on " + on.getKey().word())
              .collect(Collectors.joining(", "));
      said = Stream.concat(Stream.of(cells), placement.notes().stream()).toList();
    } catch (TestbedException why) {
      said = List.of("cannot run here: " + why.getMessage());
    }
    return said.stream()
        .flatMap(l -> Wrapped.lines(e.name() + ": " + l, AnswerText.COLUMNS).stream())
        .toList();
  }

  /** What `plan` and `run` go by. */
  private static String can(AtHand here, TestbedKind kind) {
    AtHand.Has has = here.testbeds().get(kind);
    return has.unusable().isPresent()
        ? "cannot run, see opt above"
        : Stream.concat(
                Stream.of("can run"),
                has.lacks().values().stream().map(AtHand.Lack::why).distinct().sorted())
            .collect(Collectors.joining("; "));
  }

  /** What the testbed kind needs beside. */
  private static List<Check> kind() {
    String image = ClusterOptions.DEFAULT_IMAGE;
    return Stream.concat(
            Stream.of(
                Check.tried("kind: Docker answers, and kind is there", KindRequirements::tools),
                Check.tried("kind: the image " + image, () -> KindRequirements.image(image))),
            Stream.of(ProxyProgram.values())
                .map(program ->
                    Check.tried(
                        "kind: " + program.word() + " in that image",
                        () -> KindRequirements.proxy(image, program))))
        .toList();
  }

  /** What the testbed uml needs. */
  private static Check uml() {
    Check there =
        Check.tried("uml: a User-mode Linux kernel, ipvsadm, ipset", () -> UmlGuest.find(""));
    return there.ok()
        ? new Check(there.name(), true, false, abilities(UmlGuest.find("")), "")
        : there;
  }

  private static String abilities(UmlGuest guest) {
    Abilities can = guest.abilities();
    return guest.kernel()
        + ": ip_vs "
        + yes(can.ipvs())
        + ", ip_tables "
        + yes(can.legacyIptables())
        + ", nf_tables for IPv4 "
        + yes(can.nftables())
        + ", processors "
        + can.cpus();
  }

  private static String yes(boolean can) {
    return can ? "yes" : "no";
  }
}
