package dev.conntrail.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
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
    List<Prerequisites.Check> checks = Prerequisites.netns();
    List<Prerequisites.Check> kind = Prerequisites.kind();
    out.println(
        "Java " + Runtime.version() + ", " + Runtime.getRuntime().availableProcessors() + " CPUs");
    Prerequisites.Check uml = Prerequisites.uml();
    for (Prerequisites.Check c :
        Stream.of(checks.stream(), Stream.of(uml), kind.stream()).flatMap(s -> s).toList()) {
      out.printf(
          "%-5s %-52s %s%n", c.ok() ? "ok" : c.needed() ? "MISS" : "opt", c.name(), c.found());
      if (!c.ok()) {
        out.println("      mend: " + c.mend());
      }
    }
    boolean netns = checks.stream().allMatch(c -> c.ok() || !c.needed());
    out.println("testbed loopback: can run");
    out.println("testbed netns:    " + (netns ? "can run" : "cannot run, see MISS above"));
    out.println("testbed uml:      " + (uml.ok() ? "can run" : "cannot run, see opt above"));
    out.println(
        "testbed kind:     "
            + (kind.stream().allMatch(Prerequisites.Check::ok)
                ? "can run"
                : "cannot run, see opt above"));
    out.println(
        "testbed cluster:  can run where a kubeconfig names a cluster; `testbed rbac` prints what it needs");
    out.flush();
    return netns ? ExitCode.OK : ExitCode.PREREQUISITE;
  }
}
