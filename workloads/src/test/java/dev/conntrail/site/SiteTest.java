package dev.conntrail.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.conntrail.result.FileTrees;
import dev.conntrail.result.Folders;
import dev.conntrail.result.Json;
import dev.conntrail.result.PackedCells;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.RunResults;
import dev.conntrail.result.Tables;
import dev.conntrail.result.row.Mark;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a site keeps, adds and refuses. */
@Tag("computes")
class SiteTest {
  private static final SiteOptions PLAIN =
      new SiteOptions(Optional.empty(), List.of(), Set.of(), Optional.empty());

  @TempDir private Path folder;
  private Path site;
  private PastRuns past;

  @BeforeEach
  void folders() {
    site = folder.resolve("site");
    past = new PastRuns(folder.resolve("results"));
  }

  private Site.Outcome publish(SiteOptions options, RunFolder... runs) throws IOException {
    return new Site(site, InstantSource.fixed(Instant.parse("2026-02-01T10:00:00Z")))
        .publish(List.of(runs), options);
  }

  private static SiteOptions replacing(String run) {
    return new SiteOptions(Optional.empty(), List.of(), Set.of(run), Optional.empty());
  }

  /** The bytes of all files, by name. */
  private static Map<String, String> bytes(Path root) throws IOException {
    Map<String, String> all = new TreeMap<>();
    for (Path file : Folders.all(root)) {
      if (Files.isRegularFile(file)) {
        all.put(
            root.relativize(file).toString(),
            Arrays.hashCode(Files.readAllBytes(file)) + " " + Files.size(file));
      }
    }
    return all;
  }

  private Path run(int day) {
    return site.resolve("runs").resolve(PastRuns.id(day));
  }

  private String page(String name) throws IOException {
    return Files.readString(site.resolve(name));
  }

  @Test
  void toPublishAgainOnlyAdds() throws IOException {
    RunFolder first = past.run(1, 1);
    assertThat(publish(PLAIN, first).added()).containsExactly(PastRuns.id(1));
    Map<String, String> before = bytes(run(1));
    Files.writeString(first.path().resolve("verdicts.csv"), "a report is made anew\n");
    Files.createDirectories(first.report());
    Site.Outcome second = publish(PLAIN, first, past.run(2, 1));
    assertThat(second.added()).containsExactly(PastRuns.id(2));
    assertThat(second.kept()).containsExactly(PastRuns.id(1));
    assertThat(second.refused()).isEmpty();
    assertThat(second.runs()).isEqualTo(2);
    assertThat(bytes(run(1))).isEqualTo(before);
    assertThat(page("index.html")).contains(PastRuns.id(1), PastRuns.id(2), "newest of 2 runs");
    assertThat(page("feed.xml")).contains(PastRuns.id(1), PastRuns.id(2));
    assertThat(page("runs.json")).contains(PastRuns.id(1), "/results.zip");
    assertThat(FileTrees.list(site.resolve("assets"))).hasSize(3);
  }

  /** Each has style and scripts from the site, so it is smaller than they are. */
  @Test
  void scriptsAreThereOnce() throws IOException {
    publish(PLAIN, past.run(1, 1));
    assertThat(Files.readString(run(1).resolve("index.html")))
        .contains("src=\"../../assets/page-", "data-file=\"../../assets/echarts-")
        .doesNotContain("<style>")
        .hasSizeLessThan(300_000);
  }

  @Test
  void anAlteredFolderIsRefusedUnlessItIsToReplace() throws IOException {
    RunFolder run = past.run(1, 1);
    publish(PLAIN, run);
    Map<String, String> before = bytes(run(1));
    Files.writeString(run.of(Tables.KERNEL), "run\n");
    Files.delete(run.of(Tables.CLOCKS));
    Site.Outcome altered = publish(PLAIN, run);
    assertThat(altered.refused())
        .containsExactly(
            run.path()
                + ": not published: it differs from what was published of this run (clocks.csv is"
                + " gone, kernel.csv is new), which stays; mend: --replace "
                + PastRuns.id(1));
    assertThat(bytes(run(1))).isEqualTo(before);
    assertThat(publish(replacing(PastRuns.name(1)), run).added()).containsExactly(PastRuns.id(1));
    assertThat(run(1).resolve("clocks.csv")).doesNotExist();
    assertThat(publish(PLAIN, run).kept()).containsExactly(PastRuns.id(1));
    assertThat(publish(replacing("ct123456"), run).refused())
        .containsExactly("--replace: found 'ct123456', which is none of the runs that were given");
  }

  @Test
  void packedRawFilesAreTheSame() throws IOException {
    RunFolder run = past.run(1, 1);
    publish(PLAIN, run);
    PackedCells.pack(run);
    assertThat(publish(PLAIN, run).kept()).containsExactly(PastRuns.id(1));
  }

  /** The ZIP is the folder: what follows from it can be made again. */
  @Test
  void theArchiveIsAResultFolder() throws IOException {
    RunFolder run = past.run(1, 1);
    publish(PLAIN, run);
    Path unpacked = folder.resolve("unpacked");
    try (InputStream in = Files.newInputStream(run(1).resolve("results.zip"));
        ZipInputStream zip = new ZipInputStream(in)) {
      for (ZipEntry e = zip.getNextEntry(); e != null; e = zip.getNextEntry()) {
        Path file = unpacked.resolve(e.getName());
        Files.createDirectories(file.getParent());
        Files.write(file, zip.readAllBytes());
      }
    }
    RunResults read = RunResults.read(new RunFolder(unpacked.resolve(PastRuns.id(1))));
    assertThat(read.cells().getFirst().latencies())
        .isEqualTo(RunResults.read(run).cells().getFirst().latencies());
    assertThat(read.lacks()).isEmpty();
    assertThat(Files.readString(run(1).resolve("verdicts.csv")))
        .isEqualTo(Files.readString(read.folder().of(Tables.VERDICTS)));
  }

  @Test
  void aDamagedFolderIsPublishedWithWhatItLacks() throws IOException {
    RunFolder damaged = past.run(1, 1);
    Files.writeString(damaged.of(Tables.LOG), "\"");
    RunFolder none = past.run(2, 1);
    Files.writeString(none.of(Tables.CELLS), "run\nx\n");
    RunFolder newer = past.run(3, 1);
    Files.writeString(newer.manifest(), "{\"schema\": 9}");
    Site.Outcome outcome = publish(PLAIN, damaged, none, newer);
    assertThat(outcome.added()).containsExactly(PastRuns.id(1));
    assertThat(outcome.lacking())
        .singleElement()
        .asString()
        .startsWith(damaged.path() + ": published; 1 thing that it does not tell")
        .contains("log.csv:1: found a value whose quotes do not close");
    assertThat(outcome.refused())
        .hasSize(2)
        .allMatch(line -> line.lines().count() == 1)
        .anySatisfy(l -> assertThat(l).contains("cells.csv:1: found no column 'cell_id'"))
        .anySatisfy(l -> assertThat(l).contains("schema 9 is newer"));
    assertThat(Files.readString(run(1).resolve("index.html")))
        .contains("What this folder does not tell", "log.csv:1: found a value");
    assertThat(FileTrees.list(site.resolve("runs"))).hasSize(1);
  }

  /** Half of a run is nowhere, not even under a name that hides it. */
  @Test
  void whatCannotBeCopiedLeavesNothing() throws Exception {
    RunFolder run = past.run(1, 1);
    Files.createSymbolicLink(run.path().resolve("link.csv"), folder.resolve("nowhere"));
    assertThat(publish(PLAIN, run).refused())
        .singleElement()
        .asString()
        .contains("link.csv: found no plain file");
    assertThat(FileTrees.list(site.resolve("runs"))).isEmpty();
  }

  /** Of schema 1, as it lies in git's history: its tables stay as they are. */
  @Test
  void anOlderFolderIsPublishedWithWhatItLacks() throws IOException {
    Path old = Folders.copy(Path.of("src/test/resources/schema-1/last"), folder.resolve("old"));
    Site.Outcome outcome = publish(PLAIN, new RunFolder(old));
    assertThat(outcome.refused()).isEmpty();
    assertThat(outcome.lacking().getFirst()).contains("layout of an earlier version (schema 1)");
    Path published = site.resolve("runs").resolve(outcome.added().getFirst());
    assertThat(Files.readString(published.resolve("index.html")))
        .contains("layout of an earlier version");
    assertThat(published.resolve("cells.csv")).hasSameTextualContentAs(old.resolve("cells.csv"));
  }

  /** Whoever put something else there is told, and the rest of the site is made. */
  @Test
  void aRunWhoseFileIsDamagedIsLeftOutOfTheIndex() throws IOException {
    publish(PLAIN, past.run(1, 1), past.run(2, 1));
    Files.writeString(run(1).resolve("run.json"), "{");
    Site.Outcome outcome = publish(PLAIN);
    assertThat(outcome.refused()).singleElement().asString().contains("run.json:1: no Published");
    assertThat(page("index.html")).contains(PastRuns.id(2)).doesNotContain(PastRuns.id(1));
  }

  @Test
  void picturesSayTheHeading() throws Exception {
    publish(PLAIN, past.run(1, run -> run.repetition(1).marks(Mark.STEAL)));
    for (Path where : List.of(site, run(1))) {
      BufferedImage card = ImageIO.read(where.resolve("card.png").toFile());
      assertThat(List.of(card.getWidth(), card.getHeight())).containsExactly(1200, 630);
      assertThat(card.getRGB(1000, 40) & 0xFFFFFF).as("paper").isEqualTo(0xFFFFFF);
      assertThat(card.getRGB(5, 40) & 0xFFFFFF).as("the verdict's colour").isNotEqualTo(0xFFFFFF);
      String heading = Json.read(run(1).resolve("run.json"), PublishedRun.class).headline();
      assertThat(title(where.resolve("card.svg"))).isEqualTo("Conntrail: " + heading);
      assertThat(title(where.resolve("badge.svg"))).isEqualTo("conntrail: consistent with chance");
    }
  }

  private static String title(Path svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(svg.toFile())
        .getElementsByTagName("title")
        .item(0)
        .getTextContent();
  }

  /** Pictures for previews have to be named whole; nothing else is. */
  @Test
  void anAddressIsKeptForPreviewsAndFeed() throws IOException {
    publish(
        new SiteOptions(
            Optional.of("https://example.org/c"), List.of(), Set.of(), Optional.empty()),
        past.run(1, 1));
    publish(PLAIN, past.run(2, 1));
    for (int day : List.of(1, 2)) {
      assertThat(Files.readString(run(day).resolve("index.html")))
          .contains("content=\"https://example.org/c/runs/" + PastRuns.id(day) + "/card.png\"");
    }
    assertThat(page("index.html")).contains("content=\"https://example.org/c/card.png\"");
    assertThat(page("feed.xml")).contains("href=\"https://example.org/c/feed.xml\"");
    assertThatThrownBy(() ->
            new SiteOptions(Optional.of("example.org"), List.of(), Set.of(), Optional.empty()))
        .hasMessageContaining("--url: found 'example.org'");
  }

  @Test
  void theChoiceOfCellsIsKeptUntilItIsGivenBack() throws IOException {
    RunFolder first = past.run(1, 1);
    publish(
        new SiteOptions(Optional.empty(), List.of("short-lived"), Set.of(), Optional.empty()),
        first,
        past.run(2, 1));
    assertThat(followed()).isEqualTo(1);
    publish(PLAIN, first);
    assertThat(followed()).isEqualTo(1);
    assertThat(
            publish(
                    new SiteOptions(Optional.empty(), List.of("grpc"), Set.of(), Optional.empty()),
                    first)
                .refused())
        .containsExactly("--cell: found 'grpc', which is no cell of any run");
    publish(new SiteOptions(Optional.empty(), List.of("auto"), Set.of(), Optional.empty()), first);
    assertThat(followed()).isEqualTo(2);
  }

  /** Cells that the one page of trends follows. */
  private long followed() throws IOException {
    String trends = Files.readString(FileTrees.list(site.resolve("trends")).getFirst());
    return trends.lines().filter(l -> l.contains("<table id=\"values-")).count();
  }

  @Test
  void eachRunIsComparedWithTheOneBefore() throws IOException {
    publish(PLAIN, past.run(1, 1), past.run(2, 1));
    String name = "comparisons/" + PastRuns.id(1) + ".." + PastRuns.id(2) + ".html";
    assertThat(page("index.html")).contains("href=\"" + name + "\"");
    byte[] before = Files.readAllBytes(site.resolve(name));
    assertThat(page(name)).contains("id=\"forest\"", "Does run B differ from run A?");
    publish(PLAIN, past.run(3, 1));
    assertThat(Files.readAllBytes(site.resolve(name))).isEqualTo(before);
    assertThat(page("index.html")).contains(PastRuns.id(2) + ".." + PastRuns.id(3) + ".html");
  }

  @Test
  void aSiteWithoutRunsOpensToo() throws IOException {
    assertThat(publish(PLAIN).runs()).isZero();
    assertThat(page("index.html")).contains("No run is published yet.");
    FeedRules.check(site.resolve("feed.xml"));
  }

  @Test
  void theFeedKeepsTheRules() throws IOException {
    publish(PLAIN, past.run(1, 1), past.run(2, 1));
    FeedRules.check(site.resolve("feed.xml"));
    assertThat(FeedRules.read(site.resolve("feed.xml")).getEntries())
        .extracting(e -> e.getAlternateLinks().getFirst().getHref())
        .containsExactly(
            "runs/" + PastRuns.id(2) + "/index.html", "runs/" + PastRuns.id(1) + "/index.html");
    String before = page("feed.xml");
    publish(PLAIN, past.run(3, 1));
    String id = before.substring(before.indexOf("<id>"), before.indexOf("</id>"));
    assertThat(page("feed.xml")).contains(id);
  }
}
