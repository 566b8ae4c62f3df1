package dev.conntrail.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;

/** The page as its readers use it: by pointer, by touch, by keyboard, by link. */
@Tag("browser")
class ReportUseTest {
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

  @Test
  void aWordIsExplainedOnHoverOnFocusAndOnTouch() {
    browser.show(shown.page(), "", 1280, 900);
    WebElement word = browser.find("#answer figcaption a.term");
    String meaning =
        (String) browser.run("return document.querySelector(arguments[0].hash).textContent", word);
    new Actions(browser.driver()).moveToElement(word).perform();
    assertThat(browser.find("#tip").getText()).isEqualTo(meaning).endsWith(".");
    assertThat(word.getDomAttribute("aria-describedby")).isEqualTo("tip");
    new Actions(browser.driver()).moveToElement(browser.find("h1")).perform();
    assertThat(browser.find("#tip").isDisplayed()).isFalse();
    browser.run("arguments[0].focus()", word);
    assertThat(browser.find("#tip").getText()).isEqualTo(meaning);
    word.sendKeys(Keys.ESCAPE);
    assertThat(browser.find("#tip").isDisplayed()).isFalse();

    browser.show(shown.page(), "", 390, 800);
    browser.find("#answer figcaption a.term").click();
    assertThat(browser.find("#tip").getText()).isEqualTo(meaning);
    assertThat(browser.driver().getCurrentUrl()).doesNotContain("#term");
    Map<?, ?> box =
        (Map<?, ?>)
            browser.run("return document.getElementById('tip').getBoundingClientRect().toJSON()");
    assertThat(((Number) box.get("right")).doubleValue()).isLessThanOrEqualTo(390);
  }

  @Test
  void aColumnIsExplainedWithoutSorting() {
    browser.show(shown.page(), "", 1280, 900);
    WebElement head = browser.find("#cells-table thead th:nth-child(7)");
    head.findElement(org.openqa.selenium.By.cssSelector(".tip")).click();
    assertThat(browser.find("#tip").getText()).contains("without a connection");
    assertThat(head.getDomAttribute("aria-sort")).isNull();
    head.findElement(org.openqa.selenium.By.cssSelector(".sort")).sendKeys(Keys.ENTER);
    assertThat(head.getDomAttribute("aria-sort")).isEqualTo("ascending");
  }

  @Test
  void anOpenRowStaysWithItsCellWhenRowsAreSorted() {
    browser.show(shown.page(), "", 1280, 900);
    browser.find("#" + shown.cell(2) + " button.open").sendKeys(Keys.ENTER);
    assertThat(browser.driver().getCurrentUrl()).endsWith("#" + shown.cell(2));
    browser.find("#cells-table thead th:first-child .sort").click();
    browser.find("#cells-table thead th:first-child .sort").click();
    List<WebElement> rows = browser.all("#cells-table tr.opens");
    assertThat(rows.getFirst().getDomAttribute("id")).isEqualTo(shown.cell(ShownRun.CELLS));
    assertThat(browser.find("#" + shown.cell(2) + " + tr.detail").isDisplayed()).isTrue();
    assertThat(browser.seen("tr.detail")).hasSize(1);
  }

  @Test
  void aFilterSaysHowManyRowsAreLeftAndALinkUndoesIt() {
    browser.show(shown.page(), "", 1280, 900);
    browser.find("#cells .filter input").sendKeys("nftables add");
    assertThat(browser.seen("#cells-table tr.opens")).hasSize(1);
    assertThat(browser.find("#cells .filter [role=status]").getText()).isEqualTo("1 of 10 rows");
    browser.run("location.hash = '#" + shown.cell(1) + "'");
    browser.await(() -> browser.find("#" + shown.cell(1)).isDisplayed());
    assertThat(browser.seen("#cells-table tr.opens")).hasSize(ShownRun.CELLS);
    assertThat(browser.find("#" + shown.cell(1) + "-detail").isDisplayed()).isTrue();
  }

  @Test
  void aLinkToASectionOpensIt() {
    browser.show(shown.page(), "#latency", 1280, 900);
    browser.await(() -> browser.find("#latency-table").isDisplayed());
    browser.find("nav a[href='#limits']").click();
    browser.await(() -> browser.find("#limits li").isDisplayed());
  }

  @Test
  void whatHappenedIsPicturedAndLeadsToItsCell() {
    browser.show(shown.page(), "#changes", 1280, 900);
    browser.await(() -> browser.seen("#over-time-netns a.thumb svg").size() == 2);
    browser.find("#over-time-netns a.thumb").click();
    browser.await(
        () -> browser.find("#" + shown.cell(ShownRun.CELLS - 1) + "-detail").isDisplayed());
    assertThat(browser.seen("#" + shown.cell(ShownRun.CELLS - 1) + "-detail figure.chart").size())
        .isGreaterThanOrEqualTo(2);
  }

  @Test
  void aSwitchForASeriesIsSeenWhenItHasTheFocus() {
    browser.show(shown.page(), "#latency", 1280, 900);
    WebElement plot = browser.chart("#latency figure.chart .plot");
    WebElement box = browser.find("#latency fieldset.toggles input");
    browser.run("arguments[0].focus()", box);
    String legend = "fieldset.toggles:focus-within";
    assertThat(browser.find(legend).getCssValue("position")).isEqualTo("static");
    String before = plot.getDomProperty("innerHTML");
    box.sendKeys(Keys.SPACE);
    browser.await(() -> !plot.getDomProperty("innerHTML").equals(before));
  }
}
