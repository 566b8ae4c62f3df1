package dev.conntrail.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.record.Metric;
import dev.conntrail.report.block.Block;
import dev.conntrail.report.render.Drawings;
import dev.conntrail.report.render.HtmlRenderer;
import dev.conntrail.report.render.MarkdownRenderer;
import dev.conntrail.report.render.Page;
import dev.conntrail.result.FileTrees;
import dev.conntrail.result.Folders;
import dev.conntrail.result.PackedCells;
import dev.conntrail.result.RepetitionResults;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.RunResults;
import dev.conntrail.result.TestRows;
import dev.conntrail.result.TestRun;
import dev.conntrail.result.row.Cause;
import dev.conntrail.result.row.Difference;
import dev.conntrail.result.row.EffectRow;
import dev.conntrail.result.row.Lookup;
import dev.conntrail.result.row.Target;
import dev.conntrail.spec.EventKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Folders of results that are damaged in hundreds of ways: each is reported as far as it can be,
 * with what is missing said, or is refused in one line; both name the file.
 */
@Tag("computes")
class DamagedFoldersTest {
  private static final int WAYS = 700;

  /** Rows and lines that damage may make of one: a doubled row, flipped bytes that end lines. */
  private static final int MADE = 6;

  /** What the report has no need of, or a whole folder may be without. */
  private static final Set<String> NOT_READ =
      Set.of(
          "experiment.yaml",
          "errors.csv",
          "counters.csv",
          "echo.csv",
          "clocks.csv",
          "processes.csv");

  private static final Set<String> MAY_BE_ABSENT =
      Set.of(
          "kernel.csv",
          "literal.json",
          "lookups.json",
          "changes.csv",
          "effects.csv",
          "rules.txt",
          "environment-uml.json");

  private static final Map<Path, Long> RAW = new HashMap<>();

  @TempDir private static Path folder;
  private static Path present;
  private static Path old;

  @BeforeAll
  static void make() throws IOException {
    TestRun run =
        TestRun.of(
                folder.resolve("present"),
                """
                experiment: damaged
                question: What can be told?
                matrix:
                  - {connections: 60, pods: 2, rate: 100, repetitions: 2}
                  - {data-plane: ipvs, connections: 8, pods: 4, nodes: 2, clients: 2}
                  - {pods: 3, connections: 6, opening: spread, events: [{at: 1s, add-endpoints: 1}]}
                """)
            .kernel(
                List.of(
                    TestRows.kernel(Lookup.NFTABLES, 1, 1, Target.LAST, 700, 0),
                    TestRows.kernel(Lookup.NFTABLES, 100, 1, Target.LAST, 710, 2),
                    TestRows.kernel(Lookup.NFTABLES, 1000, 1, Target.LAST, 720, 1)))
            .jmh(List.of(TestRows.model(Lookup.IPVS_256, 1000, Target.ANY, 1, 40)));
    run.repetition(1).rules("-A KUBE-SVC-X").failed(1);
    run.repetition(1);
    run.repetition(2).disagreement(Difference.POD);
    run.repetition(3)
        .event(EventKind.ADD_ENDPOINTS, 1000, 4, "pod-4")
        .effect(
            Cause.of(EventKind.ADD_ENDPOINTS),
            new EffectRow.Fate(3, 3, 0, 0, 0),
            new EffectRow.Leaving(0, 0),
            new EffectRow.New(3, 1, 0),
            new EffectRow.Ports(0, 0));
    present = run.write().path();
    old = Path.of("src/test/resources/schema-1/last");
    assertThat(report(present, present)).isEmpty();
  }

  /** How much is read of raw files: rows and lines. */
  private static long raw(RunResults run) {
    return run.measured().stream()
        .flatMap(c -> c.repetitions().stream())
        .mapToLong(DamagedFoldersTest::raw)
        .sum();
  }

  /** The same of a folder that is whole, read once. */
  private static long whole(Path whole) throws IOException {
    if (!RAW.containsKey(whole)) {
      RAW.put(whole, raw(RunResults.read(new RunFolder(whole))));
    }
    return RAW.get(whole);
  }

  private static long raw(RepetitionResults r) {
    assertThat(r.latencies()).containsOnlyKeys(Metric.values());
    return r.intervals().size() + r.podsOverTime().size() + r.rules().lines().count();
  }

  /**
   * Makes a report, without pictures; what it says is missing.
   *
   * @param whole the folder before it was damaged, of which nothing can become more
   */
  private static List<String> report(Path damaged, Path whole) throws IOException {
    RunResults run = RunResults.read(new RunFolder(damaged));
    assertThat(raw(run)).isLessThanOrEqualTo(whole(whole) + MADE);
    Page page = Page.of(Analysis.of(run).withOther());
    Page plain =
        new Page(
            page.head(),
            page.lead(),
            List.of(),
            page.sections().stream()
                .map(s -> new Page.Part(s.id(), s.title(), s.open(), withoutFigures(s.blocks())))
                .toList());
    Path out = Files.createDirectories(folder.resolve("out"));
    Drawings none = new Drawings(Map.of(), Map.of());
    HtmlRenderer.write(plain, none, out.resolve("report.html"));
    MarkdownRenderer.write(plain, none, out);
    String html = Files.readString(out.resolve("report.html"));
    String text =
        html.substring(html.indexOf("<body>"), html.lastIndexOf("</main>"))
            + Files.readString(out.resolve("report.md"));
    assertThat(text).doesNotContain("NaN", "null", "Optional");
    return page.lacks();
  }

  private static List<Block> withoutFigures(List<Block> blocks) {
    return blocks.stream()
        .flatMap(b ->
            switch (b) {
              case Block.Figure _ -> Stream.<Block>empty();
              case Block.Multiples _ -> Stream.<Block>empty();
              case Block.Folded f ->
                  Stream.of(new Block.Folded(f.id(), f.summary(), withoutFigures(f.blocks())));
              case Block.Table t ->
                  Stream.of(
                      new Block.Table(
                          t.id(),
                          t.caption(),
                          t.columns(),
                          t.rows().stream().map(DamagedFoldersTest::withoutFigures).toList(),
                          t.sortable()));
              default -> Stream.of(b);
            })
        .toList();
  }

  private static Block.Row withoutFigures(Block.Row row) {
    return new Block.Row(
        row.fields(),
        row.detail().map(d -> new Block.Detail(d.id(), d.title(), withoutFigures(d.blocks()))));
  }

  /** What came of it: nothing, where all is well. */
  private Optional<String> fault(
      Path damaged, Path whole, Damage damage, Path file, boolean strict) {
    String name = file.getFileName().toString();
    List<String> told;
    try {
      told = report(damaged, whole);
    } catch (IOException e) {
      told = List.of(e.getMessage());
      if (!e.getMessage().contains(damaged.toString()) || e.getMessage().lines().count() != 1) {
        return Optional.of("refused without a place, or in many lines: " + e.getMessage());
      }
    } catch (RuntimeException | AssertionError | StackOverflowError e) {
      return Optional.of(e + " at " + List.of(e.getStackTrace()).subList(0, 4));
    }
    boolean named = told.stream().anyMatch(l -> l.contains(name));
    return switch (damage.seen()) {
      case ALWAYS -> strict && !named ? Optional.of("not told: " + told) : Optional.empty();
      case HARMLESS -> named ? Optional.of("told of nothing: " + told) : Optional.empty();
      case MAYBE ->
          told.stream().anyMatch(l -> l.lines().count() != 1)
              ? Optional.of("many lines: " + told)
              : Optional.empty();
    };
  }

  @Test
  @Timeout(600)
  void eachIsReportedOrRefusedByName() throws IOException {
    Random random = new Random(635);
    List<String> faults = new ArrayList<>();
    for (int way = 0; way < WAYS; way++) {
      boolean now = way % 3 > 0;
      Damage damage = List.of(Damage.values()).get(way % Damage.values().length);
      Path copy = Folders.copy(now ? present : old, folder.resolve("way-" + way));
      List<Path> files =
          Folders.all(copy).stream().filter(f -> Files.isRegularFile(f) && damage.fits(f)).toList();
      Path file = files.get(random.nextInt(files.size()));
      damage.apply(file, random);
      String name = file.getFileName().toString();
      boolean strict =
          !NOT_READ.contains(name)
              && !(damage == Damage.REMOVED && MAY_BE_ABSENT.contains(name))
              && (now || !damage.name().startsWith("A_COLUMN"))
              && !(name.equals("rules.txt") && damage == Damage.EMPTIED)
              && !file.toString().contains("jmh");
      int nth = way;
      fault(copy, now ? present : old, damage, file, strict)
          .ifPresent(f -> faults.add(nth + " " + damage + " " + copy.relativize(file) + ": " + f));
      FileTrees.delete(copy);
    }
    assertThat(faults).isEmpty();
  }

  @Test
  void aFolderThatIsGoneIsNamed() throws IOException {
    Path copy = Folders.copy(present, folder.resolve("without"));
    FileTrees.delete(copy.resolve("cells"));
    assertThat(report(copy, present))
        .anyMatch(l -> l.contains("latency.hlog: no such file; its times are left out"))
        .anyMatch(l -> l.equals("1 more of latency.hlog"));
  }

  /** The same is said of a folder whose raw files are packed, of old ones too. */
  @Test
  void damageIsToldOfPackedFilesAlike() throws IOException {
    for (Path whole : List.of(present, old)) {
      Path copy = Folders.copy(whole, folder.resolve("packed"));
      List<Path> raw =
          Folders.all(copy.resolve("cells")).stream().filter(Files::isRegularFile).toList();
      for (Path file : raw) {
        String name = file.getFileName().toString();
        if (name.equals("latency.hlog")) {
          Files.writeString(file, "none");
        } else if (name.endsWith(".csv")) {
          Files.writeString(file, Files.readString(file) + "x\n");
        }
      }
      List<String> told = report(copy, whole);
      assertThat(told).anyMatch(l -> l.matches("cells/.*/rep-01/latency.hlog: found no .*"));
      PackedCells.pack(new RunFolder(copy));
      assertThat(report(copy, whole))
          .isEqualTo(told.stream().map(l -> l.replace("cells/", "cells.zip!/")).toList());
      Files.writeString(copy.resolve("cells.zip"), "no archive");
      assertThat(report(copy, whole))
          .anyMatch(l -> l.startsWith("cells.zip: found a damaged archive; allowed: "));
      FileTrees.delete(copy);
    }
  }
}
