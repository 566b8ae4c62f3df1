package dev.conntrail.report.chart;

import java.util.Locale;

/** Writes a small SVG. Colours are the page's variables, each with what it is without a page. */
final class Svg {
  private static final String INK = "var(--ink,#1b1b1f)";
  private static final String LINE = "var(--line,#d9d9e0)";

  /** Where a text is held. */
  enum Anchor {
    START,
    MIDDLE,
    END
  }

  private final StringBuilder out = new StringBuilder();
  private boolean held;

  /** An empty one. */
  Svg(int width, int height) {
    out.append("<svg xmlns=\"http://www.w3.org/2000/svg\"");
    out.append(
        " width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\""
            .formatted(width, height, width, height));
    out.append(" font-family=\"system-ui, sans-serif\" font-size=\"12\" fill=\"" + INK + "\">");
  }

  /** A coordinate, to a tenth of a pixel. */
  static String at(double x) {
    String text = String.format(Locale.ROOT, "%.1f", x);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }

  /** A point of a path. */
  static String at(double x, double y) {
    return at(x) + " " + at(y);
  }

  /** A filled area. */
  Svg area(String path, String fill) {
    return path(path, "fill=\"" + fill + "\"");
  }

  /** A filled area through which others are seen. */
  Svg faint(String path, String fill) {
    return path(path, "fill=\"" + fill + "\" fill-opacity=\".2\"");
  }

  /** A line of a grid or an axis. */
  Svg rule(String path) {
    return path(path, "fill=\"none\" stroke=\"" + LINE + "\"");
  }

  /** A line that marks something. */
  Svg marker(String path) {
    return path(path, "fill=\"none\" stroke=\"" + INK + "\" stroke-dasharray=\"2 3\"");
  }

  /**
   * A line of data.
   *
   * @param dash lengths of its dashes, as SVG has them; {@code none} for a whole line
   */
  Svg line(String path, String colour, String dash) {
    return path(
        path,
        "fill=\"none\" stroke-width=\"2\" stroke=\""
            + colour
            + "\" stroke-dasharray=\""
            + dash
            + "\"");
  }

  private Svg path(String path, String how) {
    out.append("<path d=\"").append(path).append("\" ").append(how).append("/>");
    return this;
  }

  /** Texts that follow are held there. */
  Svg hold(Anchor anchor) {
    out.append(held ? "</g>" : "").append("<g text-anchor=\"");
    out.append(anchor.name().toLowerCase(Locale.ROOT)).append("\">");
    held = true;
    return this;
  }

  /** Text. */
  Svg text(double x, double y, String text) {
    out.append("<text x=\"").append(at(x)).append("\" y=\"").append(at(y)).append("\">");
    out.append(escaped(text)).append("</text>");
    return this;
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  @Override
  public String toString() {
    return out + (held ? "</g>" : "") + "</svg>";
  }
}
