package dev.conntrail.site;

import dev.conntrail.report.block.PageLink;
import dev.conntrail.report.render.Assets;
import dev.conntrail.report.render.Drawer;
import dev.conntrail.report.render.HtmlRenderer;
import dev.conntrail.report.render.Page;
import dev.conntrail.report.render.Shared;
import dev.conntrail.result.FileTrees;
import dev.conntrail.result.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Everything of a site that is made anew whenever runs come to it. */
final class SitePages {
  /** The folder of trends. */
  static final String TRENDS = "trends";

  private static final String INDEX = "index.html";
  private static final List<String> PICTURES =
      List.of(Pictures.BADGE, Pictures.CARD, Pictures.CARD_SVG);

  private final Path folder;
  private final SiteFile file;
  private final Assets assets;
  private final List<PublishedRun> runs;
  private final Optional<Path> aa;

  /**
   * Those of a site.
   *
   * @param runs the newest first
   * @param aa identical runs, as {@code aa} stores them
   */
  SitePages(Path folder, SiteFile file, Assets assets, List<PublishedRun> runs, Optional<Path> aa) {
    this.folder = folder;
    this.file = file;
    this.assets = assets;
    this.runs = runs;
    this.aa = aa;
  }

  /** {@code runs.json}: what a site has, for programs. */
  private record RunList(List<Listed> runs) {}

  /**
   * A run.
   *
   * @param archive its whole result folder, from the site's top
   */
  private record Listed(
      String id,
      String page,
      String archive,
      String experiment,
      List<String> testbeds,
      String machine,
      String status,
      String startedUtc,
      String verdict,
      String headline) {
    static Listed of(PublishedRun r) {
      return new Listed(
          r.id(),
          r.page(),
          r.file(Downloads.ARCHIVE),
          r.experiment(),
          r.testbeds().stream().map(t -> t.word()).toList(),
          r.platform().machine(),
          r.status().word(),
          r.startedUtc(),
          r.verdict().word(),
          r.headline());
    }
  }

  /** Writes it. */
  void write(Drawer drawer) throws IOException {
    List<Trends> trends = Trends.of(runs, file.cells());
    if (Files.isDirectory(folder.resolve(TRENDS))) {
      FileTrees.delete(folder.resolve(TRENDS));
    }
    for (Trends each : trends) {
      page(drawer, TrendsPage.of(each), each.page(), "../");
    }
    List<Neighbours.Pair> neighbours =
        new Neighbours(folder, aa).write(trends, (made, name) -> page(drawer, made, name, "../"));
    page(drawer, IndexPage.of(runs, trends, neighbours), INDEX, "");
    Feed.write(runs, file, folder.resolve(Feed.FILE));
    Json.write(folder.resolve("runs.json"), new RunList(runs.stream().map(Listed::of).toList()));
    if (!runs.isEmpty()) {
      for (String picture : PICTURES) {
        Files.copy(
            folder.resolve(runs.getFirst().file(picture)),
            folder.resolve(picture),
            StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private void page(Drawer drawer, Page sheet, String name, String top) throws IOException {
    List<PageLink> links = new ArrayList<>();
    if (!name.equals(INDEX)) {
      links.add(new PageLink(top + INDEX, "All runs"));
    }
    links.add(new PageLink(top + Feed.FILE, "Feed (Atom)"));
    drawer.clear();
    sheet.sections().forEach(drawer::begin);
    Path page = folder.resolve(name);
    Files.createDirectories(page.getParent());
    HtmlRenderer.write(
        sheet,
        drawer.drawings(),
        page,
        new Shared(
            top,
            assets,
            links,
            file.url().isEmpty() ? top + Pictures.CARD : file.url() + Pictures.CARD));
  }
}
