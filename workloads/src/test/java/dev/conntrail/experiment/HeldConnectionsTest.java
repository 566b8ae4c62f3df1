package dev.conntrail.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.Privileged;
import dev.conntrail.record.Death;
import dev.conntrail.report.oracle.Oracles;
import dev.conntrail.result.Tables;
import dev.conntrail.result.row.Agreement;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.CounterRow;
import dev.conntrail.result.row.SummaryRow;
import dev.conntrail.spec.BundledExperiments;
import dev.conntrail.spec.CellId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bundled experiment with fewer connections, for a shorter time: none is lost meanwhile. */
@Privileged
class HeldConnectionsTest {
  private static final int CONNECTIONS = 3000;
  private static final int CLIENTS = 2;
  private static final int MEASURE_MS = 2000;

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
            .replace("measure: 5m", "measure: %dms".formatted(MEASURE_MS));
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
    Map<CellId, List<ConnectionRow>> ledgers =
        ended.folder().rows(Tables.CONNECTIONS).stream()
            .collect(Collectors.groupingBy(c -> c.at().cellId()));
    assertThat(ledgers).hasSameSizeAs(summaries);
    for (SummaryRow s : summaries) {
      assertThat(ledgers.get(s.at().cellId()))
          .hasSize(CONNECTIONS)
          .allSatisfy(c -> {
            assertThat(c.livesAt(0)).isTrue();
            assertThat(c.livesAt(MEASURE_MS)).isTrue();
            assertThat(c.death()).isEqualTo(Death.CLIENT);
            assertThat(c.requestsCount()).isEqualTo(2);
          })
          .extracting(ConnectionRow::localAddress, ConnectionRow::localPort)
          .doesNotHaveDuplicates();
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
