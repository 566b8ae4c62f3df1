package dev.conntrail.report.render;

import dev.conntrail.report.block.Chart;
import dev.conntrail.report.chart.ChartTemplate;
import dev.conntrail.report.chart.PodBars;
import dev.conntrail.report.chart.SvgRenderer;
import dev.conntrail.result.Json;
import freemarker.ext.beans.GenericObjectModel;
import freemarker.template.DefaultListAdapter;
import freemarker.template.TemplateMethodModelEx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Draws a page as one HTML file that asks no network for anything; or as one of a site, which takes
 * style and scripts from beside it.
 */
public final class HtmlRenderer {
  private static final List<String> SCRIPTS = List.of("charts", "tables", "folds", "tips");

  /** The library that draws: one for all pages, packed when the first wants it. */
  private static final class Library {
    private static final String PACKED = Packed.of(SvgRenderer.library());
  }

  private HtmlRenderer() {}

  /** Writes a report as one file. */
  public static void write(Page page, Drawings drawings, Path file) throws IOException {
    Map<String, Object> model = model(page, drawings);
    model.put("css", style());
    model.put("js", script());
    model.put("library", Library.PACKED);
    Files.writeString(file, Templates.fill("page.html.ftlh", model));
  }

  /** Writes a page of a site. */
  public static void write(Page page, Drawings drawings, Path file, Shared shared)
      throws IOException {
    Map<String, Object> model = model(page, drawings);
    model.put("shared", shared);
    Files.writeString(file, Templates.fill("page.html.ftlh", model));
  }

  /** The style of all pages. */
  static String style() throws IOException {
    return Templates.resource("colours.css") + Templates.resource("page.css");
  }

  /** What all pages do. */
  static String script() throws IOException {
    StringBuilder scripts = new StringBuilder();
    for (String script : SCRIPTS) {
      scripts.append(Templates.resource("page/" + script + ".js"));
    }
    return scripts.toString();
  }

  private static Map<String, Object> model(Page page, Drawings drawings) throws IOException {
    Map<String, Object> model = Templates.model();
    model.put("page", page);
    model.put("tips", new Tips());
    model.put("echarts", SvgRenderer.version());
    model.put("theme", ChartTemplate.theme());
    model.put("options", Packed.of(Json.line(drawings.options())));
    model.put("svg", (TemplateMethodModelEx) a -> drawings.svg((Chart) unwrapped(a.getFirst())));
    model.put("sketch", (TemplateMethodModelEx) a -> PodBars.sketch(shares(a.getFirst())));
    return model;
  }

  private static Object unwrapped(Object argument) {
    return ((GenericObjectModel) argument).getWrappedObject();
  }

  private static List<Double> shares(Object argument) {
    return ((List<?>) ((DefaultListAdapter) argument).getWrappedObject())
        .stream().map(Double.class::cast).toList();
  }
}
