package dev.conntrail.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Block;
import dev.conntrail.report.chart.ChartTemplate;
import dev.conntrail.report.render.HtmlRenderer;
import dev.conntrail.report.render.MarkdownRenderer;
import dev.conntrail.report.render.Page;
import dev.conntrail.result.TestRun;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.print.PrintOptions;
import org.openqa.selenium.support.ui.WebDriverWait;

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
  private static ChromeDriver browser;

  @BeforeAll
  static void open() throws IOException {
    TestRun run = TestRun.of(folder, YAML).fill();
    page = Report.write(run.write()).page();
    Page plain = Page.of(Analysis.of(run.read()));
    List<Page.Part> parts = new ArrayList<>(plain.sections());
    parts.add(new Page.Part("blocks", "Blocks", true, BLOCKS));
    Page full =
        new Page(plain.manifest(), plain.answer(), plain.lead(), List.of("nothing <b>"), parts);
    HtmlRenderer.write(full, page);
    MarkdownRenderer.write(full, page.getParent());
    ChromeOptions options = new ChromeOptions();
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--window-size=1200,900");
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    logs.enable(LogType.PERFORMANCE, Level.ALL);
    options.setCapability("goog:loggingPrefs", logs);
    for (String name :
        List.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")) {
      if (Files.isExecutable(Path.of(name))) {
        options.setBinary(name);
        break;
      }
    }
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(new File("/usr/bin/chromedriver"))
            .build();
    browser = new ChromeDriver(service, options);
  }

  @AfterAll
  static void close() {
    if (browser != null) {
      browser.quit();
    }
  }

  /** From a fresh page: what a test opens or types is not there for the next. */
  @BeforeEach
  void load() {
    browser.manage().window().setSize(new Dimension(1280, 900));
    browser.get(page.toUri().toString());
  }

  private static WebElement find(String css) {
    return browser.findElement(By.cssSelector(css));
  }

  private static void await(Callable<Boolean> condition) {
    new WebDriverWait(browser, Duration.ofSeconds(20))
        .until(_ -> {
          try {
            return condition.call();
          } catch (StaleElementReferenceException _) {
            return false;
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });
  }

  /** Charts come alive when they are seen. */
  private static WebElement show(String css) {
    WebElement plot = find(css);
    browser.executeScript("arguments[0].scrollIntoView({block: 'center'})", plot);
    await(() -> plot.getDomAttribute("class").contains("live"));
    return plot;
  }

  private static List<WebElement> rows() {
    return browser.findElements(By.cssSelector("#cells-table tr.opens")).stream()
        .filter(WebElement::isDisplayed)
        .toList();
  }

  @Test
  void thePageAsksTheNetworkForNothingAndLogsNoError() {
    show("#figure-glance .plot");
    assertThat(browser.manage().logs().get(LogType.BROWSER).getAll())
        .extracting(e -> e.getMessage())
        .isEmpty();
    assertThat(browser.manage().logs().get(LogType.PERFORMANCE).getAll())
        .extracting(e -> e.getMessage())
        .filteredOn(m -> m.contains("Network.requestWillBeSent\""))
        .isNotEmpty()
        .noneMatch(m -> m.contains("\"url\":\"http"));
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
      assertThat(browser.findElement(detail).isDisplayed()).isFalse();
      if (i == 0) {
        row.findElement(By.cssSelector("td:nth-child(2)")).click();
      } else {
        row.findElement(By.cssSelector("button")).sendKeys(Keys.ENTER);
      }
      assertThat(browser.findElement(detail).isDisplayed()).isTrue();
      assertThat(row.findElement(By.tagName("button")).getDomAttribute("aria-expanded"))
          .isEqualTo("true");
      show("#figure-pods-" + id.replace("cell-", "") + " .plot");
    }
  }

  @Test
  void theMatrixLeadsToTheCellAndOpensIt() {
    WebElement link = find("#matrix-netns td a");
    String id = link.getDomAttribute("href").replace("#", "");
    link.click();
    await(() -> browser.findElement(By.id(id + "-detail")).isDisplayed());
    browser.get(page.toUri() + "#" + id);
    await(() -> browser.findElement(By.id(id + "-detail")).isDisplayed());
  }

  @Test
  void rowsAreFilteredByWords() {
    find("input.filter").sendKeys("NFTABLES short");
    assertThat(rows()).hasSize(1);
    assertThat(rows().getFirst().getText()).contains("nftables, short-lived");
    find("input.filter").sendKeys(Keys.chord(Keys.CONTROL, "a"), Keys.BACK_SPACE);
    assertThat(rows()).hasSize(6);
  }

  /** By number: 10 comes after 2. */
  @Test
  void rowsAreSortedByAColumnEitherWay() {
    WebElement head = find("#cells-table thead th:nth-child(4)");
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
        row.findElement(By.cssSelector("td:nth-child(4)")).getText().replace(",", ""));
  }

  @Test
  void aChartComesAliveAndObeysTheKeyboard() {
    WebElement plot = show("#figure-toggled .plot");
    browser.executeScript("arguments[0].focus()", plot);
    plot.sendKeys(Keys.ARROW_RIGHT);
    String first = find("#figure-toggled .readout").getText();
    plot.sendKeys(Keys.ARROW_RIGHT);
    String second = find("#figure-toggled .readout").getText();
    plot.sendKeys(Keys.ARROW_DOWN);
    String requests = find("#figure-toggled .readout").getText();
    assertThat(first).startsWith("connections: 1, 3");
    assertThat(second).startsWith("connections: 2, 4");
    assertThat(requests).startsWith("requests: 2, 4, 40");
  }

  @Test
  void aSeriesIsSwitchedOffWithItsCheckbox() {
    WebElement plot = show("#figure-toggled .plot");
    await(() -> !plot.findElements(By.cssSelector("div svg path")).isEmpty());
    String before = plot.getDomProperty("innerHTML");
    WebElement box = find("#figure-toggled input[type=checkbox]");
    box.sendKeys(Keys.SPACE);
    assertThat(box.isSelected()).isFalse();
    await(() -> !plot.getDomProperty("innerHTML").equals(before));
  }

  @Test
  void nothingOverflowsOnAPhone() {
    browser.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", 390, "height", 800, "deviceScaleFactor", 1, "mobile", true));
    find("#cells-table tr.opens td:nth-child(2)").click();
    Number wide =
        (Number)
            browser.executeScript(
                "var w = 0; document.querySelectorAll('h1,h2,p,li,dd,pre,figcaption,figure,.scroll,input').forEach(function (e) { if (!e.parentElement.closest('.scroll')) { w = Math.max(w, e.getBoundingClientRect().right); } }); return Math.max(w, document.documentElement.scrollWidth);");
    browser.executeCdpCommand("Emulation.clearDeviceMetricsOverride", Map.of());
    assertThat(wide.doubleValue()).isLessThanOrEqualTo(390);
  }

  /** Of every cell, though closed on the screen, and each as wide as its page. */
  @Test
  void itPrintsWithItsCharts() {
    browser.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("media", "print"));
    browser.executeScript("window.dispatchEvent(new Event('beforeprint'))");
    List<?> cut =
        (List<?>)
            browser.executeScript(
                "return [].filter.call(document.querySelectorAll('figure.chart'), function (f) { var s = f.querySelector('.plot > svg').getBoundingClientRect(); return s.height < 50 || s.right > document.documentElement.clientWidth; }).map(function (f) { return f.id; });");
    long charts = browser.findElements(By.cssSelector("figure.chart")).size();
    browser.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("media", ""));
    assertThat(cut).isEmpty();
    assertThat(charts).isEqualTo(1 + 6 + 1);
    String pdf = browser.print(new PrintOptions()).getContent();
    assertThat(pdf.length()).isGreaterThan(50_000);
  }

  @Test
  void markdownAndSvgsLieBesideThePage() throws IOException {
    String markdown = Files.readString(page.resolveSibling("report.md"));
    assertThat(markdown)
        .startsWith("# ")
        .contains("(glance.svg)", "(toggled.svg)", "## Every cell", "- nothing <b>");
    for (String line : markdown.lines().filter(l -> l.startsWith("![")).toList()) {
      String file = line.substring(line.lastIndexOf('(') + 1, line.length() - 1);
      assertThat(page.resolveSibling(file)).content().startsWith("<svg").contains("</svg>");
    }
  }
}
