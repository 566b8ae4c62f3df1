package dev.conntrail.site;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.analysis.DerivedTables;
import dev.conntrail.report.block.PageLink;
import dev.conntrail.report.finding.Answer;
import dev.conntrail.report.render.Assets;
import dev.conntrail.report.render.Drawer;
import dev.conntrail.report.render.HtmlRenderer;
import dev.conntrail.report.render.Page;
import dev.conntrail.report.render.Shared;
import dev.conntrail.result.FileTrees;
import dev.conntrail.result.Json;
import dev.conntrail.result.Manifest;
import dev.conntrail.result.RunArchive;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.RunResults;
import dev.conntrail.result.Table;
import dev.conntrail.result.Tables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Writes what a site has of a run: its page, pictures and files. It is there whole, or not. */
final class RunPages {
  /** The way from a run's page to the site's top. */
  private static final String TOP = "../../";

  private final Path runs;
  private final Assets assets;
  private final String url;
  private final Drawer drawer;
  private final Pictures pictures = new Pictures();

  /**
   * Those of a site.
   *
   * @param url where it is; empty if that is not known
   */
  RunPages(Path runs, Assets assets, String url, Drawer drawer) {
    this.runs = runs;
    this.assets = assets;
    this.url = url;
    this.drawer = drawer;
  }

  /**
   * Writes those of a run, in place of what is there.
   *
   * @throws IOException if it is no result folder
   */
  PublishedRun write(RunFolder folder, Instant now) throws IOException {
    drawer.clear();
    Analysis run = Analysis.of(RunResults.read(folder));
    Answer answer = Answer.of(run);
    Page page = Page.of(run, answer, drawer::begin);
    PublishedRun published = PublishedRun.of(run, answer, page.lacks(), now);
    Path partial = runs.resolve("." + published.id() + RunFolder.PARTIAL);
    if (Files.exists(partial)) {
      // of one that was killed
      FileTrees.delete(partial);
    }
    try {
      fill(Files.createDirectories(partial), run, page, published);
      Path whole = runs.resolve(published.id());
      if (Files.exists(whole)) {
        FileTrees.delete(whole);
      }
      Files.move(partial, whole, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      if (Files.exists(partial)) {
        FileTrees.delete(partial);
      }
    }
    return published;
  }

  private void fill(Path partial, Analysis run, Page page, PublishedRun published)
      throws IOException {
    copy(run, partial);
    // written outside of what it takes
    Path zip = runs.resolve("." + published.id() + ".zip");
    try {
      RunArchive.write(run.results().folder(), partial, published.id(), zip);
      Files.move(zip, partial.resolve(Downloads.ARCHIVE));
    } finally {
      Files.deleteIfExists(zip);
    }
    HtmlRenderer.write(
        withDownloads(page, partial),
        drawer.drawings(),
        partial.resolve("index.html"),
        shared(published));
    pictures.write(published, partial);
    Json.write(partial.resolve(PublishedRun.FILE), published);
  }

  /** Tables as they were measured, and what follows from them as the page has it. */
  private static void copy(Analysis run, Path to) throws IOException {
    RunFolder folder = run.results().folder();
    boolean anew = run.results().manifest().schema() == Manifest.SCHEMA;
    List<String> derived = Tables.DERIVED.stream().map(Table::file).toList();
    for (Path file : FileTrees.list(folder.path())) {
      String name = file.getFileName().toString();
      if (Downloads.offered(file) && !(anew && derived.contains(name))) {
        Files.copy(file, to.resolve(name));
      }
    }
    DerivedTables.write(run, new RunFolder(to));
  }

  private static Page withDownloads(Page page, Path folder) throws IOException {
    List<Page.Part> sections = new ArrayList<>(page.sections());
    sections.add(Downloads.section(folder));
    return new Page(page.head(), page.lead(), page.lacks(), sections);
  }

  private Shared shared(PublishedRun run) {
    String card = url.isEmpty() ? Pictures.CARD : url + Site.RUNS + "/" + run.id() + "/card.png";
    return new Shared(
        TOP,
        assets,
        List.of(
            new PageLink(TOP + "index.html", "All runs"),
            new PageLink(Downloads.ARCHIVE, "This run's folder (ZIP)")),
        card);
  }
}
