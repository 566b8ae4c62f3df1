package dev.conntrail.cli;

import dev.conntrail.agent.AgentLoop;
import dev.conntrail.analysis.DerivedTables;
import dev.conntrail.calibration.Calibration;
import dev.conntrail.calibration.CalibrationPlan;
import dev.conntrail.calibration.Campaign;
import dev.conntrail.calibration.GuestCalibration;
import dev.conntrail.calibration.TimerProcess;
import dev.conntrail.report.Report;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.RunResults;
import dev.conntrail.result.Tables;
import dev.conntrail.result.row.KernelRow;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.Named;
import dev.conntrail.spec.TestbedKind;
import dev.conntrail.testbed.Abilities;
import dev.conntrail.testbed.NetnsRequirements;
import dev.conntrail.testbed.TestbedException;
import dev.conntrail.testbed.TestbedRegistry;
import dev.conntrail.testbed.UmlGuest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures in the kernel what the models are held against. */
@Command(
    name = "calibrate",
    mixinStandardHelpOptions = true,
    description = {
      "Measure in the kernel what a Service's place among others costs: connect() to the first and to the last of many, in an order drawn anew each time, client and server on one CPU.",
      "iptables-legacy, iptables-nft, nftables (in the layouts of kube-proxy 1.34 and 1.37) and ipvs, those that the kernel has, in namespaces that are made and removed. Writes kernel.csv and growth.csv."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  conntrail calibrate                  to results/calibration",
      "  conntrail calibrate --testbed uml    in a guest, whose kernel has ipvs",
      "  conntrail calibrate --testbed uml --data-plane ipvs    that alone",
      "  conntrail calibrate results/20261122T180000Z_default_netns_abc123",
      "                                       into a run; its report is written anew",
      "  conntrail calibrate --for-run results/20261122T180000Z_default_netns_abc123",
      "                                       the kernels that it ran in"
    })
final class CalibrateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "DIR",
      defaultValue = "results/calibration",
      description = "A result folder, or any folder (default: ${DEFAULT-VALUE}).")
  private Path folder;

  @Option(
      names = "--profile",
      paramLabel = "WORD",
      defaultValue = "default",
      description =
          "quick (10 s), default (a minute) or full (minutes); half as long again where something disturbs it.")
  private String profile;

  @Option(
      names = "--testbed",
      paramLabel = "WORD",
      defaultValue = "netns",
      description =
          "netns (this kernel) or uml (the kernel of a User-mode Linux guest) (default: ${DEFAULT-VALUE}).")
  private String testbed;

  @Option(
      names = "--data-plane",
      paramLabel = "WORDS",
      hideParamSyntax = true,
      split = ",",
      description =
          "iptables, nftables, ipvs: only these, joined by commas (default: all that the kernel can do).")
  private List<String> planes = List.of();

  @Option(
      names = "--for-run",
      description =
          "DIR is a run's: measure the kernels that it ran in, a guest's where it is the only one or all was run.")
  private boolean forRun;

  @Option(names = "--no-report", description = "Write no report, though the folder is a run's.")
  private boolean noReport;

  @Option(
      names = "--uml-kernel",
      paramLabel = "FILE",
      defaultValue = "",
      description = "uml: a User-mode Linux kernel (default: linux.uml).")
  private String umlKernel;

  @Option(
      names = "--timer",
      hidden = true,
      description = "Be the process that times: take orders on standard input.")
  private boolean timer;

  @Override
  public Integer call() throws Exception {
    if (timer) {
      AgentLoop.serve(new TimerProcess.Agent());
      return ExitCode.OK;
    }
    WritableFolder.require(spec, "DIR", folder);
    List<KernelRow> there = earlier(new RunFolder(folder));
    String name = name();
    int code = ExitCode.OK;
    for (CalibrationJob job : jobs()) {
      List<KernelRow> rows = new ArrayList<>();
      Thread measuring = Thread.currentThread();
      try (Interruption interruption = new Interruption(measuring::interrupt, Leftovers::lines)) {
        int stopped =
            interruption.during(() -> {
              rows.addAll(measured(name, job));
              return ExitCode.OK;
            });
        if (interruption.stopped()) {
          return stopped;
        }
      } catch (TestbedException e) {
        if (!forRun) {
          throw e;
        }
        System.err.println("conntrail: " + e.getMessage());
        code = ExitCode.PREREQUISITE;
        continue;
      }
      there = write(name, rows, there);
    }
    return code;
  }

  /** The run that the folder is of; a name of its own in any other. */
  private String name() throws IOException {
    RunFolder run = new RunFolder(folder);
    return run.exists() ? RunResults.read(run).manifest().run() : TestbedRegistry.newRun();
  }

  private List<CalibrationJob> jobs() throws IOException {
    CalibrationPlan.Profile much = CalibrationPlan.Profile.of(profile);
    boolean guest = testbed.equals(TestbedKind.UML.word());
    if (!guest && !testbed.equals(TestbedKind.NETNS.word())) {
      throw new IllegalArgumentException("--testbed: found '" + testbed + "'; allowed: netns, uml");
    }
    Set<DataPlane> only =
        planes.stream().map(CalibrateCommand::plane).collect(Collectors.toUnmodifiableSet());
    if (!forRun) {
      return List.of(new CalibrationJob(guest, much, only, umlKernel));
    }
    if (guest || !only.isEmpty() || !umlKernel.isEmpty()) {
      throw new IllegalArgumentException(
          "--for-run: found beside --testbed, --data-plane or --uml-kernel; allowed: without them, for the run says what they say");
    }
    List<CalibrationJob> jobs = CalibrationJob.after(new RunFolder(folder), much);
    if (jobs.isEmpty()) {
      System.err.println("calibrate: nothing, for the run was in no kernel of this machine");
    }
    return jobs;
  }

  /** All that is in the table then. */
  private List<KernelRow> write(String name, List<KernelRow> rows, List<KernelRow> there)
      throws IOException {
    RunFolder run = new RunFolder(folder);
    Files.createDirectories(folder);
    List<KernelRow> all = Campaign.beside(rows, there);
    run.write(Tables.KERNEL, all);
    CalibrationText.of(DerivedTables.growth(run, name), rows).forEach(System.out::println);
    System.out.println("kernel: " + run.of(Tables.KERNEL));
    if (!noReport && run.exists()) {
      System.out.println("report: " + Report.write(run).page());
    }
    ResultOwner.give(folder);
    return all;
  }

  /** What another testbed or data plane gave, before anything is measured in vain. */
  private static List<KernelRow> earlier(RunFolder run) throws IOException {
    try {
      return run.rows(Tables.KERNEL);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          e.getMessage() + ": an earlier version wrote this table; mend: another folder", e);
    }
  }

  private static DataPlane plane(String word) {
    return Named.find(DataPlane.class, word)
        .filter(p -> p.service())
        .orElseThrow(() ->
            new IllegalArgumentException(
                "--data-plane: found '" + word + "'; allowed: iptables, nftables, ipvs"));
  }

  private List<KernelRow> measured(String name, CalibrationJob job) throws IOException {
    Random order = new Random(name.hashCode());
    if (job.guest()) {
      UmlGuest guest = UmlGuest.find(job.umlKernel());
      return Campaign.run(
          plan(job, guest.abilities()),
          those -> GuestCalibration.run(guest, name, those, job.much(), System.err::println),
          order);
    }
    NetnsRequirements.require();
    return Campaign.run(plan(job, Abilities.here()), those -> here(name, those, job.much()), order);
  }

  private static List<KernelRow> here(
      String name, List<CalibrationPlan.Point> loads, CalibrationPlan.Profile much) {
    return Calibration.run(name, loads, much.effort(), System.err::println);
  }

  private static CalibrationPlan plan(CalibrationJob job, Abilities kernel) {
    CalibrationPlan plan = job.much().plan(kernel).only(job.planes());
    if (plan.points().isEmpty()) {
      throw new TestbedException(
          "this kernel can do none of "
              + job.planes().stream()
                  .map(DataPlane::word)
                  .sorted()
                  .collect(Collectors.joining(", "))
              + "; a guest's may: --testbed uml");
    }
    return plan;
  }
}
