package dev.conntrail.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.result.RunFolder;
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
import org.openqa.selenium.WebElement;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.print.PrintOptions;

/** The page as its readers see it: wide and narrow, light and dark, on paper. */
@Tag("browser")
class ReportPageTest {
  @TempDir private static Path folder;
  private static ShownRun shown;
  private static TestBrowser browser;

  @BeforeAll
  static void open() throws IOException {
    shown = ShownRun.of(folder);
    browser = shown.browser();
  }

  @AfterAll
  static void close() {
    if (shown != null) {
      shown.close();
    }
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
    assertThat(Files.size(written)).isLessThan(2_500_000);
  }

  @Test
  void nothingThatOpensAsksTheNetworkOrLogsAnError() {
    browser.show(shown.page(), "", 1280, 900);
    browser.logged(LogType.PERFORMANCE);
    browser.unfold();
    browser.drawAll(".plot");
    assertThat(browser.logged(LogType.BROWSER)).isEmpty();
    assertThat(browser.logged(LogType.PERFORMANCE))
        .noneMatch(m -> m.contains("Network.requestWillBeSent\"") && m.contains("\"url\":\"http"));
  }

  @Test
  void onAPhoneNothingIsCutThoughAllIsOpen() {
    browser.show(shown.page(), "", 390, 800);
    browser.unfold();
    browser.drawAll("#answer .plot, #latency .plot");
    assertThat(browser.cut(390)).isEmpty();
  }

  /** Not even where repetitions are marked twice. */
  @Test
  void atTheUsualWidthNoTableOfACellIsCut() {
    browser.show(shown.page(), "", 1280, 900);
    browser.unfold();
    assertThat(browser.all("[id^=repetitions-]")).hasSize(ShownRun.CELLS);
    assertThat(
            (List<?>)
                browser.run(
                    """
                    return [...document.querySelectorAll('[id^=repetitions-], [id^=figures-]')]
                      .map(t => t.parentElement).filter(s => s.scrollWidth > s.clientWidth)
                      .map(s => s.firstElementChild.id + ' ' + s.scrollWidth + ' in ' + s.clientWidth);
                    """))
        .isEmpty();
  }

  @Test
  void textIsReadableLightAndDark() {
    browser.show(shown.page(), "#" + shown.cell(1), 1280, 900);
    browser.unfold();
    for (String scheme : List.of("light", "dark")) {
      browser.prefer(scheme);
      browser.settles(() -> ((List<?>) browser.run(CONTRAST)).isEmpty());
      assertThat((List<?>) browser.run(CONTRAST)).as(scheme).isEmpty();
    }
    assertThat(browser.find("body").getCssValue("background-color"))
        .isEqualTo("rgba(22, 22, 26, 1)");
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
    browser.show(shown.page(), "", 1280, 900);
    WebElement plot = browser.chart("#figure-glance .plot");
    String ink =
        "return document.querySelector('#figure-glance .plot > div text').getAttribute('fill')";
    assertThat(browser.run(ink)).isEqualTo("#1b1b1f");
    browser.prefer("dark");
    browser.await(() -> "#e8e8ec".equals(browser.run(ink)));
    assertThat(plot.getDomProperty("innerHTML")).doesNotContain("var(--c1)");
  }

  @Test
  void onPaperAllIsOpenAndEveryPodHasItsBar() {
    browser.show(shown.page(), "", 1280, 900);
    browser.chart("#figure-glance .plot");
    browser.command("Emulation.setEmulatedMedia", Map.of("media", "print"));
    browser.run("window.dispatchEvent(new Event('beforeprint'))");
    assertThat(browser.all("details:not([open])")).isEmpty();
    assertThat(browser.seen("tr.detail")).hasSize(ShownRun.CELLS);
    for (int n : List.of(1, 7)) {
      String bars =
          (String)
              browser.run(
                  "return document.querySelector('#figure-pods-%s .plot > svg path[fill*=\"--c2\"]').getAttribute('d')"
                      .formatted(shown.run().cell(n).id()));
      long pods = Arrays.stream(bars.split("M")).filter(b -> !b.isBlank()).count();
      long served =
          ((Number)
                  browser.run(
                      "return document.querySelector('#%s svg.bars path').getAttribute('d').split('M').length - 1"
                          .formatted(shown.cell(n))))
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

  /** Pictures of what happened stand beside each other, and each leads to its cell. */
  @Test
  void thePageHasLandmarksNamesAndNoIdTwice() {
    browser.show(shown.page(), "", 1280, 900);
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
