package dev.conntrail.report.render;

import dev.conntrail.result.FileTrees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Draws a page as Markdown, with its charts as SVG files beside it. What opens below a row, and
 * text as it is, are in the HTML page alone.
 */
public final class MarkdownRenderer {
  private MarkdownRenderer() {}

  /** Writes {@code report.md} and the SVGs; those of an earlier report are removed. */
  public static void write(Page page, Drawings drawings, Path folder) throws IOException {
    for (Path file : FileTrees.list(folder)) {
      if (file.toString().endsWith(".svg")) {
        Files.delete(file);
      }
    }
    Files.writeString(folder.resolve("report.md"), text(page));
    String colours = Templates.resource("colours.css");
    for (Drawings.Drawing drawing : drawings.shown().values()) {
      Files.writeString(
          folder.resolve(drawing.chart().id() + ".svg"), standalone(drawing.svg(), colours));
    }
  }

  /** The text alone. */
  public static String text(Page page) throws IOException {
    Map<String, Object> model = Templates.model();
    model.put("page", page);
    return Templates.fill("report.md.ftl", model);
  }

  /** A drawing that has its colours with it, light or dark as its reader has it. */
  private static String standalone(String svg, String colours) {
    int end = svg.indexOf('>') + 1;
    return svg.substring(0, end)
        + "<style>"
        + colours.replaceAll("\\s+", " ")
        + "</style><rect width=\"100%\" height=\"100%\" fill=\"var(--paper,#fff)\"/>"
        + svg.substring(end)
        + "\n";
  }
}
