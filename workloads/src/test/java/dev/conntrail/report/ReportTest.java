package dev.conntrail.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.analysis.Growth;
import dev.conntrail.experiment.Cancellation;
import dev.conntrail.experiment.ExperimentRun;
import dev.conntrail.experiment.Placement;
import dev.conntrail.experiment.Progress;
import dev.conntrail.experiment.RunOptions;
import dev.conntrail.result.Csv;
import dev.conntrail.result.Json;
import dev.conntrail.result.Rows;
import dev.conntrail.spec.Experiment;
import dev.conntrail.spec.ExperimentReader;
import dev.conntrail.testbed.kube.ClusterOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A run on loopback, its report, and the report in a real browser. */
@Tag("browser")
class ReportTest {
  private static final String YAML =
      """
      experiment: shown
      question: Does a </script> in a question & <b>its</b> "quotes" harm?
      testbed: loopback
      repetitions: 2
      phases: {warmup: 100ms, measure: 300ms, drain: 1s}
      matrix:
        - protocol: [http1, grpc, short-lived]
          connections: 6
          pods: 4
          rate: 200
      """;

  @TempDir private static Path results;
  private static Path page;
  private static ChromeDriver browser;

  @BeforeAll
  static void open() throws IOException {
    Progress silent =
        new Progress() {
          @Override
          public void say(String line) {
            // nothing to see
          }

          @Override
          public void repetition(int done, int all, String what) {
            // nothing to see
          }
        };
    Experiment shown = ExperimentReader.parse("shown.yaml", YAML);
    ExperimentRun.Ended ended =
        ExperimentRun.run(
            shown,
            new RunOptions(
                results,
                "",
                List.of("run", "shown.yaml"),
                "test",
                Placement.asNamed(shown),
                Optional.empty(),
                ClusterOptions.DEFAULT),
            silent,
            new Cancellation());
    assertThat(ended.status()).isEqualTo("complete");
    Files.createDirectories(ended.folder().jmh());
    Json.write(
        ended.folder().jmh().resolve("a.json"),
        Stream.of(1, 1000, 10_000).map(ReportTest::jmh).toList());
    Csv.write(
        ended.folder().kernel(),
        Rows.Kernel.class,
        Stream.of(1, 1000, 10_000)
            .flatMap(s -> Stream.of("first", "last").map(t -> kernel(s, t)))
            .toList());
    Growth.write(ended.folder());
    page = Report.write(ended.folder());
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
    logs.enable(LogType.BROWSER, java.util.logging.Level.ALL);
    logs.enable(LogType.PERFORMANCE, java.util.logging.Level.ALL);
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
            .usingDriverExecutable(new java.io.File("/usr/bin/chromedriver"))
            .build();
    browser = new ChromeDriver(service, options);
    browser.get(page.toUri().toString());
  }

  /** As JMH writes it: a walk of 3 ns a Service. */
  private static Map<String, Object> jmh(int services) {
    double ns = 20 + 3.0 * services;
    return Map.of(
        "benchmark",
        "dev.conntrail.jmh.FirstPacketBenchmark.route",
        "threads",
        1,
        "forks",
        1,
        "params",
        Map.of("mode", "iptables", "services", "" + services, "endpoints", "3", "target", "last"),
        "primaryMetric",
        Map.of(
            "score",
            ns + 1,
            "scoreError",
            "NaN",
            "scoreUnit",
            "ns/op",
            "rawData",
            List.of(List.of(ns + 2, ns))));
  }

  /** A kernel that takes 6 ns a Service. */
  private static Rows.Kernel kernel(int services, String target) {
    double more = target.equals("last") ? 6.0 * services : 0;
    return new Rows.Kernel(
        "netns",
        "iptables",
        "legacy",
        services,
        1,
        "first",
        target,
        100,
        20_000 + more,
        25_000 + more,
        30_000 + more,
        more);
  }

  @AfterAll
  static void close() {
    if (browser != null) {
      browser.quit();
    }
  }

  private static WebElement show(String css) throws InterruptedException {
    WebElement element = browser.findElement(By.cssSelector(css));
    browser.executeScript("arguments[0].scrollIntoView({block: 'center'})", element);
    Thread.sleep(400);
    return element;
  }

  @Test
  void thePageAsksTheNetworkForNothingAndLogsNoError() {
    assertThat(browser.manage().logs().get(LogType.BROWSER).getAll())
        .extracting(e -> e.getMessage())
        .isEmpty();
    assertThat(browser.manage().logs().get(LogType.PERFORMANCE).getAll())
        .extracting(e -> e.getMessage())
        .filteredOn(m -> m.contains("Network.requestWillBeSent\""))
        .noneMatch(m -> m.contains("\"url\":\"http"));
  }

  @Test
  void textOfTheUserIsTextAndNotMarkup() {
    assertThat(browser.findElement(By.tagName("h1")).getText())
        .isEqualTo("Does a </script> in a question & <b>its</b> \"quotes\" harm?");
  }

  @Test
  void findingsAndEveryCellAreThere() {
    assertThat(browser.findElements(By.cssSelector("ol.findings li")).size())
        .isGreaterThanOrEqualTo(3);
    assertThat(browser.findElements(By.cssSelector("section.cell"))).hasSize(3);
    assertThat(browser.findElement(By.id("witnesses")).getText()).contains("No connection differs");
    assertThat(browser.findElement(By.id("jmh-table")).getDomProperty("textContent"))
        .contains("FirstPacketBenchmark.route", "30,021 ns");
    assertThat(browser.findElement(By.id("lookup-beside")).getText())
        .contains("3 (3 to 3), linear", "6 (6 to 6), linear", "0.500", "22 to 28");
    assertThat(browser.findElement(By.cssSelector("ol.findings")).getText())
        .contains("0.500 times the kernel's");
    assertThat(browser.findElements(By.id("figure-lookup-services"))).hasSize(1);
    assertThat(browser.findElement(By.id("limits")).getText()).contains("loopback has no Service");
  }

  @Test
  void aChartComesAliveAndObeysTheKeyboard() throws InterruptedException {
    WebElement plot = show("#figure-cell-01 .plot");
    assertThat(plot.getAttribute("class")).contains("live");
    browser.executeScript("arguments[0].focus()", plot);
    plot.sendKeys(Keys.ARROW_RIGHT);
    String first = browser.findElement(By.cssSelector("#figure-cell-01 .readout")).getText();
    plot.sendKeys(Keys.ARROW_RIGHT);
    String second = browser.findElement(By.cssSelector("#figure-cell-01 .readout")).getText();
    plot.sendKeys(Keys.ARROW_DOWN);
    String requests = browser.findElement(By.cssSelector("#figure-cell-01 .readout")).getText();
    assertThat(first).startsWith("connections, 1: ");
    assertThat(second).startsWith("connections, 2: ");
    assertThat(requests).startsWith("requests, 2: ");
  }

  @Test
  void aSeriesIsSwitchedOffWithItsCheckbox() throws InterruptedException {
    show("#figure-connect-loopback .plot");
    WebElement box =
        browser.findElement(By.cssSelector("#figure-connect-loopback input[type=checkbox]"));
    String before =
        browser
            .findElement(By.cssSelector("#figure-connect-loopback .plot"))
            .getAttribute("innerHTML");
    box.sendKeys(Keys.SPACE);
    Thread.sleep(300);
    assertThat(box.isSelected()).isFalse();
    assertThat(
            browser
                .findElement(By.cssSelector("#figure-connect-loopback .plot"))
                .getAttribute("innerHTML"))
        .isNotEqualTo(before);
  }

  @Test
  void nothingOverflowsOnAPhone() throws InterruptedException {
    browser.manage().window().setSize(new Dimension(500, 800));
    browser.executeScript("document.documentElement.style.width = '390px'");
    Thread.sleep(500);
    Number wide =
        (Number)
            browser.executeScript(
                "var w = 0; document.querySelectorAll('h1,h2,h3,p,li,dd,figcaption,figure').forEach(function (e) { w = Math.max(w, e.getBoundingClientRect().right); }); return w;");
    browser.executeScript("document.documentElement.style.width = ''");
    browser.manage().window().setSize(new Dimension(1200, 900));
    assertThat(wide.doubleValue()).isLessThanOrEqualTo(391);
  }

  @Test
  void itPrintsWithItsCharts() {
    String pdf = browser.print(new org.openqa.selenium.print.PrintOptions()).getContent();
    assertThat(pdf.length()).isGreaterThan(50_000);
  }

  @Test
  void markdownAndSvgsLieBesideThePage() throws IOException {
    String markdown = Files.readString(page.resolveSibling("report.md"));
    assertThat(markdown).contains("## Findings", "cell-01.svg", "## Limits");
    for (String line : markdown.lines().filter(l -> l.startsWith("![")).toList()) {
      String file = line.substring(line.lastIndexOf('(') + 1, line.length() - 1);
      assertThat(page.resolveSibling(file)).content().startsWith("<svg").contains("</svg>");
    }
  }
}
