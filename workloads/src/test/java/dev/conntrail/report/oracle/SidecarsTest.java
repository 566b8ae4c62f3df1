package dev.conntrail.report.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Finding;
import dev.conntrail.report.finding.FindingSource;
import dev.conntrail.result.TestRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What sidecars take is set against one such proxy, and against nothing else. */
class SidecarsTest {
  @TempDir private Path folder;

  private List<Finding> said(String cures) throws IOException {
    TestRun run =
        TestRun.ofCells(
            folder,
            "data-plane: nftables, cure: " + cures + ", connections: 8, clients: 4, pods: 4");
    return FindingSource.findings(Analysis.of(run.fill().read())).stream()
        .filter(f -> f.id().startsWith("sidecars-"))
        .toList();
  }

  @Test
  void sidecarsStandBesideOneProxyOfTheirKind() throws IOException {
    List<Finding> said =
        said(
            "[none, envoy-least-request, \"envoy-least-request,proxies=sidecars\", haproxy-leastconn]");
    assertThat(said).hasSize(1);
    Oracle oracle = new Oracle(CsvText.read(folder), Optional.empty());
    said.forEach(oracle::check);
    Finding one = said.getFirst();
    Finding wrong = Oracle.saying(one, one.text().replace(" MB", "1 MB"));
    assertThat(catchThrowable(() -> oracle.check(wrong))).isNotNull();
  }

  @Test
  void withoutOneOfTheirKindThereIsNothingToSay() throws IOException {
    assertThat(said("[none, \"envoy-least-request,proxies=sidecars\", haproxy-leastconn]"))
        .isEmpty();
  }
}
