package dev.conntrail.report.chart;

import dev.conntrail.report.block.Chart;
import dev.conntrail.result.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.Function;
import org.mozilla.javascript.ScriptableObject;

/**
 * Draws ECharts options as SVG with ECharts itself (server-side rendering), run by Rhino: the
 * picture is the reader's.
 */
public final class SvgRenderer {
  /** The official build with lines, bars, points and grids, which is all that the charts use. */
  private static final String BUILD = "echarts.common.min.js";

  private static final String PRELUDE =
      "var self = this; var setTimeout = function() { return 0; }; var clearTimeout = function() {};";

  /** Without a browser text is not measured but guessed: letters of the widest common font. */
  private static final String RENDER =
      """
      echarts.setPlatformAPI({
        measureText: function (text, font) {
          var size = /([0-9.]+)px/.exec(font);
          return {width: 0.59 * (size ? Number(size[1]) : 12) * text.length};
        }
      });
      function render(theme, option, width, height) {
        var chart = echarts.init(null, JSON.parse(theme), {renderer: 'svg', ssr: true, width: width, height: height});
        chart.setOption(JSON.parse(option));
        var svg = chart.renderToSVGString();
        chart.dispose();
        return svg;
      }
      """;

  /** What the drawing has for a pointer, and what each of its texts says of its font. */
  private static final Pattern NOT_NEEDED =
      Pattern.compile(
          "<style ?>.*?</style>\\s*| class=\"zr[^\"]*\"| xml:space=\"preserve\"| ecmeta_\\w+=\"[^\"]*\"|\\n"
              + "|(?<=style=\")font-size:12px;|font-family:system-ui, sans-serif;"
              + "|<path d=\"[^\"]*\"( fill-opacity=\"0\")? fill=\"transparent\"></path>",
          Pattern.DOTALL);

  /** A circle, as ECharts draws it: a unit circle that is moved and scaled. */
  private static final Pattern CIRCLE =
      Pattern.compile(
          "<path d=\"M1 0A1 1 0 1 1 1 -0.1A1 1 0 0 1 1 0\" transform=\"matrix\\(([^,]+),0,0,\\1,([^,]+),([^)]+)\\)\"");

  private static final Pattern EMPTY = Pattern.compile(" style=\"\"|></path>");

  /** Parts that others refer to are named after their drawing, which ECharts counts. */
  private static final Pattern COUNTED = Pattern.compile("(?<=\"|#)zr\\d+(?=-)");

  /** One that is warm: the first drawing takes longest, so one is thrown away. */
  private static final class Warm {
    private static final SvgRenderer ONE = new SvgRenderer();

    static {
      ONE.svg(ChartTemplate.of("glance").chart("first", "", "", 1, 1, List.of()), 0);
    }
  }

  private final ScriptableObject scope;
  private final Function render;

  /** Loads ECharts, which takes a second or two. */
  public SvgRenderer() {
    try (Context context = context()) {
      scope = context.initStandardObjects();
      context.evaluateString(scope, PRELUDE, "prelude", 1, null);
      context.evaluateString(scope, library(), "echarts", 1, null);
      context.evaluateString(scope, RENDER, "render", 1, null);
      render = (Function) scope.get("render", scope);
    }
  }

  /** One that is warm, the same for all pages that this process makes. */
  public static SvgRenderer ready() {
    return Warm.ONE;
  }

  /** To compile takes longer than to interpret the few charts of a page. */
  private static Context context() {
    Context context = Context.enter();
    context.setInterpretedMode(true);
    context.setLanguageVersion(Context.VERSION_ES6);
    return context;
  }

  /** The ECharts library that comes with this program. */
  public static String library() {
    String name = "/META-INF/resources/webjars/echarts/" + version() + "/" + BUILD;
    try (InputStream in = resource(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its version. */
  public static String version() {
    try (InputStream in = resource("/conntrail.properties")) {
      Properties properties = new Properties();
      properties.load(in);
      return properties.getProperty("echarts.version");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InputStream resource(String name) {
    InputStream in = SvgRenderer.class.getResourceAsStream(name);
    if (in == null) {
      throw new IllegalStateException("the jar lacks " + name);
    }
    return in;
  }

  /** The same picture in fewer words. */
  private static String slim(String svg) {
    String plain = NOT_NEEDED.matcher(svg).replaceAll("");
    String round = CIRCLE.matcher(plain).replaceAll("<circle r=\"$1\" cx=\"$2\" cy=\"$3\"");
    return EMPTY
        .matcher(round.replace("></circle>", "/>"))
        .replaceAll(m -> m.group().startsWith(">") ? "/>" : "");
  }

  /**
   * A chart as SVG, the same whatever was drawn before.
   *
   * @param number of the drawing, which tells its parts from those of others on its page
   */
  public synchronized String svg(Chart chart, int number) {
    try (Context context = context()) {
      Object[] arguments = {
        ChartTemplate.theme(),
        Json.line(chart.option()),
        chart.size().width(),
        chart.size().height()
      };
      String svg = render.call(context, scope, scope, arguments).toString();
      return COUNTED
          .matcher(slim(svg))
          .replaceAll("zr" + number)
          .replaceFirst("<svg ", "<svg font-family=\"system-ui, sans-serif\" font-size=\"12\" ");
    }
  }
}
