package dev.conntrail.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.result.RunFolder;
import dev.conntrail.result.TestRun;
import dev.conntrail.result.row.Cause;
import dev.conntrail.result.row.EffectRow;
import dev.conntrail.result.row.Mark;
import dev.conntrail.spec.Change;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.print.PrintOptions;

/** The page as its readers have it: wide and narrow, light and dark, on paper, by keyboard. */
@Tag("browser")
class ReportPageTest {
  private static final String YAML =
      """
      experiment: shown
      question: What do readers see?
      repetitions: 2
      matrix:
        - {data-plane: [iptables, nftables], protocol: [http1, short-lived], connections: 10, pods: 12, rate: 200}
        - {data-plane: direct, protocol: [grpc, websocket], pods: 4}
        - {data-plane: [iptables, nftables], connections: 8, pods: 300, clients: 2, nodes: 2, rate: 200}
        - {data-plane: [iptables, nftables], connections: 4, pods: 3, rate: 100, opening: spread,
           events: [{at: 1s, add-endpoints: 2}]}
      """;
  private static final int CELLS = 10;

  @TempDir private static Path folder;
  private static TestRun run;
  private static Path page;
  private static TestBrowser browser;

  @BeforeAll
  static void open() throws IOException {
    run = TestRun.of(folder, YAML);
    for (int n = CELLS - 1; n <= CELLS; n++) {
      for (int repetition = 0; repetition < 2; repetition++) {
        run.repetition(n)
            .connections(1, 1, 0, 2, 0)
            .failed(2)
            .marks(Mark.ERRORS)
            .rules("-A KUBE-SVC " + "long ".repeat(100))
            .event(Change.Kind.ADD, 2000, 5, "pod-4", "pod-5")
            .effect(
                Cause.of(Change.Kind.ADD),
                new EffectRow.Fate(2, 2, 0, 0, 0),
                new EffectRow.Leaving(0, 0),
                new EffectRow.New(2, 2, 0),
                new EffectRow.Ports(0, 0));
      }
    }
    page = Report.write(run.fill().write()).page();
    browser = new TestBrowser();
  }

  @AfterAll
  static void close() {
    if (browser != null) {
      browser.close();
    }
  }

  private static String cell(int number) {
    return "cell-" + run.cell(number).id();
  }

  /** Height of the whole page. */
  private static int height() {
    return ((Number) browser.run("return document.documentElement.scrollHeight")).intValue();
  }

  @Test
  void theReferenceTakesAtMostEightScreensBeforeAnythingIsOpened(@TempDir Path copy)
      throws IOException {
    Path reference = Path.of("..", "results", "reference", "default");
    try (Stream<Path> files = Files.walk(reference)) {
      for (Path file : files.filter(f -> !f.equals(reference)).toList()) {
        Files.copy(file, copy.resolve(reference.relativize(file).toString()));
      }
    }
    Path written = Report.write(new RunFolder(copy)).page();
    browser.show(written, "", 1280, 900);
    assertThat(height()).isLessThanOrEqualTo(8 * 900);
    assertThat(Files.size(written)).isLessThan(1_500_000);
  }

  @Test
  void nothingThatOpensAsksTheNetworkOrLogsAnError() {
    browser.show(page, "", 1280, 900);
    browser.logged(LogType.PERFORMANCE);
    browser.unfold();
    for (WebElement plot : browser.all(".plot")) {
      browser.run("arguments[0].scrollIntoView()", plot);
      browser.await(() -> plot.getDomAttribute("class").contains("live"));
    }
    assertThat(browser.logged(LogType.BROWSER)).isEmpty();
    assertThat(browser.logged(LogType.PERFORMANCE))
        .noneMatch(m -> m.contains("Network.requestWillBeSent\"") && m.contains("\"url\":\"http"));
  }

  @Test
  void onAPhoneNothingIsCutThoughAllIsOpen() {
    browser.show(page, "", 390, 800);
    browser.unfold();
    for (WebElement plot : browser.all("#answer .plot, #latency .plot")) {
      browser.run("arguments[0].scrollIntoView()", plot);
      browser.await(() -> plot.getDomAttribute("class").contains("live"));
    }
    Number page = (Number) browser.run("return document.documentElement.scrollWidth");
    assertThat(page.intValue()).isLessThanOrEqualTo(390);
    assertThat(
            (List<?>)
                browser.run(
                    """
                    return [...document.querySelectorAll('h1,h2,p,li,dt,dd,pre,summary,figcaption,figure,.plot > *,.scroll,input')]
                      .filter(e => e.getClientRects().length && !e.closest('#glossary') && !e.parentElement.closest('.scroll > table > tbody > tr:not(.detail)'))
                      .filter(e => e.getBoundingClientRect().right > 390.5 || e.getBoundingClientRect().left < -0.5)
                      .map(e => e.tagName + ' ' + e.className + ' ' + e.textContent.slice(0, 40));
                    """))
        .isEmpty();
  }

  @Test
  void textIsReadableLightAndDark() {
    browser.show(page, "#" + cell(1), 1280, 900);
    browser.unfold();
    for (String scheme : List.of("light", "dark")) {
      browser.prefer(scheme);
      assertThat((List<?>) browser.run(CONTRAST)).as(scheme).isEmpty();
    }
    assertThat(browser.find("body").getCssValue("background-color")).isEqualTo("rgba(22, 22, 26, 1)");
  }

  /** All text whose contrast with what is behind it is below 4.5 (WCAG 2.1, 1.4.3). */
  private static final String CONTRAST =
      """
      function channels(c) { return c.match(/[\\d.]+/g).map(Number); }
      function luminance(c) {
        var v = c.slice(0, 3).map(x => x / 255).map(x => x <= 0.03928 ? x / 12.92 : Math.pow((x + 0.055) / 1.055, 2.4));
        return 0.2126 * v[0] + 0.7152 * v[1] + 0.0722 * v[2];
      }
      function behind(e) {
        for (; e; e = e.parentElement) {
          var c = channels(getComputedStyle(e).backgroundColor);
          if (c.length < 4 || c[3] > 0) { return c; }
        }
        return [255, 255, 255];
      }
      var poor = new Set();
      var walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        var e = walker.currentNode.parentElement;
        if (!walker.currentNode.data.trim() || !e.getClientRects().length || e.closest('script')) { continue; }
        var style = getComputedStyle(e);
        var text = channels(e.closest('svg') ? style.fill : style.color);
        var a = luminance(text), b = luminance(behind(e));
        var ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        if (ratio < 4.5) { poor.add(e.tagName + '.' + e.className + ' ' + e.textContent.slice(0, 30) + ' ' + ratio.toFixed(2)); }
      }
      return [...poor];
      """;

  @Test
  void aLiveChartTakesTheReadersColours() {
    browser.show(page, "", 1280, 900);
    WebElement plot = browser.chart("#figure-glance .plot");
    String ink = "return document.querySelector('#figure-glance .plot > div text').getAttribute('fill')";
    assertThat(browser.run(ink)).isEqualTo("#1b1b1f");
    browser.prefer("dark");
    browser.await(() -> "#e8e8ec".equals(browser.run(ink)));
    assertThat(plot.getDomProperty("innerHTML")).doesNotContain("var(--c1)");
  }

  @Test
  void onPaperAllIsOpenAndEveryPodHasItsBar() {
    browser.show(page, "", 1280, 900);
    browser.chart("#figure-glance .plot");
    browser.command("Emulation.setEmulatedMedia", Map.of("media", "print"));
    browser.run("window.dispatchEvent(new Event('beforeprint'))");
    assertThat(browser.all("details:not([open])")).isEmpty();
    assertThat(browser.seen("tr.detail")).hasSize(CELLS);
    for (int n : List.of(1, 7)) {
      String bars =
          (String)
              browser.run(
                  "return document.querySelector('#figure-pods-%s .plot > svg path[fill*=\"--c2\"]').getAttribute('d')"
                      .formatted(run.cell(n).id()));
      long pods =
          Arrays.stream(bars.split("M")).filter(b -> !b.isBlank()).count();
      long served =
          ((Number)
                  browser.run(
                      "return document.querySelector('#%s svg.bars path').getAttribute('d').split('M').length - 1"
                          .formatted(cell(n))))
              .longValue();
      assertThat(pods).isEqualTo(served).isPositive();
    }
    assertThat(
            (List<?>)
                browser.run(
                    """
                    var wide = document.documentElement.clientWidth;
                    return [...document.querySelectorAll('figure.chart')].filter(f => {
                      var s = f.querySelector('.plot > svg').getBoundingClientRect();
                      return s.height < 50 || s.width < 100 || s.right > wide;
                    }).map(f => f.id);
                    """))
        .isEmpty();
    browser.run("window.dispatchEvent(new Event('afterprint'))");
    assertThat(browser.seen("tr.detail")).isEmpty();
    assertThat(browser.all("#latency > details[open]")).isEmpty();
    browser.prefer("light");
    assertThat(browser.driver().print(new PrintOptions()).getContent().length())
        .isGreaterThan(100_000);
  }

  @Test
  void aWordIsExplainedOnHoverOnFocusAndOnTouch() {
    browser.show(page, "", 1280, 900);
    WebElement word = browser.find("#answer figcaption a.term");
    String meaning = (String) browser.run("return document.querySelector(arguments[0].hash).textContent", word);
    new Actions(browser.driver()).moveToElement(word).perform();
    assertThat(browser.find("#tip").getText()).isEqualTo(meaning).endsWith(".");
    assertThat(word.getDomAttribute("aria-describedby")).isEqualTo("tip");
    new Actions(browser.driver()).moveToElement(browser.find("h1")).perform();
    assertThat(browser.find("#tip").isDisplayed()).isFalse();
    browser.run("arguments[0].focus()", word);
    assertThat(browser.find("#tip").getText()).isEqualTo(meaning);
    word.sendKeys(Keys.ESCAPE);
    assertThat(browser.find("#tip").isDisplayed()).isFalse();

    browser.show(page, "", 390, 800);
    browser.find("#answer figcaption a.term").click();
    assertThat(browser.find("#tip").getText()).isEqualTo(meaning);
    assertThat(browser.driver().getCurrentUrl()).doesNotContain("#term");
    Map<?, ?> box = (Map<?, ?>) browser.run("return document.getElementById('tip').getBoundingClientRect().toJSON()");
    assertThat(((Number) box.get("right")).doubleValue()).isLessThanOrEqualTo(390);
  }

  /** To ask what a column means is not to sort by it. */
  @Test
  void aColumnIsExplainedWithoutSorting() {
    browser.show(page, "", 1280, 900);
    WebElement head = browser.find("#cells-table thead th:nth-child(7)");
    head.findElement(org.openqa.selenium.By.cssSelector(".tip")).click();
    assertThat(browser.find("#tip").getText()).contains("without a connection");
    assertThat(head.getDomAttribute("aria-sort")).isNull();
    head.findElement(org.openqa.selenium.By.cssSelector(".sort")).sendKeys(Keys.ENTER);
    assertThat(head.getDomAttribute("aria-sort")).isEqualTo("ascending");
  }

  @Test
  void anOpenRowStaysWithItsCellWhenRowsAreSorted() {
    browser.show(page, "", 1280, 900);
    browser.find("#" + cell(2) + " button.open").sendKeys(Keys.ENTER);
    assertThat(browser.driver().getCurrentUrl()).endsWith("#" + cell(2));
    browser.find("#cells-table thead th:first-child .sort").click();
    browser.find("#cells-table thead th:first-child .sort").click();
    List<WebElement> rows = browser.all("#cells-table tr.opens");
    assertThat(rows.getFirst().getDomAttribute("id")).isEqualTo(cell(CELLS));
    assertThat(browser.find("#" + cell(2) + " + tr.detail").isDisplayed()).isTrue();
    assertThat(browser.seen("tr.detail")).hasSize(1);
  }

  @Test
  void aFilterSaysHowManyRowsAreLeftAndALinkUndoesIt() {
    browser.show(page, "", 1280, 900);
    browser.find("#cells .filter input").sendKeys("nftables add");
    assertThat(browser.seen("#cells-table tr.opens")).hasSize(1);
    assertThat(browser.find("#cells .filter [role=status]").getText()).isEqualTo("1 of 10 rows");
    browser.run("location.hash = '#" + cell(1) + "'");
    browser.await(() -> browser.find("#" + cell(1)).isDisplayed());
    assertThat(browser.seen("#cells-table tr.opens")).hasSize(CELLS);
    assertThat(browser.find("#" + cell(1) + "-detail").isDisplayed()).isTrue();
  }

  @Test
  void aLinkToASectionOpensIt() {
    browser.show(page, "#latency", 1280, 900);
    browser.await(() -> browser.find("#latency-table").isDisplayed());
    browser.find("nav a[href='#limits']").click();
    browser.await(() -> browser.find("#limits li").isDisplayed());
  }

  /** Pictures of what happened stand beside each other, and each leads to its cell. */
  @Test
  void whatHappenedIsPicturedAndLeadsToItsCell() {
    browser.show(page, "#changes", 1280, 900);
    browser.await(() -> browser.seen("#over-time-netns a.thumb svg").size() == 2);
    browser.find("#over-time-netns a.thumb").click();
    browser.await(() -> browser.find("#" + cell(CELLS - 1) + "-detail").isDisplayed());
    assertThat(browser.seen("#" + cell(CELLS - 1) + "-detail figure.chart").size())
        .isGreaterThanOrEqualTo(2);
  }

  @Test
  void aSwitchForASeriesIsSeenWhenItHasTheFocus() {
    browser.show(page, "#latency", 1280, 900);
    WebElement plot = browser.chart("#latency figure.chart .plot");
    WebElement box = browser.find("#latency fieldset.toggles input");
    browser.run("arguments[0].focus()", box);
    String legend = "fieldset.toggles:focus-within";
    assertThat(browser.find(legend).getCssValue("position")).isEqualTo("static");
    String before = plot.getDomProperty("innerHTML");
    box.sendKeys(Keys.SPACE);
    browser.await(() -> !plot.getDomProperty("innerHTML").equals(before));
  }

  @Test
  void thePageHasLandmarksNamesAndNoIdTwice() {
    browser.show(page, "", 1280, 900);
    browser.unfold();
    assertThat(browser.all("main")).hasSize(1);
    assertThat(browser.all("header")).hasSize(1);
    assertThat(browser.all("h1")).hasSize(1);
    assertThat(browser.find("nav").getDomAttribute("aria-label")).isNotEmpty();
    assertThat(browser.find("html").getDomAttribute("lang")).isEqualTo("en");
    assertThat(
            (List<?>)
                browser.run(
                    """
                    var seen = {}, twice = [];
                    document.querySelectorAll('[id]').forEach(e => { if (seen[e.id]) { twice.push(e.id); } seen[e.id] = true; });
                    return twice;
                    """))
        .isEmpty();
    assertThat(
            (List<?>)
                browser.run(
                    """
                    return [...document.querySelectorAll('button, input, a, [role=region], [role=group]')].filter(e => {
                      var by = e.getAttribute('aria-labelledby');
                      var name = e.getAttribute('aria-label') || (by ? by.split(' ').every(i => document.getElementById(i)) : '') || e.textContent.trim() || (e.labels && e.labels.length);
                      return !name;
                    }).map(e => e.outerHTML.slice(0, 100));
                    """))
        .isEmpty();
    assertThat(
            (List<?>)
                browser.run(
                    """
                    return [...document.querySelectorAll('a[href^="#"]')].map(a => a.hash.slice(1)).filter(h => !document.getElementById(h));
                    """))
        .isEmpty();
  }
}
