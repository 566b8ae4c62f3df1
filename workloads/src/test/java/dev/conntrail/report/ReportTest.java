package dev.conntrail.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Block;
import dev.conntrail.report.chart.ChartTemplate;
import dev.conntrail.report.render.Drawer;
import dev.conntrail.report.render.Drawings;
import dev.conntrail.report.render.HtmlRenderer;
import dev.conntrail.report.render.MarkdownRenderer;
import dev.conntrail.report.render.Page;
import dev.conntrail.result.TestRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** A report of literal rows in a real browser. */
@Tag("browser")
class ReportTest {
  private static final String YAML =
      """
      experiment: shown
      question: Does a </script> in a question & <b>its</b> "quotes" harm?
      matrix:
        - {data-plane: [iptables, nftables], connections: 10, pods: 12, rate: 200}
        - {data-plane: [iptables, nftables], protocol: short-lived, pods: 12, rate: 200}
        - {data-plane: direct, protocol: [grpc, websocket], pods: 4}
      """;

  /** Of every kind, as sections may come to use them. */
  private static final List<Block> BLOCKS =
      List.of(
          new Block.Prose("Plain & `code <i>`."),
          new Block.Bullets(List.of("one <two>")),
          new Block.Preformatted("-A KUBE-SVC <rule>\n\"quoted\""),
          new Block.Facts(List.of(new Block.Fact("kernel", "<6.1>"))),
          new Block.Folded("fold", "more <of it>", List.of(new Block.Prose("Within."))),
          new Block.Figure(
              ChartTemplate.of("cell")
                  .data(
                      List.of("pod", "connections", "requests"),
                      List.of(List.of("1", 3, 30), List.of("2", 4, 40)))
                  .chart("toggled", "Two", "Both.", 960, 240, List.of("connections", "requests"))));

  @TempDir private static Path folder;
  private static Path page;
  private static TestBrowser browser;

  @BeforeAll
  static void open() throws IOException {
    TestRun run = TestRun.of(folder, YAML).fill();
    page = Report.write(run.write()).page();
    Page plain = Page.of(Analysis.of(run.read()));
    List<Page.Part> parts = new ArrayList<>(plain.sections());
    parts.add(new Page.Part("blocks", "Blocks", true, BLOCKS));
    Page full = new Page(plain.head(), plain.lead(), List.of("nothing <b>"), parts);
    Drawings drawings = Drawer.draw(full);
    HtmlRenderer.write(full, drawings, page);
    MarkdownRenderer.write(full, drawings, page.getParent());
    browser = new TestBrowser();
  }

  @AfterAll
  static void close() {
    if (browser != null) {
      browser.close();
    }
  }

  /** From a fresh page: what a test opens or types is not there for the next. */
  @BeforeEach
  void load() {
    browser.show(page, "", 1280, 900);
  }

  private static WebElement find(String css) {
    return browser.find(css);
  }

  private static List<WebElement> rows() {
    return browser.seen("#cells-table tr.opens");
  }

  @Test
  void textIsTextAndNotMarkup() {
    assertThat(find("p.question").getText())
        .isEqualTo("Does a </script> in a question & <b>its</b> \"quotes\" harm?");
    assertThat(find(".lacks li").getText()).isEqualTo("nothing <b>");
    assertThat(find("#blocks p").getText()).isEqualTo("Plain & code <i>.");
    assertThat(find("#blocks p code").getText()).isEqualTo("code <i>");
    assertThat(find("#blocks li").getText()).isEqualTo("one <two>");
    assertThat(find("#blocks pre").getText()).isEqualTo("-A KUBE-SVC <rule>\n\"quoted\"");
    assertThat(find("#blocks dl").getText()).contains("kernel", "<6.1>");
    assertThat(find("#fold > summary").getText()).isEqualTo("more <of it>");
  }

  @Test
  void whatIsFoldedOpens() {
    assertThat(find("#fold > p").isDisplayed()).isFalse();
    find("#fold > summary").sendKeys(Keys.ENTER);
    assertThat(find("#fold > p").isDisplayed()).isTrue();
  }

  @Test
  void everyCellHasARowThatOpensByClickAndByKey() {
    assertThat(rows()).hasSize(6);
    for (int i = 0; i < 2; i++) {
      WebElement row = rows().get(i);
      String id = row.getDomAttribute("id");
      By detail = By.id(id + "-detail");
      assertThat(browser.driver().findElement(detail).isDisplayed()).isFalse();
      if (i == 0) {
        row.findElement(By.cssSelector("td:nth-child(2)")).click();
      } else {
        row.findElement(By.cssSelector("button")).sendKeys(Keys.ENTER);
      }
      assertThat(browser.driver().findElement(detail).isDisplayed()).isTrue();
      assertThat(row.findElement(By.tagName("button")).getDomAttribute("aria-expanded"))
          .isEqualTo("true");
      browser.chart("#figure-pods-" + id.replace("cell-", "") + " .plot");
    }
  }

  @Test
  void theMatrixLeadsToTheCellAndOpensIt() {
    WebElement link = find("#matrix-netns td a");
    String id = link.getDomAttribute("href").replace("#", "");
    link.click();
    browser.await(() -> find("#" + id + "-detail").isDisplayed());
    browser.show(page, "#" + id, 1280, 900);
    browser.await(() -> find("#" + id + "-detail").isDisplayed());
  }

  @Test
  void rowsAreFilteredByWords() {
    find("#cells .filter input").sendKeys("NFTABLES short");
    assertThat(rows()).hasSize(1);
    assertThat(rows().getFirst().getText()).contains("nftables, short-lived");
    find("#cells .filter input").sendKeys(Keys.chord(Keys.CONTROL, "a"), Keys.BACK_SPACE);
    assertThat(rows()).hasSize(6);
  }

  /** By number: 10 comes after 2. */
  @Test
  void rowsAreSortedByAColumnEitherWay() {
    WebElement head = find("#cells-table thead th:nth-child(5)");
    head.click();
    assertThat(head.getDomAttribute("aria-sort")).isEqualTo("ascending");
    List<Integer> up = rows().stream().map(ReportTest::connections).toList();
    assertThat(up).isSorted().startsWith(10, 10);
    head.sendKeys(Keys.ENTER);
    assertThat(head.getDomAttribute("aria-sort")).isEqualTo("descending");
    assertThat(rows().stream().map(ReportTest::connections).toList()).isEqualTo(up.reversed());
  }

  private static int connections(WebElement row) {
    return Integer.parseInt(
        row.findElement(By.cssSelector("td:nth-child(5)")).getText().replace(",", ""));
  }

  @Test
  void aChartComesAliveAndObeysTheKeyboard() {
    WebElement plot = browser.chart("#figure-toggled .plot");
    browser.run("arguments[0].focus()", plot);
    plot.sendKeys(Keys.ARROW_RIGHT);
    String first = find("#figure-toggled .readout").getText();
    plot.sendKeys(Keys.ARROW_RIGHT);
    String second = find("#figure-toggled .readout").getText();
    plot.sendKeys(Keys.ARROW_DOWN);
    String requests = find("#figure-toggled .readout").getText();
    assertThat(first).isEqualTo("connections: 1, 3");
    assertThat(second).isEqualTo("connections: 2, 4");
    assertThat(requests).isEqualTo("requests: 2, 40");
  }
}
