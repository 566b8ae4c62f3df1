package dev.conntrail.report.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Block;
import dev.conntrail.report.block.Column;
import dev.conntrail.report.block.Field;
import dev.conntrail.report.chart.ChartTemplate;
import dev.conntrail.result.TestRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MarkdownRendererTest {
  @TempDir private Path folder;
  private Path report;
  private String markdown;

  @BeforeEach
  void write() throws IOException {
    TestRun run =
        TestRun.ofCells(
            folder.resolve("run"),
            "data-plane: [iptables, nftables], connections: 10, pods: 3, rate: 100",
            "protocol: short-lived, connections: 10, pods: 3, rate: 100");
    Page any = Page.of(Analysis.of(run.fill().read()));
    List<Page.Part> parts = new ArrayList<>(any.sections());
    parts.add(
        new Page.Part(
            "own",
            "Own",
            true,
            List.of(
                Block.Table.of(
                    "t",
                    "A | B",
                    List.of(Column.words("a"), Column.figures("b")),
                    List.of(List.of(Field.of("x | <y>"), Field.of("1", 1)))),
                new Block.Terms(List.of("send lag")),
                new Block.Folded(
                    "f",
                    "Rules of it",
                    List.of(new Block.Prose("`rules.txt`"), new Block.Preformatted("-A RAW"))),
                new Block.Figure(
                    ChartTemplate.of("cell")
                        .data(List.of("pod", "connections"), List.of(List.of("1", 2)))
                        .chart("drawn", "Title", "What.", 600, 200, List.of())))));
    Page page = new Page(any.head(), any.lead(), any.lacks(), parts);
    report = Files.createDirectory(folder.resolve("report"));
    Files.writeString(report.resolve("old.svg"), "<svg/>");
    MarkdownRenderer.write(page, Drawer.draw(page), report);
    markdown = Files.readString(report.resolve("report.md"));
  }

  @Test
  void everyTableHasAsManyFieldsInEachRow() {
    List<List<String>> tables = new ArrayList<>();
    String before = "";
    for (String line : markdown.lines().toList()) {
      if (line.startsWith("|")) {
        if (!before.startsWith("|")) {
          assertThat(before).as("a line that is blank before a table").isEmpty();
          tables.add(new ArrayList<>());
        }
        tables.getLast().add(line);
      }
      before = line;
    }
    assertThat(tables).hasSizeGreaterThan(5);
    for (List<String> table : tables) {
      assertThat(table.get(1)).matches("\\|( -{3}:? \\|)+");
      assertThat(table.stream().map(MarkdownRendererTest::fields).distinct()).hasSize(1);
    }
    assertThat(markdown).contains("| x \\| &lt;y> | 1 |", "A \\| B:");
  }

  private static int fields(String line) {
    return line.replace("\\|", "").split("\\|", -1).length;
  }

  @Test
  void headingsStandAloneAndInOrder() {
    List<String> lines = markdown.lines().toList();
    assertThat(lines.getFirst()).startsWith("# ");
    for (int i = 1; i < lines.size(); i++) {
      if (lines.get(i).matches("#+ .*")) {
        assertThat(lines.get(i)).matches("#{2,4} \\S.*");
        assertThat(lines.get(i - 1)).isEmpty();
        assertThat(lines.get(i + 1)).isEmpty();
      }
    }
    assertThat(lines).contains("## Every cell", "## Own", "### Rules of it");
  }

  @Test
  void whatIsLongIsLeftToThePage() {
    assertThat(markdown)
        .contains("`rules.txt`", "- send lag: ")
        .doesNotContain("-A RAW", "Every repetition");
  }

  /** On their own, light or dark. */
  @Test
  void picturesLieBesideItWithTheirColours() throws IOException {
    List<String> pictures =
        markdown
            .lines()
            .filter(l -> l.startsWith("!["))
            .map(l -> l.substring(l.lastIndexOf('(') + 1, l.length() - 1))
            .toList();
    assertThat(pictures).contains("glance.svg", "drawn.svg").doesNotHaveDuplicates();
    for (String picture : pictures) {
      assertThat(report.resolve(picture))
          .content()
          .startsWith("<svg")
          .contains("prefers-color-scheme: dark", "--paper", "<rect width=\"100%\"");
    }
    assertThat(report.resolve("old.svg")).doesNotExist();
    try (Stream<Path> files = Files.list(report)) {
      assertThat(files.filter(f -> f.toString().endsWith(".svg"))).hasSameSizeAs(pictures);
    }
  }
}
