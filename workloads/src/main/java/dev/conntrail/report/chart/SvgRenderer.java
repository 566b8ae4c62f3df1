package dev.conntrail.report.chart;

import dev.conntrail.report.block.Chart;
import dev.conntrail.result.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.Function;
import org.mozilla.javascript.ScriptableObject;

/**
 * Draws ECharts options as SVG with ECharts itself (server-side rendering), run by Rhino: the
 * picture is the reader's.
 */
public final class SvgRenderer implements AutoCloseable {
  private static final String PRELUDE =
      "var self = this; var setTimeout = function() { return 0; }; var clearTimeout = function() {};";
  private static final String RENDER =
      "function render(option, width, height) {"
          + " var chart = echarts.init(null, null, {renderer: 'svg', ssr: true, width: width, height: height});"
          + " chart.setOption(JSON.parse(option)); var svg = chart.renderToSVGString(); chart.dispose(); return svg; }";

  private final Context context = Context.enter();
  private ScriptableObject scope;
  private Function render;

  /** Loads ECharts, which takes a second or two, when there is something to draw. */
  private void load() throws IOException {
    context.setInterpretedMode(true);
    context.setLanguageVersion(Context.VERSION_ES6);
    scope = context.initStandardObjects();
    context.evaluateString(scope, PRELUDE, "prelude", 1, null);
    context.evaluateString(scope, library(), "echarts", 1, null);
    context.evaluateString(scope, RENDER, "render", 1, null);
    render = (Function) scope.get("render", scope);
  }

  /** The ECharts library that comes with this program. */
  public static String library() throws IOException {
    try (InputStream in =
        resource("/META-INF/resources/webjars/echarts/" + version() + "/echarts.min.js")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  static String version() throws IOException {
    try (InputStream in = resource("/conntrail.properties")) {
      Properties properties = new Properties();
      properties.load(in);
      return properties.getProperty("echarts.version");
    }
  }

  private static InputStream resource(String name) throws IOException {
    InputStream in = SvgRenderer.class.getResourceAsStream(name);
    if (in == null) {
      throw new IOException("the jar lacks " + name);
    }
    return in;
  }

  /** A chart as SVG. */
  public String svg(Chart chart) {
    if (render == null) {
      try {
        load();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return render
        .call(
            context,
            scope,
            scope,
            new Object[] {Json.text(chart.option()), chart.width(), chart.height()})
        .toString();
  }

  @Override
  public void close() {
    Context.exit();
  }
}
