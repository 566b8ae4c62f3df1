package dev.conntrail.cli;

import dev.conntrail.spec.Limits;
import dev.conntrail.testbed.NetnsRequirements;
import dev.conntrail.testbed.NetnsTestbed;
import dev.conntrail.testbed.TestbedRegistry;
import dev.conntrail.testbed.TestbedSize;
import dev.conntrail.testbed.kube.KindRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Testbeds by hand. */
@Command(
    name = "testbed",
    mixinStandardHelpOptions = true,
    description = "Make, show and remove netns testbeds: namespaces to try things in by hand.",
    subcommands = {
      TestbedCommand.Up.class,
      TestbedCommand.Down.class,
      TestbedCommand.Status.class,
      TestbedCommand.Rbac.class
    },
    synopsisSubcommandLabel = "(up | down | status | rbac)",
    footerHeading = "%nExamples:%n",
    footer = {
      "  conntrail testbed up --pods 10",
      "  ip netns exec RUN-client-1 ping -c1 10.244.1.1",
      "  conntrail testbed down"
    })
final class TestbedCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(), "found no subcommand; allowed: up, down, status, rbac");
  }

  /** Makes one that stays. */
  @Command(
      name = "up",
      mixinStandardHelpOptions = true,
      description = "Make a testbed that stays until `testbed down`.")
  static final class Up implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(
        names = "--pods",
        paramLabel = "N",
        defaultValue = "10",
        description = "Pods (default: ${DEFAULT-VALUE}).")
    private int pods;

    @Option(
        names = "--clients",
        paramLabel = "N",
        defaultValue = "1",
        description = "Client pods (default: ${DEFAULT-VALUE}).")
    private int clients;

    @Option(
        names = "--nodes",
        paramLabel = "N",
        defaultValue = "1",
        description = "Nodes that pods and clients are spread over (default: ${DEFAULT-VALUE}).")
    private int nodes;

    @Override
    public Integer call() throws Exception {
      if (pods < 1 || pods > Limits.PODS) {
        throw new ParameterException(
            spec.commandLine(), "--pods: found " + pods + "; allowed: 1 to " + Limits.PODS);
      }
      if (clients < 1 || clients > Limits.CLIENTS) {
        throw new ParameterException(
            spec.commandLine(),
            "--clients: found " + clients + "; allowed: 1 to " + Limits.CLIENTS);
      }
      if (nodes < 1 || nodes > Limits.NODES) {
        throw new ParameterException(
            spec.commandLine(), "--nodes: found " + nodes + "; allowed: 1 to " + Limits.NODES);
      }
      NetnsRequirements.require();
      Thread self = Thread.currentThread();
      try (Interruption interruption = new Interruption(self::interrupt, Leftovers::lines)) {
        return interruption.during(this::make);
      }
    }

    private int make() {
      PrintWriter out = spec.commandLine().getOut();
      TestbedRegistry.clearKilled().forEach(out::println);
      long start = System.nanoTime();
      String run = TestbedRegistry.newRun();
      NetnsTestbed testbed = NetnsTestbed.up(run, new TestbedSize(pods, clients, nodes), true);
      out.printf(
          "testbed %s up in %d ms: %d nodes %s (%s) and on, %d pods %s-pod-1 (%s) and on, %d clients %s-client-1 (%s) and on%n",
          run,
          (System.nanoTime() - start) / 1_000_000,
          nodes,
          testbed.node().netns(),
          testbed.node().address(),
          pods,
          run,
          testbed.pods().getFirst().address(),
          clients,
          run,
          testbed.clients().getFirst().address());
      out.flush();
      return ExitCode.OK;
    }
  }

  /** Removes testbeds. */
  @Command(
      name = "down",
      mixinStandardHelpOptions = true,
      description =
          "Remove testbeds that were made by `testbed up`, kind clusters that were kept, and what killed runs left.")
  static final class Down implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(arity = "0..*", paramLabel = "RUN", description = "Only these.")
    private List<String> runs = List.of();

    @Override
    public Integer call() {
      PrintWriter out = spec.commandLine().getOut();
      if (runs.isEmpty()) {
        KindRegistry.clearKilled().forEach(out::println);
        KindRegistry.clearKept().forEach(out::println);
      }
      List<TestbedRegistry.Entry> all = TestbedRegistry.all();
      for (String run : runs) {
        if (all.stream().noneMatch(e -> e.run().equals(run))) {
          throw new ParameterException(
              spec.commandLine(), run + ": no such testbed; `testbed status` lists them");
        }
      }
      for (TestbedRegistry.Entry entry : all) {
        boolean asked = runs.contains(entry.run());
        if (entry.alive() && !entry.lasting()) {
          if (asked || runs.isEmpty()) {
            out.println(
                "left alone: "
                    + entry.run()
                    + " belongs to process "
                    + entry.pid()
                    + ", which runs; stop it with Ctrl-C");
          }
        } else if (asked || runs.isEmpty()) {
          long start = System.nanoTime();
          TestbedRegistry.remove(entry.run());
          out.printf(
              "testbed %s down in %d ms%n", entry.run(), (System.nanoTime() - start) / 1_000_000);
        }
      }
      out.flush();
      return ExitCode.OK;
    }
  }

  /** Prints the rights that testbed cluster needs. */
  @Command(
      name = "rbac",
      mixinStandardHelpOptions = true,
      description = "Print the ClusterRole that testbed cluster needs.")
  static final class Rbac implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
      try (InputStream in = TestbedCommand.class.getResourceAsStream("/kubernetes/rbac.yaml")) {
        spec.commandLine().getOut().print(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        spec.commandLine().getOut().flush();
      }
      return ExitCode.OK;
    }
  }

  /** Shows testbeds. */
  @Command(
      name = "status",
      mixinStandardHelpOptions = true,
      description = "List the testbeds on this machine.")
  static final class Status implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
      PrintWriter out = spec.commandLine().getOut();
      List<TestbedRegistry.Entry> all = TestbedRegistry.all();
      if (all.isEmpty()) {
        out.println("no testbeds");
      }
      for (TestbedRegistry.Entry e : all) {
        String state =
            e.lasting()
                ? "made by testbed up"
                : e.alive()
                    ? "in use by process " + e.pid()
                    : "left by a killed run; `testbed down` or the next run clears it";
        out.printf(
            "%s  %d nodes, %d pods, %d clients, %d namespaces  %s%n",
            e.run(),
            e.size().nodes(),
            e.size().pods(),
            e.size().clients(),
            e.namespaces().size(),
            state);
      }
      out.flush();
      return ExitCode.OK;
    }
  }
}
