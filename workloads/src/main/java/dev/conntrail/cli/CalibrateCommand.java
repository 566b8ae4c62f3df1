package dev.conntrail.cli;

import dev.conntrail.analysis.DerivedTables;
import dev.conntrail.calibration.Calibration;
import dev.conntrail.calibration.CalibrationPlan;
import dev.conntrail.experiment.GuestRun;
import dev.conntrail.report.Report;
import dev.conntrail.result.Csv;
import dev.conntrail.result.FileTrees;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.RunResults;
import dev.conntrail.result.Tables;
import dev.conntrail.result.row.GrowthRow;
import dev.conntrail.result.row.KernelRow;
import dev.conntrail.result.row.Source;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.Named;
import dev.conntrail.spec.TestbedKind;
import dev.conntrail.testbed.Abilities;
import dev.conntrail.testbed.NetnsRequirements;
import dev.conntrail.testbed.TestbedException;
import dev.conntrail.testbed.TestbedRegistry;
import dev.conntrail.testbed.UmlGuest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
      "iptables-legacy, iptables-nft, nftables and ipvs, those that the kernel has, in namespaces that are made and removed. Writes kernel.csv and growth.csv."
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
  private static final Duration GUEST_LIMIT = Duration.ofHours(1);

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
      description = "quick (10 s), default (half a minute) or full (minutes).")
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
      paramLabel = "WORD",
      split = ",",
      description = "iptables, nftables, ipvs: only these (default: all that the kernel can do).")
  private List<String> planes = List.of();

  @Option(
      names = "--for-run",
      description = "DIR is a run's: measure the kernels that it ran in, a guest's for ipvs alone.")
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
      description = "Be the process that times: plan on standard input.")
  private boolean timer;

  @Override
  public Integer call() throws Exception {
    if (timer) {
      Calibration.time(
          new String(System.in.readAllBytes(), StandardCharsets.UTF_8), System.out::println);
      return ExitCode.OK;
    }
    WritableFolder.require(spec, "DIR", folder);
    String name = name();
    int code = ExitCode.OK;
    for (CalibrationJob job : jobs()) {
      List<KernelRow> rows = new ArrayList<>();
      Thread measuring = Thread.currentThread();
      try (Interruption interruption = new Interruption(measuring::interrupt, Leftovers::lines)) {
        int stopped =
            interruption.during(() -> {
              rows.addAll(job.guest() ? inGuest(name, job) : here(name, job));
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
      write(name, rows);
    }
    return code;
  }

  /** The run that the folder is of; a name of its own in any other. */
  private String name() throws IOException {
    RunFolder run = new RunFolder(folder);
    return Files.isRegularFile(run.manifest())
        ? RunResults.read(run).manifest().run()
        : TestbedRegistry.newRun();
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

  private void write(String name, List<KernelRow> rows) throws IOException {
    RunFolder run = new RunFolder(folder);
    Files.createDirectories(folder);
    run.write(Tables.KERNEL, Calibration.beside(rows, run.rows(Tables.KERNEL)));
    List<GrowthRow> growth = DerivedTables.growth(run, name);
    System.out.printf(
        Locale.ROOT,
        "%-13s %-16s %-12s %-8s %22s  %s%n",
        "source",
        "data plane",
        "packet",
        "target",
        "ns per Service (95 %)",
        "growth");
    for (GrowthRow g : growth) {
      if (g.source() != Source.MODEL) {
        System.out.printf(
            Locale.ROOT,
            "%-13s %-16s %-12s %-8s %8.3f (%.3f to %.3f)  %s, R2 %s%n",
            g.source().word(),
            g.lookup().word(),
            g.packet().word(),
            g.target().word(),
            g.slopeNs(),
            g.slopeLowNs(),
            g.slopeHighNs(),
            g.trend().word(),
            r2(g));
      }
    }
    System.out.println("kernel: " + run.of(Tables.KERNEL));
    if (!noReport && Files.isRegularFile(run.manifest())) {
      System.out.println("report: " + Report.write(run).page());
    }
    ResultOwner.give(folder);
  }

  /** Nothing to print where nothing varied. */
  private static String r2(GrowthRow fit) {
    return Double.isFinite(fit.r2()) ? String.format(Locale.ROOT, "%.4f", fit.r2()) : "-";
  }

  private static DataPlane plane(String word) {
    return Named.find(DataPlane.class, word)
        .filter(p -> p != DataPlane.DIRECT)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "--data-plane: found '" + word + "'; allowed: iptables, nftables, ipvs"));
  }

  private static List<KernelRow> here(String name, CalibrationJob job) {
    NetnsRequirements.require();
    CalibrationPlan plan = job.much().plan(Abilities.here()).only(job.planes());
    if (plan.points().isEmpty()) {
      throw new TestbedException(
          "this kernel can do none of "
              + words(job.planes(), ", ")
              + "; a guest's may: --testbed uml");
    }
    return Calibration.run(name, plan, title -> System.err.println("calibrate: " + title));
  }

  private static String words(Set<DataPlane> planes, String between) {
    return planes.stream().map(DataPlane::word).sorted().collect(Collectors.joining(between));
  }

  /** The same within a guest, which writes to a folder of its own. */
  private static List<KernelRow> inGuest(String name, CalibrationJob job) throws IOException {
    UmlGuest guest = UmlGuest.find(job.umlKernel());
    Path out = Files.createTempDirectory("conntrail-guest");
    List<String> command =
        new ArrayList<>(
            List.of("calibrate", "--profile", job.much().word(), GuestRun.THERE + "found"));
    if (!job.planes().isEmpty()) {
      command.addAll(List.of("--data-plane", words(job.planes(), ",")));
    }
    try {
      UmlGuest.Done done = guest.run(GuestRun.java(command), out, GUEST_LIMIT, System.err::println);
      Path found = out.resolve("found").resolve("kernel.csv");
      if (done.code() != ExitCode.OK || !Files.exists(found)) {
        throw new TestbedException("the guest could not calibrate: it ended with " + done.code());
      }
      return Csv.read(found, KernelRow.class).stream().map(r -> r.of(name)).toList();
    } finally {
      FileTrees.delete(out);
    }
  }
}
