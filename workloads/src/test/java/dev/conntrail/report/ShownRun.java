package dev.conntrail.report;

import dev.conntrail.result.TestRun;
import dev.conntrail.result.row.Cause;
import dev.conntrail.result.row.EffectRow;
import dev.conntrail.result.row.Mark;
import dev.conntrail.spec.EventKind;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A run of literal values with all that a page shows, and its page in a browser.
 *
 * @param run its cells
 * @param page where it was written
 */
record ShownRun(TestRun run, Path page, TestBrowser browser) implements AutoCloseable {
  /** How many cells it has. */
  static final int CELLS = 10;

  private static final String YAML =
      """
      experiment: shown
      question: What do readers see?
      repetitions: 2
      matrix:
        - {data-plane: [iptables, nftables], protocol: [http1, short-lived], connections: 10, pods: 12, rate: 200}
        - {data-plane: direct, protocol: [grpc, websocket], pods: 4}
        - {data-plane: [iptables, nftables], connections: 8, pods: 300, clients: 2, nodes: 2, rate: 200}
        - {data-plane: [iptables, nftables], connections: 4, pods: 3, rate: 100, opening: spread,
           events: [{at: 1s, add-endpoints: 2}]}
      """;

  /** Writes it, and starts a browser. */
  static ShownRun of(Path folder) throws IOException {
    TestRun run = TestRun.of(folder, YAML);
    for (int n = CELLS - 1; n <= CELLS; n++) {
      for (int repetition = 0; repetition < 2; repetition++) {
        run.repetition(n)
            .connections(1, 1, 0, 2, 0)
            .failed(2)
            .marks(Mark.ERRORS, Mark.CLIENT_SHORT_OF_CPU)
            .rules("-A KUBE-SVC " + "long ".repeat(100))
            .event(EventKind.ADD_ENDPOINTS, 2000, 5, "pod-4", "pod-5")
            .effect(
                Cause.of(EventKind.ADD_ENDPOINTS),
                new EffectRow.Fate(2, 2, 0, 0, 0),
                new EffectRow.Leaving(0, 0),
                new EffectRow.New(2, 2, 0),
                new EffectRow.Ports(0, 0));
      }
    }
    Path page = Report.write(run.fill().write()).page();
    return new ShownRun(run, page, new TestBrowser());
  }

  /** Where a cell is in the page, by its place. */
  String cell(int number) {
    return "cell-" + run.cell(number).id();
  }

  @Override
  public void close() {
    browser.close();
  }
}
