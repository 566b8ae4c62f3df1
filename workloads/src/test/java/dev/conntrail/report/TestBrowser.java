package dev.conntrail.report;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import org.openqa.selenium.By;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.TimeoutException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;

/** A Chromium without a window, for tests of pages. */
public final class TestBrowser implements AutoCloseable {
  private static final List<String> PROGRAMS =
      List.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome");

  /** What a page does takes less than the half second of the library's own. */
  private static final Duration LOOK = Duration.ofMillis(20);

  private final ChromeDriver driver;

  /** Starts it. */
  public TestBrowser() {
    ChromeOptions options = new ChromeOptions();
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync");
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    logs.enable(LogType.PERFORMANCE, Level.ALL);
    options.setCapability("goog:loggingPrefs", logs);
    PROGRAMS.stream()
        .filter(name -> Files.isExecutable(Path.of(name)))
        .findFirst()
        .ifPresent(options::setBinary);
    driver =
        new ChromeDriver(
            new ChromeDriverService.Builder()
                .usingDriverExecutable(new File("/usr/bin/chromedriver"))
                .build(),
            options);
  }

  public ChromeDriver driver() {
    return driver;
  }

  /** Shows a page afresh, so wide and high, on a phone if it is as narrow as one. */
  public void show(Path page, String hash, int width, int height) {
    show(page.toUri() + hash, width, height);
  }

  /** The same of any address. */
  public void show(String address, int width, int height) {
    command(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
    command("Emulation.setTouchEmulationEnabled", Map.of("enabled", width < 600));
    prefer("light");
    driver.get("about:blank");
    driver.get(address);
  }

  /** What the reader prefers: {@code light} or {@code dark}. */
  public void prefer(String scheme) {
    command(
        "Emulation.setEmulatedMedia",
        Map.of(
            "media",
            "",
            "features",
            List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  /** A command of the DevTools protocol. */
  public Map<String, Object> command(String name, Map<String, Object> parameters) {
    return driver.executeCdpCommand(name, parameters);
  }

  /** Runs a script. */
  public Object run(String script, Object... arguments) {
    return driver.executeScript(script, arguments);
  }

  public WebElement find(String css) {
    return driver.findElement(By.cssSelector(css));
  }

  public List<WebElement> all(String css) {
    return driver.findElements(By.cssSelector(css));
  }

  /** Those that can be seen. */
  public List<WebElement> seen(String css) {
    return all(css).stream().filter(WebElement::isDisplayed).toList();
  }

  /** Opens all that is folded, and every row. */
  public void unfold() {
    run("document.querySelectorAll('details').forEach(function (d) { d.open = true; });");
    run("document.querySelectorAll('tr.detail').forEach(function (d) { d.hidden = false; });");
  }

  /** Makes every chart of the page come alive. */
  public void drawAll(String css) {
    for (WebElement plot : all(css)) {
      run("arguments[0].scrollIntoView()", plot);
      await(() -> plot.getDomAttribute("class").contains("live"));
    }
  }

  /** What is wider than a page, of what must not be; the page itself, if it can be moved aside. */
  public List<?> cut(int width) {
    return (List<?>)
        run(
            """
            var wide = arguments[0];
            var out = [...document.querySelectorAll('h1,h2,p,li,dt,dd,pre,summary,figcaption,figure,.plot > *,.scroll,input')]
              .filter(e => e.getClientRects().length && !e.closest('#glossary') && !e.parentElement.closest('.scroll > table > tbody > tr:not(.detail)'))
              .filter(e => e.getBoundingClientRect().right > wide + 0.5 || e.getBoundingClientRect().left < -0.5)
              .map(e => e.tagName + ' ' + e.className + ' ' + e.textContent.slice(0, 40));
            return document.documentElement.scrollWidth > wide ? out.concat('the page') : out;
            """,
            width);
  }

  /** Waits for something that will be so. */
  public void await(Callable<Boolean> condition) {
    new WebDriverWait(driver, Duration.ofSeconds(60), LOOK)
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

  /** Waits for a condition as long as a page may take to follow; the test says what it is not. */
  public void settles(Callable<Boolean> condition) {
    try {
      await(condition);
    } catch (TimeoutException _) {
      // the assertion that follows has the words
    }
  }

  /** A chart, which comes alive when it is seen. */
  public WebElement chart(String css) {
    WebElement plot = find(css);
    run("arguments[0].scrollIntoView({block: 'center'})", plot);
    await(() -> plot.getDomAttribute("class").contains("live"));
    return plot;
  }

  /** What was logged since this was asked last. */
  public List<String> logged(String type) {
    return driver.manage().logs().get(type).getAll().stream().map(e -> e.getMessage()).toList();
  }

  @Override
  public void close() {
    driver.quit();
  }
}
