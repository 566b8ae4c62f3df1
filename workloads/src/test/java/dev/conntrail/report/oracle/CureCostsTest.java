package dev.conntrail.report.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.analysis.DerivedTables;
import dev.conntrail.record.Metric;
import dev.conntrail.result.TestRepetition;
import dev.conntrail.result.TestRun;
import dev.conntrail.spec.Cell;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What cures take, in a run whose times are drawn, is what an oracle has that reads them anew. */
class CureCostsTest {
  private static final String CELLS =
      "cure: [none, \"max-age=500ms\", haproxy-leastconn], connections: 20, clients: 2, pods: 4,"
          + " rate: 400";

  /** Of requests and of connects, a repetition. */
  private static final int TIMES = 3000;

  private static final List<String> COLUMNS =
      List.of(
          "opened_per_s",
          "client_cpu_ns",
          "proxy_cpu_ns",
          "pods_cpu_ns",
          "client_resident_bytes",
          "proxy_resident_bytes",
          "pods_resident_bytes",
          "response_p999_ns",
          "connect_p99_ns",
          "connect_max_ns");

  @TempDir private Path folder;

  private void write() throws IOException {
    SplittableRandom random = new SplittableRandom(4);
    TestRun run = TestRun.ofCells(folder, CELLS);
    for (Cell cell : run.cells()) {
      for (int i = 1; i <= 2; i++) {
        TestRepetition r = run.repetition(cell).counter("ledger", "opened_per_s", 10.5 + i);
        for (int n = 0; n < TIMES; n++) {
          r.times(Metric.RESPONSE, 1 + 50 * random.nextDouble(), 1);
          r.times(Metric.CONNECT, 0.1 + 5 * random.nextDouble(), 1);
        }
        // with the cure of an age some have no answer, after less than the slowest had one
        for (int n = 0; n < 40; n++) {
          r.times(
              Metric.CENSORED,
              30 + 30 * random.nextDouble(),
              cell.cure().recycling().isEmpty() ? 0 : 1);
        }
      }
    }
    DerivedTables.write(Analysis.of(run.read()));
  }

  @Test
  void everyFigureOfThemIsFoundAnew() throws IOException {
    write();
    CsvText text = CsvText.read(folder);
    new OfCureCosts(new Facts(text), folder).areWhatWasMeasured();
    for (String column : COLUMNS) {
      List<Map<String, String>> known =
          text.rows("cures").stream().filter(r -> !r.get(column).equals("NA")).toList();
      assertThat(known).as(column).isNotEmpty();
      String was = known.getFirst().get(column);
      known.getFirst().put(column, Double.toString(1.01 * Double.parseDouble(was)));
      assertThat(
              catchThrowable(() -> new OfCureCosts(new Facts(text), folder).areWhatWasMeasured()))
          .as(column)
          .isNotNull();
      known.getFirst().put(column, was);
    }
  }
}
