package dev.conntrail.site;

import dev.conntrail.compare.AaStore;
import dev.conntrail.compare.Comparison;
import dev.conntrail.report.block.Tone;
import dev.conntrail.report.comparison.ComparisonHeading;
import dev.conntrail.report.comparison.ComparisonPage;
import dev.conntrail.report.render.Page;
import dev.conntrail.result.Json;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.RunResults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Comparisons of each run with the one before it, of the same experiment, testbed and machine. A
 * page that is there is kept, unless one of its runs was published anew, or identical runs are
 * named that were not there before.
 */
final class Neighbours {
  /** The folder of their pages. */
  static final String FOLDER = "comparisons";

  private final Path site;
  private final Optional<Path> aa;

  /**
   * Those of a site.
   *
   * @param aa identical runs, as {@code aa} stores them
   */
  Neighbours(Path site, Optional<Path> aa) {
    this.site = site;
    this.aa = aa;
  }

  /** Writes a page of the site. */
  @FunctionalInterface
  interface Writer {
    void write(Page page, String name) throws IOException;
  }

  /**
   * {@code comparisons/OLD..NEW.json}: two runs that follow each other.
   *
   * @param older id of the one
   * @param newer id of the other
   * @param publishedUtc when both came to the site
   * @param aaRuns identical runs that were there to widen intervals by
   * @param tone of the heading
   * @param brief the comparison's heading in a word or two
   */
  record Pair(
      String older, String newer, List<String> publishedUtc, int aaRuns, Tone tone, String brief) {
    /** Where its page is, from the site's top. */
    String page() {
      return FOLDER + "/" + older + ".." + newer + ".html";
    }
  }

  /** Compares all, and writes the pages that are not there yet. */
  List<Pair> write(List<Trends> trends, Writer writer) throws IOException {
    List<Pair> pairs = new ArrayList<>();
    for (Trends each : trends) {
      List<PublishedRun> runs = each.runs();
      for (int i = 1; i < runs.size(); i++) {
        pairs.add(pair(runs.get(i - 1), runs.get(i), writer));
      }
    }
    return pairs;
  }

  private Pair pair(PublishedRun older, PublishedRun newer, Writer writer) throws IOException {
    List<String> published = List.of(older.publishedUtc(), newer.publishedUtc());
    Path file = site.resolve(FOLDER).resolve(older.id() + ".." + newer.id() + ".json");
    if (Files.isRegularFile(file)) {
      Pair before = Json.read(file, Pair.class);
      if (before.publishedUtc().equals(published) && (before.aaRuns() > 0 || aa.isEmpty())) {
        return before;
      }
    }
    RunResults b = run(newer);
    AaStore store = aa.isPresent() ? AaStore.read(aa.get(), b) : AaStore.empty();
    Comparison comparison = Comparison.of(run(older), b, store, Comparison.MARGIN);
    ComparisonHeading heading = ComparisonHeading.of(comparison);
    Pair pair =
        new Pair(
            older.id(),
            newer.id(),
            published,
            store.size(),
            heading.tone(),
            ComparisonHeading.brief(comparison));
    writer.write(ComparisonPage.of(comparison), pair.page());
    Json.write(file, pair);
    return pair;
  }

  private RunResults run(PublishedRun run) throws IOException {
    return RunResults.read(new RunFolder(site.resolve(Site.RUNS).resolve(run.id())));
  }
}
