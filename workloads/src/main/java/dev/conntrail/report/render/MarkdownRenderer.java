package dev.conntrail.report.render;

import dev.conntrail.report.block.Block;
import dev.conntrail.report.block.Chart;
import dev.conntrail.report.chart.SvgRenderer;
import dev.conntrail.result.FileTrees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Draws a page as Markdown, with its charts as SVG files beside it. What opens below a row is in
 * the HTML page alone.
 */
public final class MarkdownRenderer {
  private MarkdownRenderer() {}

  /** Writes {@code report.md} and the SVGs; those of an earlier report are removed. */
  public static void write(Page page, Path folder) throws IOException {
    for (Path file : FileTrees.list(folder)) {
      if (file.toString().endsWith(".svg")) {
        Files.delete(file);
      }
    }
    Map<String, Object> model = new HashMap<>();
    model.put("manifest", page.manifest());
    model.put("answer", page.answer());
    model.put("lead", page.lead());
    model.put("lacks", page.lacks());
    model.put("sections", page.sections());
    Files.writeString(folder.resolve("report.md"), Templates.fill("report.md.ftl", model));
    try (SvgRenderer renderer = new SvgRenderer()) {
      List<Chart> charts = page.sections().stream().flatMap(s -> charts(s.blocks())).toList();
      for (Chart chart : charts) {
        Files.writeString(folder.resolve(chart.id() + ".svg"), renderer.svg(chart));
      }
    }
  }

  private static Stream<Chart> charts(List<Block> blocks) {
    return blocks.stream()
        .flatMap(b ->
            switch (b) {
              case Block.Figure f -> Stream.of(f.chart());
              case Block.Folded f -> charts(f.blocks());
              default -> Stream.empty();
            });
  }
}
