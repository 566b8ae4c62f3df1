package dev.conntrail.agent;

import dev.conntrail.echo.EchoServer;
import dev.conntrail.echo.PodLedger;
import dev.conntrail.result.Csv;
import dev.conntrail.result.FileTrees;
import dev.conntrail.result.row.EchoCount;
import dev.conntrail.spec.Cure;
import dev.conntrail.spec.EchoPod;
import dev.conntrail.spec.PodEnding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The pods of an echo process, under orders. */
public final class EchoAgent implements AgentLoop.Agent {
  /** The file of what was counted, {@link EchoCount}. */
  static final String COUNTS = "echo.csv";

  private static final long LOOK_MS = 20;

  private final EchoServer server;

  /**
   * That of a server.
   *
   * @param server with any pods, or none
   */
  public EchoAgent(EchoServer server) {
    this.server = server;
  }

  @Override
  public void carryOut(Order order, Signals signals, Consumer<Answer> answers) throws IOException {
    answers.accept(
        switch (order) {
          case Order.Serve serve -> {
            server.serve(serve.pods());
            yield new Answer.Serving(server.pods());
          }
          case Order.Take _ -> counts();
          case Order.OfPods change -> {
            change(change);
            yield new Answer.Open(server.open(change.pods()));
          }
          default ->
              throw AgentLoop.refusal(
                  order, "Serve, Take, Pause, Slow, Stop, Start, Recycle, Open");
        });
  }

  private void change(Order.OfPods order) throws IOException {
    switch (order) {
      case Order.Pause(List<String> pods, Duration time) -> server.pause(pods, time);
      case Order.Slow(List<String> pods, Duration delay, Duration cpu) ->
          server.slow(pods, delay, cpu);
      case Order.Stop(List<String> pods, PodEnding ending) -> server.stop(pods, ending);
      case Order.Start(List<String> pods) -> server.start(pods);
      case Order.Recycle(List<String> pods, Cure cure) -> server.recycle(pods, cure.byServer());
      case Order.Open _ -> {
        // is told of all
      }
    }
  }

  /**
   * Ends all pods, as a process does that is told to.
   *
   * @param limit after which those that still have connections end at once
   */
  public void end(PodEnding ending, Duration limit, Consumer<Answer> answers)
      throws IOException, InterruptedException {
    answers.accept(new Answer.ToldToEnd());
    List<String> pods = server.pods().stream().map(EchoPod::name).toList();
    long overNs = System.nanoTime() + limit.toNanos();
    server.stop(pods, ending);
    while (open(pods) > 0 && System.nanoTime() - overNs < 0) {
      Thread.sleep(LOOK_MS);
    }
    server.stop(pods, PodEnding.EXIT);
    answers.accept(new Answer.LastWords(counts()));
  }

  private int open(List<String> pods) {
    return server.open(pods).values().stream().mapToInt(Integer::intValue).sum();
  }

  private Answer.Files counts() throws IOException {
    Path folder = Files.createTempDirectory("conntrail-echo");
    try {
      Csv.write(folder.resolve(COUNTS), EchoCount.class, rows());
      return Answer.Files.of(folder);
    } finally {
      FileTrees.delete(folder);
    }
  }

  private List<EchoCount> rows() {
    List<EchoCount> rows = new ArrayList<>();
    for (PodLedger ledger : server.ledgers()) {
      for (PodLedger.Connection c : ledger.take()) {
        rows.add(
            new EchoCount(
                ledger.pod().name(),
                ledger.pod().node(),
                c.client().getAddress().getHostAddress(),
                c.client().getPort(),
                c.spoken().word(),
                c.requests(),
                Optional.of(c.closedBy())));
      }
    }
    return rows;
  }
}
