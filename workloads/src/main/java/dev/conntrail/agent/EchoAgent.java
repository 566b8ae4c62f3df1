package dev.conntrail.agent;

import dev.conntrail.echo.EchoServer;
import dev.conntrail.echo.PodLedger;
import dev.conntrail.result.Csv;
import dev.conntrail.result.FileTrees;
import dev.conntrail.result.row.EchoCount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The pods of an echo process, under orders. */
public final class EchoAgent implements AgentLoop.Agent {
  /** The file of what was counted, {@link EchoCount}. */
  static final String COUNTS = "echo.csv";

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
          default -> throw AgentLoop.refusal(order, "Serve, Take");
        });
  }

  private Answer counts() throws IOException {
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
                c.protocol(),
                c.requests()));
      }
    }
    return rows;
  }
}
