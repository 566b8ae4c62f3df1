package dev.conntrail.cli;

import dev.conntrail.load.LoadOutcome;
import dev.conntrail.load.LoadRun;
import dev.conntrail.load.StartSignal;
import dev.conntrail.load.client.ProtocolClients;
import dev.conntrail.record.Clocks;
import dev.conntrail.record.Metric;
import dev.conntrail.record.Quantiles;
import dev.conntrail.record.Recording;
import dev.conntrail.result.ClientFolder;
import dev.conntrail.result.Json;
import dev.conntrail.result.LoadFiles;
import dev.conntrail.result.LoadTotals;
import dev.conntrail.result.row.At;
import dev.conntrail.spec.LoadPlan;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Drives load at an echo. */
@Command(
    name = "load",
    mixinStandardHelpOptions = true,
    description = {
      "Drive load at an echo and write what was seen: connections.csv (the ledger), latency.hlog, intervals.csv, pods_over_time.csv, errors.csv, totals.json.",
      "The targets must be Conntrail echoes; test only machines that are yours."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  conntrail load --protocol http1 --connections 20 --rate 500 \\",
      "    --target 127.0.0.1:8080 --out out",
      "  conntrail load --protocol grpc --pooling shared --connections 20 \\",
      "    --target 127.0.0.1:9090 --out out"
    })
final class LoadCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--orders",
      description =
          "Take orders on standard input in place of the options below: run DIR (holding plan.json), drain.")
  private boolean orders;

  @Option(names = "--out", paramLabel = "DIR", description = "Folder to write to.")
  private Path out;

  @Mixin private LoadOptions options;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (orders) {
      OrderLoop.serve("run", LoadCommand::carryOut);
      return ExitCode.OK;
    }
    if (out == null) {
      throw new ParameterException(
          spec.commandLine(), "--out: found none; allowed: a folder to write to");
    }
    LoadPlan plan = options.plan();
    CountDownLatch stop = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(stop::countDown));
    LoadOutcome outcome = run(plan, new ClientFolder(out), stop, StartSignal.AT_ONCE);
    PrintWriter console = spec.commandLine().getOut();
    LoadSummary.lines(outcome).forEach(console::println);
    console.println("written to " + out);
    console.flush();
    return outcome.requests().answered() == 0 ? ExitCode.CELLS : ExitCode.OK;
  }

  /** Runs the plan that lies in a folder, and writes beside it what was seen. */
  private static void carryOut(String folder, OrderLoop.Signals signals)
      throws IOException, InterruptedException {
    ClientFolder files = new ClientFolder(Path.of(folder));
    run(
        Json.read(files.plan(), LoadPlan.class),
        files,
        signals.stop(),
        () -> {
          System.out.println("connected");
          long agreedNs = Clocks.nanoTimeAt(signals.go().join());
          Thread.sleep(Duration.ofNanos(Math.max(0, agreedNs - System.nanoTime())));
          return agreedNs;
        });
  }

  private static LoadOutcome run(
      LoadPlan plan, ClientFolder files, CountDownLatch stop, StartSignal start)
      throws IOException, InterruptedException {
    LoadOutcome outcome =
        LoadRun.run(
            plan,
            c -> ProtocolClients.of(plan.callers().protocol(), plan.callers().pooling(), c),
            stop,
            start);
    LoadPlan.Client client = plan.client();
    Files.createDirectories(files.path());
    LoadFiles.write(
        files,
        new LoadFiles.Origin(
            new At(client.run(), client.cell(), client.repetition()),
            client.name(),
            client.node(),
            outcome.times().agreedNs()),
        totals(outcome),
        new LoadFiles.Seen(
            outcome.intervals(), outcome.ledger(), outcome.replies(), outcome.requests().errors()));
    return outcome;
  }

  private static LoadTotals totals(LoadOutcome o) {
    return new LoadTotals(
        o.times().startMs(),
        o.times().measureStartMs(),
        o.times().measuredNs(),
        o.requests().due(),
        o.requests().answered(),
        o.requests().errors().values().stream().mapToLong(Long::longValue).sum(),
        o.requests().unfinished(),
        o.cpu(),
        Quantiles.percentile(Recording.sum(o.intervals()).get(Metric.PACING_LAG), 99),
        o.drainedEarly());
  }
}
