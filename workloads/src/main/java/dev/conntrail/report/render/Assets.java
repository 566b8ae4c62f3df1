package dev.conntrail.report.render;

import dev.conntrail.report.chart.SvgRenderer;
import dev.conntrail.spec.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Style and scripts of pages as files of their own. Their names hold the digest of what is in them:
 * pages that were written earlier keep theirs.
 *
 * @param style the style sheet
 * @param script what pages do
 * @param library ECharts
 */
public record Assets(String style, String script, String library) {
  /** The folder that they lie in, from the site's top. */
  public static final String FOLDER = "assets";

  private static final int DIGITS = 8;

  /** Writes those that are not there. */
  public static Assets write(Path site) throws IOException {
    Path folder = Files.createDirectories(site.resolve(FOLDER));
    return new Assets(
        write(folder, "page", ".css", HtmlRenderer.style()),
        write(folder, "page", ".js", HtmlRenderer.script()),
        write(folder, "echarts-" + SvgRenderer.version(), ".js", SvgRenderer.library()));
  }

  private static String write(Path folder, String name, String end, String text)
      throws IOException {
    Path file = folder.resolve(name + "-" + Sha256.of(text).substring(0, DIGITS) + end);
    if (!Files.exists(file)) {
      Files.writeString(file, text);
    }
    return FOLDER + "/" + file.getFileName();
  }
}
