package dev.conntrail.site;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import dev.conntrail.experiment.Runs;
import dev.conntrail.report.TestBrowser;
import dev.conntrail.result.Manifest;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.RunResults;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.logging.LogType;

/** The site of the two reference runs and of three quick ones, as its readers see it. */
@Tag("browser")
class SiteBrowserTest {
  private static final String QUICK =
      """
      experiment: straight
      testbed: loopback
      phases: {warmup: 100ms, measure: 300ms, drain: 1s}
      matrix:
        - {protocol: [http1, short-lived], connections: 6, pods: 4, rate: 200}
      """;

  /** Every address on a page, resolved, but for those that are the page's own data. */
  private static final String ADDRESSES =
      """
      return [...document.querySelectorAll('a[href], link[href], img[src], script[src], [data-file]')]
        .map(e => new URL(e.getAttribute('href') || e.getAttribute('src') || e.dataset.file, document.baseURI).href)
        .filter(u => !u.startsWith('data:'));
      """;

  private static final String GONE =
      """
      return [...document.querySelectorAll('a[href^="#"]')].map(a => a.hash.slice(1)).filter(h => !document.getElementById(h));
      """;

  @TempDir private static Path folder;
  private static Path site;
  private static HttpServer server;
  private static TestBrowser browser;

  @BeforeAll
  static void publish() throws IOException {
    Path reference = Path.of("..", "results", "reference");
    List<RunFolder> runs = new ArrayList<>();
    runs.add(new RunFolder(reference.resolve("default")));
    runs.add(new RunFolder(reference.resolve("default-kind")));
    for (int i = 0; i < 3; i++) {
      runs.add(Runs.run(folder.resolve("results"), QUICK, "").folder());
    }
    site = folder.resolve("web").resolve("any").resolve("path");
    Site.Outcome outcome =
        new Site(site, InstantSource.system())
            .publish(
                runs, new SiteOptions(Optional.empty(), List.of(), Set.of(), Optional.empty()));
    assertThat(outcome.refused()).isEmpty();
    assertThat(outcome.lacking()).isEmpty();
    assertThat(outcome.added()).hasSize(5);
    server =
        SimpleFileServer.createFileServer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            folder.resolve("web").toAbsolutePath(),
            SimpleFileServer.OutputLevel.NONE);
    server.start();
    browser = new TestBrowser();
  }

  @AfterAll
  static void close() {
    if (browser != null) {
      browser.close();
    }
    if (server != null) {
      server.stop(0);
    }
  }

  private static String overHttp() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/any/path/";
  }

  /**
   * All pages that can be reached from the first, and the files beside them.
   *
   * @param charts those that have to come alive
   */
  private static Set<String> walk(String top, String charts) {
    Set<String> pages = new HashSet<>();
    Set<String> files = new HashSet<>();
    List<String> left = new ArrayList<>(List.of(top + "index.html"));
    while (!left.isEmpty()) {
      String page = left.removeFirst();
      if (!pages.add(page)) {
        continue;
      }
      browser.show(page, 1280, 900);
      assertThat((List<?>) browser.run(GONE)).as(page).isEmpty();
      for (Object each : (List<?>) browser.run(ADDRESSES)) {
        String address = each.toString().replaceFirst("#.*", "");
        assertThat(address).as("a link of %s", page).startsWith(top);
        (address.endsWith(".html") ? left : files).add(address);
      }
      browser.unfold();
      browser.drawAll(charts);
      assertThat(browser.logged(LogType.BROWSER)).as(page).isEmpty();
    }
    assertThat(pages).as("an index, five runs, a page of trends, two comparisons").hasSize(9);
    files.addAll(pages);
    return files;
  }

  @Test
  void fromAFileEveryLinkLeadsSomewhereAndChartsAreDrawn() {
    String top = site.toUri().toString();
    Set<String> files = walk(top, "figure .plot:not(tr.detail *)");
    assertThat(files).allSatisfy(f -> assertThat(Path.of(URI.create(f))).isRegularFile());
    assertThat(files).filteredOn(f -> f.endsWith("/results.zip")).hasSize(5);
    assertThat(files).filteredOn(f -> f.endsWith("/connections.csv")).hasSize(5);
  }

  @Test
  void overHttpEveryFileComesAsItIs() throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      for (String file : walk(overHttp(), "#answer .plot, #charts .plot")) {
        HttpResponse<byte[]> got =
            client.send(
                HttpRequest.newBuilder(URI.create(file)).build(),
                HttpResponse.BodyHandlers.ofByteArray());
        assertThat(got.statusCode()).as(file).isEqualTo(200);
        assertThat(got.body())
            .as(file)
            .isEqualTo(Files.readAllBytes(site.resolve(file.substring(overHttp().length()))));
      }
    }
  }

  @Test
  void onAPhoneNothingIsCut() throws IOException {
    List<Path> pages = new ArrayList<>(List.of(site.resolve("index.html")));
    for (String folderName : List.of("trends", "runs", "comparisons")) {
      try (var found = Files.walk(site.resolve(folderName))) {
        found.filter(p -> p.toString().endsWith(".html")).sorted().forEach(pages::add);
      }
    }
    assertThat(pages).hasSize(9);
    for (Path page : pages) {
      browser.show(page, "", 390, 800);
      browser.unfold();
      browser.drawAll("#answer .plot, #charts .plot");
      assertThat(browser.cut(390)).as(page.toString()).isEmpty();
    }
  }

  @Test
  void theIndexSaysWhatEachRunSays() throws IOException {
    browser.show(site.resolve("index.html"), "", 1280, 900);
    assertThat(browser.seen("#runs-table tbody tr")).hasSize(5);
    assertThat(browser.find("#runs-table").getText())
        .contains("v1.37.2", "6.1.176 (guest)", "netns and uml", "loopback", "complete");
    assertThat(browser.find("#trends-table").getText()).contains("straight", "Too few runs");
    browser.find("#runs-table tbody:last-child a").click();
    browser.await(() -> browser.driver().getCurrentUrl().contains(oldestReference()));
    browser.await(() -> !browser.find("h1").getText().isBlank());
    FeedRules.check(site.resolve("feed.xml"));
  }

  private static String oldestReference() throws IOException {
    List<String> runs = new ArrayList<>();
    for (String name : List.of("default", "default-kind")) {
      Manifest manifest =
          RunResults.read(new RunFolder(Path.of("..", "results", "reference", name))).manifest();
      runs.add(manifest.startedUtc() + " " + manifest.run());
    }
    return Collections.min(runs).split(" ")[1];
  }
}
