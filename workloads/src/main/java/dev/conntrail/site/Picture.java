package dev.conntrail.site;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.PathIterator;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;

/** A drawing of filled shapes, which becomes an SVG or a PNG. */
final class Picture {
  private record Filled(Shape shape, Color colour) {}

  private final int width;
  private final int height;
  private final List<Filled> shapes = new ArrayList<>();

  /** An empty one, so many pixels wide and high. */
  Picture(int width, int height) {
    this.width = width;
    this.height = height;
  }

  /** Adds a shape, over those that are there. */
  Picture fill(Shape shape, Color colour) {
    shapes.add(new Filled(shape, colour));
    return this;
  }

  /**
   * As SVG.
   *
   * @param title what it says, for those who cannot see it
   */
  String svg(String title) {
    StringBuilder svg =
        new StringBuilder(
            """
            <svg xmlns="http://www.w3.org/2000/svg" width="%1$d" height="%2$d" viewBox="0 0 %1$d %2$d" role="img">
            <title>%3$s</title>
            """
                .formatted(width, height, escaped(title)));
    for (Filled f : shapes) {
      svg.append("<path fill=\"#%06x\" d=\"".formatted(f.colour().getRGB() & 0xFFFFFF))
          .append(path(f.shape()))
          .append("\"/>\n");
    }
    return svg.append("</svg>\n").toString();
  }

  /** A text as XML has it. */
  static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }

  private static String path(Shape shape) {
    StringBuilder path = new StringBuilder();
    double[] at = new double[6];
    for (PathIterator i = shape.getPathIterator(new AffineTransform()); !i.isDone(); i.next()) {
      int kind = i.currentSegment(at);
      int points =
          switch (kind) {
            case PathIterator.SEG_CLOSE -> 0;
            case PathIterator.SEG_QUADTO -> 2;
            case PathIterator.SEG_CUBICTO -> 3;
            default -> 1;
          };
      path.append("MLQCZ".charAt(kind));
      for (int p = 0; p < 2 * points; p++) {
        path.append(p == 0 ? "" : " ").append(number(at[p]));
      }
    }
    return path.toString();
  }

  /** To a hundredth of a pixel, without zeros at the end. */
  private static String number(double x) {
    return String.format(Locale.ROOT, "%.2f", x).replaceAll("\\.?0+$", "");
  }

  /** As PNG. */
  byte[] png() throws IOException {
    // nothing is shown, whether there is a screen or not
    System.setProperty("java.awt.headless", "true");
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D paper = image.createGraphics();
    paper.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    for (Filled f : shapes) {
      paper.setColor(f.colour());
      paper.fill(f.shape());
    }
    paper.dispose();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "png", bytes);
    return bytes.toByteArray();
  }
}
