package dev.conntrail.cli;

import dev.conntrail.load.LoadOutcome;
import dev.conntrail.load.LoadRun;
import dev.conntrail.load.StartSignal;
import dev.conntrail.load.client.ProtocolClients;
import dev.conntrail.record.Clocks;
import dev.conntrail.record.LedgerEntry;
import dev.conntrail.result.Json;
import dev.conntrail.result.LoadFiles;
import dev.conntrail.result.LoadTotals;
import dev.conntrail.result.RunFolder;
import dev.conntrail.spec.KeepAlive;
import dev.conntrail.spec.LoadPlan;
import dev.conntrail.spec.Named;
import dev.conntrail.spec.Opening;
import dev.conntrail.spec.Pooling;
import dev.conntrail.spec.Protocol;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Drives load at an echo. */
@Command(
    name = "load",
    mixinStandardHelpOptions = true,
    description = {
      "Drive load at an echo and write what was seen: connections.csv (the ledger), latency.hlog, intervals.csv, errors.csv, totals.json.",
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

  @Option(
      names = "--target",
      paramLabel = "IP:PORT",
      description = "Address of an echo or a Service; several are taken in turn.")
  private List<String> targets = List.of();

  @Option(
      names = "--protocol",
      paramLabel = "WORD",
      defaultValue = "http1",
      description =
          "http1, http2, grpc, grpc-stream, websocket or short-lived (default: ${DEFAULT-VALUE}).")
  private String protocol;

  @Option(
      names = "--pooling",
      paramLabel = "WORD",
      defaultValue = "dedicated",
      description =
          "dedicated (a client object for each connection) or shared (one for all) (default: ${DEFAULT-VALUE}).")
  private String pooling;

  @Option(
      names = "--connections",
      defaultValue = "10",
      description = "Concurrent connections (default: ${DEFAULT-VALUE}).")
  private int connections;

  @Option(
      names = "--rate",
      defaultValue = "0",
      description =
          "Requests a second over all connections; 0 for a closed loop (default: ${DEFAULT-VALUE}).")
  private int rate;

  @Option(
      names = "--warmup-ms",
      defaultValue = "1000",
      description = "Warm-up (default: ${DEFAULT-VALUE}).")
  private long warmupMs;

  @Option(
      names = "--measure-ms",
      defaultValue = "5000",
      description = "Measure phase (default: ${DEFAULT-VALUE}).")
  private long measureMs;

  @Option(
      names = "--drain-ms",
      defaultValue = "2000",
      description = "Longest wait for outstanding replies (default: ${DEFAULT-VALUE}).")
  private long drainMs;

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
    LoadPlan plan = fromOptions();
    CountDownLatch stop = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(stop::countDown));
    LoadOutcome outcome = run(plan, new RunFolder.ClientFiles(out), stop, StartSignal.AT_ONCE);
    print(totals(outcome), outcome.ledger());
    return outcome.answered() == 0 ? ExitCode.CELLS : ExitCode.OK;
  }

  /** Runs the plan that lies in a folder, and writes beside it what was seen. */
  private static void carryOut(String folder, OrderLoop.Signals signals)
      throws IOException, InterruptedException {
    RunFolder.ClientFiles files = new RunFolder.ClientFiles(Path.of(folder));
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
      LoadPlan plan, RunFolder.ClientFiles files, CountDownLatch stop, StartSignal start)
      throws IOException, InterruptedException {
    LoadOutcome outcome =
        LoadRun.run(plan, c -> ProtocolClients.of(plan.protocol(), plan.pooling(), c), stop, start);
    Files.createDirectories(files.path());
    LoadFiles.write(
        files,
        new LoadFiles.Origin(
            plan.cell(), plan.repetition(), plan.client(), plan.clientNode(), outcome.agreedNs()),
        totals(outcome),
        outcome.intervals(),
        outcome.ledger(),
        outcome.errors());
    return outcome;
  }

  private LoadPlan fromOptions() {
    Protocol p =
        Named.find(Protocol.class, protocol)
            .orElseThrow(() -> refuse("--protocol", protocol, Named.words(Protocol.class)));
    Pooling q =
        Named.find(Pooling.class, pooling)
            .orElseThrow(() -> refuse("--pooling", pooling, Named.words(Pooling.class)));
    if (targets.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "--target: found none; allowed: IP:PORT, once or more");
    }
    for (String target : targets) {
      if (!target.matches("[0-9a-fA-F.:\\[\\]]+:\\d{1,5}")) {
        throw new ParameterException(
            spec.commandLine(), "--target: found '" + target + "'; allowed: IP:PORT");
      }
    }
    if (connections < 1 || rate < 0 || warmupMs < 0 || measureMs < 100 || drainMs < 0) {
      throw new ParameterException(
          spec.commandLine(),
          "found a number out of range; allowed: connections from 1, rate from 0, warmup-ms and drain-ms from 0, measure-ms from 100");
    }
    return new LoadPlan(
        "load",
        1,
        "client-1",
        "",
        0,
        1,
        p,
        q,
        Opening.AT_ONCE,
        KeepAlive.NONE,
        LoadPlan.KEEP_ALIVE_S,
        0,
        connections,
        targets,
        rate,
        warmupMs,
        0,
        measureMs,
        drainMs);
  }

  private ParameterException refuse(String option, String found, List<String> allowed) {
    return new ParameterException(
        spec.commandLine(),
        option + ": found '" + found + "'; allowed: " + String.join(", ", allowed));
  }

  private static LoadTotals totals(LoadOutcome o) {
    return new LoadTotals(
        o.startMs(),
        o.measureStartMs(),
        o.measuredNs(),
        o.due(),
        o.answered(),
        o.errors().values().stream().mapToLong(Long::longValue).sum(),
        o.unfinished(),
        o.cpuNs(),
        finite(o.hostBusyPct()),
        finite(o.hostStealPct()),
        o.drainedEarly());
  }

  private static Double finite(double d) {
    return Double.isFinite(d) ? d : null;
  }

  private void print(LoadTotals totals, List<LedgerEntry> ledger) {
    PrintWriter console = spec.commandLine().getOut();
    Map<String, Long> pods =
        ledger.stream()
            .collect(
                Collectors.groupingBy(
                    e -> e.pod().isEmpty() ? "none" : e.pod(),
                    TreeMap::new,
                    Collectors.counting()));
    console.printf(
        "%d requests answered of %d due, %d failed, %d unfinished; %d connections%n",
        totals.answered(), totals.due(), totals.errors(), totals.unfinished(), ledger.size());
    pods.forEach((pod, n) -> console.printf("  %-20s %d connections%n", pod, n));
    console.println("written to " + out);
    console.flush();
  }
}
