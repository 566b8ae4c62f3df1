package dev.conntrail.report.comparison;

import dev.conntrail.compare.Comparison;
import dev.conntrail.compare.ComparisonRow;
import dev.conntrail.report.render.Drawer;
import dev.conntrail.report.render.Drawings;
import dev.conntrail.report.render.HtmlRenderer;
import dev.conntrail.report.render.MarkdownRenderer;
import dev.conntrail.report.render.Page;
import dev.conntrail.result.Csv;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes a comparison: {@code compare.html}, {@code compare.md} and {@code compare.csv}. */
public final class ComparisonReport {
  private ComparisonReport() {}

  /** Writes all three; the path of the page. */
  public static Path write(Comparison c, Path folder) throws IOException {
    Files.createDirectories(folder);
    Page page = ComparisonPage.of(c);
    Drawings drawings = Drawer.draw(page);
    Path html = folder.resolve("compare.html");
    HtmlRenderer.write(page, drawings, html);
    Files.writeString(folder.resolve("compare.md"), markdown(c));
    Csv.write(folder.resolve("compare.csv"), ComparisonRow.class, ComparisonRow.of(c));
    return html;
  }

  /** As Markdown, with tables in the place of pictures. */
  public static String markdown(Comparison c) throws IOException {
    return MarkdownRenderer.text(ComparisonPage.of(c));
  }
}
