package dev.conntrail.cli;

import dev.conntrail.analysis.Growth;
import dev.conntrail.calibration.Calibration;
import dev.conntrail.calibration.CalibrationPlan;
import dev.conntrail.report.Report;
import dev.conntrail.result.Rows;
import dev.conntrail.result.RunFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures in the kernel what the models are held against. */
@Command(
    name = "calibrate",
    mixinStandardHelpOptions = true,
    description = {
      "Measure in this machine's kernel what a Service's place among others costs: connect() to the first and to the last of many, alternating, client and server on one CPU.",
      "iptables-legacy, iptables-nft and nftables, in namespaces that are made and removed. Writes kernel.csv and growth.csv."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  conntrail calibrate                                   to results/calibration",
      "  conntrail calibrate results/20261122T180000Z_default_netns_abc123    into a run, whose report is written anew"
    })
final class CalibrateCommand implements Callable<Integer> {
  private static final long CLEAN_UP_LIMIT_S = 30;

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
      names = "--timer",
      hidden = true,
      description = "Be the process that times: plan on standard input.")
  private boolean timer;

  @Override
  public Integer call() throws IOException {
    if (timer) {
      Calibration.time(
          new String(System.in.readAllBytes(), StandardCharsets.UTF_8), System.out::println);
      return ExitCode.OK;
    }
    CalibrationPlan plan = CalibrationPlan.Profile.of(profile).plan();
    Prerequisites.requireNetns();
    RunFolder run = new RunFolder(folder);
    List<Rows.Kernel> rows;
    CountDownLatch over = new CountDownLatch(1);
    Thread measuring = Thread.currentThread();
    Thread hook = Thread.ofPlatform().unstarted(() -> stop(measuring, over));
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      rows = Calibration.run(plan, title -> System.err.println("calibrate: " + title));
    } finally {
      over.countDown();
    }
    Files.createDirectories(folder);
    Calibration.write(run.kernel(), rows);
    List<Rows.Growth> growth = Growth.write(run);
    System.out.printf(
        Locale.ROOT,
        "%-16s %-12s %-8s %22s  %s%n",
        "data plane",
        "packet",
        "target",
        "ns per Service (95 %)",
        "growth");
    for (Rows.Growth g : growth) {
      if (g.source().equals(Growth.KERNEL)) {
        System.out.printf(
            Locale.ROOT,
            "%-16s %-12s %-8s %8.3f (%.3f to %.3f)  %s, R2 %.4f%n",
            g.dataPlane(),
            g.packet(),
            g.target(),
            g.slopeNs(),
            g.slopeLowNs(),
            g.slopeHighNs(),
            g.verdict(),
            g.r2());
      }
    }
    System.out.println("kernel: " + run.kernel());
    if (Files.isRegularFile(run.manifest())) {
      System.out.println("report: " + Report.write(run));
    }
    return ExitCode.OK;
  }

  /** On a signal: end what runs, and hold the exit until its namespaces are gone. */
  private static void stop(Thread measuring, CountDownLatch over) {
    measuring.interrupt();
    try {
      if (!over.await(CLEAN_UP_LIMIT_S, TimeUnit.SECONDS)) {
        System.err.println("not cleaned up in time; `testbed down` clears what is left");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
