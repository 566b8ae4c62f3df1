package dev.conntrail.site;

import dev.conntrail.report.render.Assets;
import dev.conntrail.report.render.Drawer;
import dev.conntrail.result.FileTrees;
import dev.conntrail.result.Json;
import dev.conntrail.result.Manifest;
import dev.conntrail.result.RunArchive;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.RunResults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A static site of runs. What was published of a run stays as it is; to publish again adds runs,
 * and makes index, trends, feed and pictures of the site anew. All links are relative: it opens
 * from a file, and from any web space under any path.
 */
public final class Site {
  /** The folder of runs. */
  static final String RUNS = "runs";

  private final Path folder;
  private final InstantSource clock;

  /** One in a folder, which need not be there yet. */
  public Site(Path folder, InstantSource clock) {
    this.folder = folder;
    this.clock = clock;
  }

  /**
   * What came of it.
   *
   * @param added runs that are new, or were replaced
   * @param kept runs that were there already, unaltered
   * @param refused why folders were not published, a line each
   * @param lacking what published folders do not tell, a line each
   * @param runs how many the site has
   */
  public record Outcome(
      List<String> added,
      List<String> kept,
      List<String> refused,
      List<String> lacking,
      int runs) {}

  /**
   * Publishes runs.
   *
   * @param folders result folders
   * @throws IOException if the site cannot be written
   * @throws IllegalArgumentException if a run that is to be replaced is none of these
   */
  public Outcome publish(List<RunFolder> folders, SiteOptions options) throws IOException {
    Path runs = Files.createDirectories(folder.resolve(RUNS));
    SiteFile file = SiteFile.of(folder).with(options);
    file.write(folder);
    Assets assets = Assets.write(folder);
    Outcome outcome =
        new Outcome(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), 0);
    List<PublishedRun> published;
    try (Drawer drawer = new Drawer()) {
      RunPages pages = new RunPages(runs, assets, file.url(), drawer);
      for (RunFolder each : folders) {
        try {
          publish(each, options, pages, outcome);
        } catch (IOException e) {
          outcome.refused().add(each.path() + ": not published: " + e.getMessage());
        }
      }
      published = published(outcome.refused());
      new SitePages(folder, file, assets, published, options.aa()).write(drawer);
    }
    unknown(options, file, published, outcome);
    return new Outcome(
        outcome.added(), outcome.kept(), outcome.refused(), outcome.lacking(), published.size());
  }

  /** What was asked for by a name that nothing has. */
  private static void unknown(
      SiteOptions options, SiteFile file, List<PublishedRun> published, Outcome outcome) {
    options.replace().stream()
        .filter(r -> outcome.added().stream().noneMatch(id -> id.equals(r) || id.endsWith("-" + r)))
        .forEach(r ->
            outcome
                .refused()
                .add("--replace: found '" + r + "', which is none of the runs that were given"));
    Trends.unknown(published, file.cells())
        .ifPresent(
            c -> outcome.refused().add("--cell: found '" + c + "', which is no cell of any run"));
  }

  private void publish(RunFolder each, SiteOptions options, RunPages pages, Outcome outcome)
      throws IOException {
    Manifest manifest = RunResults.manifest(each);
    String id = PublishedRun.id(manifest);
    Path there = folder.resolve(RUNS).resolve(id);
    boolean replace = options.replace().contains(id) || options.replace().contains(manifest.run());
    if (Files.exists(there) && !replace) {
      Optional<String> altered = altered(each, there);
      if (altered.isEmpty()) {
        outcome.kept().add(id);
      } else {
        outcome
            .refused()
            .add(
                each.path()
                    + ": not published: it differs from what was published of this run ("
                    + altered.get()
                    + "), which stays; mend: --replace "
                    + id);
      }
      return;
    }
    PublishedRun run = pages.write(each, clock.instant());
    outcome.added().add(id);
    if (!run.lacks().isEmpty()) {
      outcome
          .lacking()
          .add(
              each.path()
                  + ": published; "
                  + run.lacks().size()
                  + (run.lacks().size() == 1 ? " thing" : " things")
                  + " that it does not tell, listed on its page; the first: "
                  + run.lacks().getFirst());
    }
  }

  /** What differs from what was published; empty if nothing does. */
  private static Optional<String> altered(RunFolder each, Path there) throws IOException {
    Map<String, String> before =
        Json.read(there.resolve(PublishedRun.FILE), PublishedRun.class).digests();
    Map<String, String> now = RunArchive.digests(each);
    TreeSet<String> names = new TreeSet<>(before.keySet());
    names.addAll(now.keySet());
    String differ =
        names.stream()
            .filter(n -> !Objects.equals(before.get(n), now.get(n)))
            .map(n ->
                !now.containsKey(n) ? n + " is gone" : before.containsKey(n) ? n : n + " is new")
            .collect(Collectors.joining(", "));
    return Optional.of(differ).filter(text -> !text.isEmpty());
  }

  /** All runs that are there, the newest first. */
  private List<PublishedRun> published(List<String> problems) throws IOException {
    List<PublishedRun> all = new ArrayList<>();
    for (Path run : FileTrees.list(folder.resolve(RUNS))) {
      if (!run.getFileName().toString().startsWith(".")) {
        try {
          all.add(Json.read(run.resolve(PublishedRun.FILE), PublishedRun.class));
        } catch (IOException e) {
          problems.add(e.getMessage() + "; the run is left out of index, trends and feed");
        }
      }
    }
    all.sort(
        Comparator.comparing(PublishedRun::started).thenComparing(PublishedRun::id).reversed());
    return all;
  }
}
