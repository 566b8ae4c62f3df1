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

/** Draws a page as one HTML file that asks no network for anything. */
public final class HtmlRenderer {
  private static final List<String> SCRIPTS = List.of("charts", "tables", "folds", "tips");

  private HtmlRenderer() {}

  /** Writes it. */
  public static void write(Page page, Drawings drawings, Path file) throws IOException {
    Map<String, Object> model = Templates.model(page);
    model.put("tips", new Tips());
    model.put("css", Templates.resource("colours.css") + Templates.resource("page.css"));
    StringBuilder scripts = new StringBuilder();
    for (String script : SCRIPTS) {
      scripts.append(Templates.resource("page/" + script + ".js"));
    }
    model.put("js", scripts.toString());
    model.put("echarts", SvgRenderer.version());
    model.put("library", Packed.of(SvgRenderer.library()));
    model.put("theme", ChartTemplate.theme());
    model.put("options", Packed.of(Json.line(drawings.options())));
    model.put("svg", (TemplateMethodModelEx) a -> drawings.svg((Chart) unwrapped(a.getFirst())));
    model.put("sketch", (TemplateMethodModelEx) a -> PodBars.sketch(shares(a.getFirst())));
    Files.writeString(file, Templates.fill("page.html.ftlh", model));
  }

  private static Object unwrapped(Object argument) {
    return ((GenericObjectModel) argument).getWrappedObject();
  }

  private static List<Double> shares(Object argument) {
    return ((List<?>) ((DefaultListAdapter) argument).getWrappedObject())
        .stream().map(Double.class::cast).toList();
  }
}
