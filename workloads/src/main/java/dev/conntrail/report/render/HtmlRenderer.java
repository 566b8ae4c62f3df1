package dev.conntrail.report.render;

import dev.conntrail.report.block.Chart;
import dev.conntrail.report.chart.SvgRenderer;
import dev.conntrail.result.Json;
import freemarker.ext.beans.GenericObjectModel;
import freemarker.template.TemplateMethodModelEx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** Draws a page as one HTML file that asks no network for anything. */
public final class HtmlRenderer {
  private HtmlRenderer() {}

  /** Writes it. */
  public static void write(Page page, Path file) throws IOException {
    try (SvgRenderer renderer = new SvgRenderer()) {
      Map<String, Object> model = new HashMap<>();
      model.put("manifest", page.manifest());
      model.put("answer", page.answer());
      model.put("lead", page.lead());
      model.put("lacks", page.lacks());
      model.put("sections", page.sections());
      model.put("css", Templates.resource("page.css"));
      model.put("js", Templates.resource("page.js"));
      model.put("library", SvgRenderer.library());
      model.put("svgs", ofChart(renderer::svg));
      model.put("options", ofChart(c -> Json.line(c.option()).replace("</", "<\\/")));
      Files.writeString(file, Templates.fill("page.html.ftlh", model));
    }
  }

  private static TemplateMethodModelEx ofChart(Function<Chart, String> text) {
    return arguments ->
        text.apply((Chart) ((GenericObjectModel) arguments.getFirst()).getWrappedObject());
  }
}
