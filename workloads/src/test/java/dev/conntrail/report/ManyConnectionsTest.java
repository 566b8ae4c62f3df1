package dev.conntrail.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.result.RunFolder;
import dev.conntrail.result.Tables;
import dev.conntrail.result.TestRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ledger is a file with a row for each connection; the page has what they add up to. */
class ManyConnectionsTest {
  private static final int PODS = 100;

  @TempDir private Path folder;

  /** As held-connections has them; on one pod a tenth more than the mean, on one a tenth less. */
  private String page(int connections) throws IOException {
    long[] byPod = new long[PODS];
    Arrays.fill(byPod, connections / PODS);
    byPod[0] += connections / PODS / 10;
    byPod[1] -= connections / PODS / 10;
    String yaml =
        """
        experiment: held
        phases: {warmup: 0s, measure: 5m, drain: 20s}
        repetitions: 1
        matrix:
          - {data-plane: nftables, protocol: http1, connections: %d, clients: 8, pods: %d, rate: 1667}
        """
            .formatted(connections, PODS);
    TestRun run = TestRun.of(folder.resolve("of-" + connections), yaml);
    run.repetition(1).connections(byPod);
    RunFolder written = run.write();
    assertThat(written.rows(Tables.CONNECTIONS)).hasSize(connections);
    return Files.readString(Report.write(written).page());
  }

  @Test
  void thePageDoesNotGrowWithTheLedger() throws IOException {
    String few = page(1000);
    String many = page(100_000);
    assertThat(many).hasSizeLessThan(2_500_000).hasSizeLessThan(few.length() + 10_000);
    assertThat(many).contains("100,000", "1,100").doesNotContain("10.244.200.1:");
  }
}
