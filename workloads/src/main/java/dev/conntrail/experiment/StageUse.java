package dev.conntrail.experiment;

import dev.conntrail.result.Tables;
import dev.conntrail.result.row.Step;
import dev.conntrail.spec.Cell;
import dev.conntrail.spec.Limits;
import dev.conntrail.testbed.TestbedSize;
import java.io.IOException;
import java.util.List;

/**
 * Opens a stage, primes it, has cells measured on it, and closes it; what it was is noted in the
 * records of all that measure there.
 *
 * @param records of those that measure; the first keeps what priming leaves for a moment
 */
record StageUse(StageOpener opener, List<RunRecord> records, Cancellation cancellation) {
  /** Measures. */
  @FunctionalInterface
  interface Work {
    void on(Stage stage) throws IOException;
  }

  /** Has cells measured that share a needs. */
  void during(StageNeeds needs, List<Cell> cells, Work work) throws IOException {
    TestbedSize size =
        new TestbedSize(
            cells.stream()
                .mapToInt(c -> needs.testbed().kubernetes() ? needs.pods() : c.everPods())
                .max()
                .orElse(1),
            cells.stream().mapToInt(Cell::clients).max().orElse(1),
            needs.nodes(),
            cells.stream().mapToInt(Cell::proxies).max().orElse(0),
            cells.stream().anyMatch(Cell::sidecars),
            cells.stream().anyMatch(c -> c.route().named()),
            cells.stream().mapToInt(StageUse::echoes).max().orElse(1));
    log(
        Step.TESTBED_UP,
        size.pods() + " pods, " + size.clients() + " clients, " + size.nodes() + " nodes");
    try (Stage stage = open(needs, size)) {
      log(Step.ECHO_AND_LOAD_READY, "");
      Priming.run(stage, cells, records.getFirst(), cancellation);
      log(Step.PRIMED, "");
      work.on(stage);
      for (RunRecord record : records) {
        record.folder().append(Tables.CLOCKS, stage.load().clocks(record.run()));
      }
    } finally {
      records.forEach(r -> r.learned(opener.facts()));
      log(Step.TESTBED_DOWN, "");
    }
  }

  /** Each has its share of connections, of the pods that there are. */
  private static int echoes(Cell cell) {
    return Math.min(cell.pods(), Math.ceilDiv(cell.connections(), Limits.CONNECTIONS_OF_PROCESS));
  }

  private void log(Step step, String detail) {
    records.forEach(r -> r.log(step, detail));
  }

  /** What takes long and has nothing to drain is interrupted when the run is to stop. */
  private Stage open(StageNeeds needs, TestbedSize size) throws IOException {
    Thread self = Thread.currentThread();
    try (Cancellation.Handle _ = cancellation.onCancel(self::interrupt)) {
      return opener.open(needs.mode(), size);
    } finally {
      Thread.interrupted();
    }
  }
}
