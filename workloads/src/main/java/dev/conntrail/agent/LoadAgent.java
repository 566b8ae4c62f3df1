package dev.conntrail.agent;

import dev.conntrail.load.Engine;
import dev.conntrail.load.LibraryEngine;
import dev.conntrail.load.LoadOutcome;
import dev.conntrail.load.RunSignals;
import dev.conntrail.load.StartSignal;
import dev.conntrail.load.client.ProtocolClients;
import dev.conntrail.load.client.Targets;
import dev.conntrail.load.loop.LoopEngine;
import dev.conntrail.record.Clocks;
import dev.conntrail.result.ClientFolder;
import dev.conntrail.result.FileTrees;
import dev.conntrail.result.LoadFiles;
import dev.conntrail.result.LoadTotals;
import dev.conntrail.result.row.At;
import dev.conntrail.spec.LoadPlan;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** A client, under orders. */
public final class LoadAgent implements AgentLoop.Agent {
  @Override
  public void carryOut(Order order, Signals signals, Consumer<Answer> answers)
      throws IOException, InterruptedException {
    switch (order) {
      case Order.Run(LoadPlan plan) -> run(plan, signals, answers);
      case Order.Resolve(String name) -> answers.accept(new Answer.Addresses(addresses(name)));
      default -> throw AgentLoop.refusal(order, "Run, Resolve");
    }
  }

  private static List<String> addresses(String name) {
    try {
      return Arrays.stream(InetAddress.getAllByName(name))
          .map(InetAddress::getHostAddress)
          .toList();
    } catch (UnknownHostException _) {
      return List.of();
    }
  }

  private static void run(LoadPlan plan, Signals signals, Consumer<Answer> answers)
      throws IOException, InterruptedException {
    Targets targets = Targets.of(plan.callers());
    signals.endpoints().to(targets::become);
    Path folder = Files.createTempDirectory("conntrail-load");
    try {
      run(
          plan,
          new ClientFolder(folder),
          new RunSignals(
              signals.stop(),
              () -> {
                answers.accept(new Answer.Connected());
                long agreedNs = Clocks.nanoTimeAt(signals.begin().join());
                Thread.sleep(Duration.ofNanos(Math.max(0, agreedNs - System.nanoTime())));
                return agreedNs;
              },
              Optional.of(targets)));
      answers.accept(Answer.Files.of(folder));
    } finally {
      FileTrees.delete(folder);
    }
  }

  /** Runs a plan, and writes what was seen. */
  public static LoadOutcome run(LoadPlan plan, ClientFolder files, RunSignals signals)
      throws IOException, InterruptedException {
    RunSignals swept = new RunSignals(signals.stop(), swept(signals.start()), signals.changing());
    LoadOutcome outcome = engine(plan).run(plan, swept);
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

  /**
   * What starting and connecting threw away is collected before the first phase, where that delays
   * no request: else it is most of what a client has to collect, and falls into what is measured.
   */
  private static StartSignal swept(StartSignal start) {
    return () -> {
      System.gc();
      return start.await();
    };
  }

  private static Engine engine(LoadPlan plan) {
    return switch (plan.by()) {
      case LIBRARY -> new LibraryEngine(c -> ProtocolClients.of(plan.callers(), c));
      case LOOP -> new LoopEngine();
    };
  }

  private static LoadTotals totals(LoadOutcome o) {
    return new LoadTotals(
        o.times().startMs(),
        o.times().measureStartMs(),
        o.times().measuredNs(),
        o.requests().due(),
        o.requests().answered(),
        o.requests().dueFailed(),
        o.requests().dueUnanswered(),
        o.requests().errors().values().stream().mapToLong(Long::longValue).sum(),
        o.requests().statuses().entrySet().stream()
            .collect(Collectors.toMap(e -> e.getKey() + "xx", Map.Entry::getValue)),
        o.requests().unfinished(),
        o.requests().retried(),
        o.cpu(),
        known(o.pacingLagP99Ns()),
        o.drainedEarly(),
        known(o.heldBytes()));
  }

  private static Optional<Double> known(double figure) {
    return Optional.of(figure).filter(f -> !Double.isNaN(f));
  }
}
