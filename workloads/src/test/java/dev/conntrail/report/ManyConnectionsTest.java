package dev.conntrail.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.result.RunFolder;
import dev.conntrail.result.Tables;
import dev.conntrail.result.TestRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.logging.LogType;

/** The ledger is a file with a row for each connection; the page has what they add up to. */
class ManyConnectionsTest {
  private static final int PODS = 100;

  @TempDir private static Path folder;
  private static Path ofFew;
  private static Path ofMany;

  @BeforeAll
  static void write() throws IOException {
    ofFew = page(1000);
    ofMany = page(100_000);
  }

  /** As held-connections has them; on one pod a tenth more than the mean, on one a tenth less. */
  private static Path page(int connections) throws IOException {
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
    return Report.write(written).page();
  }

  @Test
  void thePageDoesNotGrowWithTheLedger() throws IOException {
    String few = Files.readString(ofFew);
    String many = Files.readString(ofMany);
    assertThat(many).hasSizeLessThan(2_500_000).hasSizeLessThan(few.length() + 10_000);
    assertThat(many).contains("100,000", "1,100").doesNotContain("10.244.200.1:");
  }

  @Test
  @Tag("browser")
  void theBrowserShowsIt() {
    try (TestBrowser browser = new TestBrowser()) {
      browser.show(ofMany, "", 1280, 900);
      browser.unfold();
      browser.drawAll(".plot");
      assertThat(browser.find("h1").getText()).isNotBlank();
      assertThat(browser.find("main").getText()).contains("100,000", "1,100");
      assertThat(browser.all(".plot")).isNotEmpty();
      assertThat((List<?>) browser.run(EMPTY)).isEmpty();
      assertThat(browser.logged(LogType.BROWSER)).isEmpty();
    }
  }

  /** The charts in which nothing is drawn where a reader sees it. */
  private static final String EMPTY =
      """
      return [...document.querySelectorAll('figure.chart')].filter(f => {
        var drawn = f.querySelector('.plot.live > div svg');
        var size = drawn ? drawn.getBoundingClientRect() : {width: 0, height: 0};
        return size.width < 100 || size.height < 50
          || ![...drawn.querySelectorAll('path')].some(p => (p.getAttribute('d') || '').length > 20);
      }).map(f => f.id);
      """;
}
