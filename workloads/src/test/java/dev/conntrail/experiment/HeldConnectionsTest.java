package dev.conntrail.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.Privileged;
import dev.conntrail.record.Death;
import dev.conntrail.report.oracle.Oracles;
import dev.conntrail.result.Tables;
import dev.conntrail.result.row.Agreement;
import dev.conntrail.result.row.CounterRow;
import dev.conntrail.result.row.SummaryRow;
import dev.conntrail.spec.BundledExperiments;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bundled experiment with fewer connections, for a shorter time. */
@Privileged
class HeldConnectionsTest {
  private static final int CONNECTIONS = 3000;
  private static final int CLIENTS = 2;

  /** What a connection may take of its client's memory, bytes. */
  private static final int MOST = 4096;

  @TempDir private Path results;

  @Test
  void allAreOpenedHeldAnsweredAndInTheLedger() throws IOException {
    String few =
        BundledExperiments.yaml("held-connections")
            .with("connections", Integer.toString(CONNECTIONS))
            .with("clients", Integer.toString(CLIENTS))
            .with("rate", "1500")
            .text()
            .replace("measure: 5m", "measure: 2s");
    ExperimentRun.Ended ended = Runs.run(results, few, "");
    assertThat(ended.failures()).isEmpty();
    List<SummaryRow> summaries = Runs.summaries(ended);
    assertThat(summaries)
        .hasSize(5)
        .allSatisfy(s -> {
          assertThat(s.crossCheck().outcome()).isEqualTo(Agreement.AGREE);
          assertThat(s.connections().openedCount()).isEqualTo(CONNECTIONS);
          assertThat(s.requests().failedCount()).isZero();
          assertThat(s.requests().answeredCount()).isEqualTo(CONNECTIONS);
        });
    assertThat(ended.folder().rows(Tables.CONNECTIONS))
        .hasSize(summaries.size() * CONNECTIONS)
        .allSatisfy(c -> {
          assertThat(c.death()).isEqualTo(Death.CLIENT);
          assertThat(c.requestsCount()).isEqualTo(2);
        });
    for (SummaryRow s : summaries) {
      List<CounterRow> counters =
          ended.folder().repetition(s.at().cellId(), 1).rows(Tables.COUNTERS);
      assertThat(counters)
          .filteredOn(c -> c.counter().equals("held_bytes"))
          .hasSize(CLIENTS)
          .allSatisfy(
              c -> assertThat(c.value()).isPositive().isLessThan(MOST * CONNECTIONS / CLIENTS));
      assertThat(counters)
          .filteredOn(c -> c.counter().equals("opened_before_per_s"))
          .singleElement()
          .satisfies(c -> assertThat(c.value()).isPositive());
    }
    Oracles.check(ended.folder(), "held-", summaries.size());
  }
}
