package dev.conntrail.report.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Finding;
import dev.conntrail.report.finding.FindingSource;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.RunResults;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Holds findings of a run that was measured to its files. */
public final class Oracles {
  private Oracles() {}

  /** Those whose ids begin so are true, and there are so many. */
  public static void check(RunFolder run, String start, int count) throws IOException {
    List<Finding> said =
        FindingSource.findings(Analysis.of(RunResults.read(run))).stream()
            .filter(f -> f.id().startsWith(start))
            .toList();
    assertThat(said).hasSize(count);
    Oracle oracle = new Oracle(CsvText.read(run.path()), Optional.empty());
    said.forEach(oracle::check);
  }
}
