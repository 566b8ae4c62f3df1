package dev.conntrail.site;

import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.fontbox.ttf.CmapLookup;
import org.apache.fontbox.ttf.GlyphData;
import org.apache.fontbox.ttf.TTFParser;
import org.apache.fontbox.ttf.TrueTypeFont;
import org.apache.pdfbox.io.RandomAccessReadBuffer;

/**
 * Text as outlines, of Liberation Sans as PDFBox brings it: pictures look alike on every machine,
 * and on one that has no fonts.
 */
final class Lettering {
  private static final String FONT = "/org/apache/pdfbox/resources/ttf/LiberationSans-Regular.ttf";

  private final TrueTypeFont font;
  private final CmapLookup letters;
  private final double unitsPerEm;

  Lettering() {
    try (InputStream in = TTFParser.class.getResourceAsStream(FONT)) {
      font = new TTFParser().parse(new RandomAccessReadBuffer(in));
      letters = font.getUnicodeCmapLookup();
      unitsPerEm = font.getUnitsPerEm();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How wide a text is, in pixels. */
  double width(String text, double size) {
    return text.codePoints().mapToDouble(c -> advance(letters.getGlyphId(c), size)).sum();
  }

  private double advance(int glyph, double size) {
    try {
      return font.getAdvanceWidth(glyph) * size / unitsPerEm;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A text as one shape that begins there, on its base line. */
  Path2D shape(String text, double size, double left, double base) {
    Path2D all = new Path2D.Double(Path2D.WIND_NON_ZERO);
    double x = left;
    for (int c : text.codePoints().toArray()) {
      int glyph = letters.getGlyphId(c);
      AffineTransform place = AffineTransform.getTranslateInstance(x, base);
      place.scale(size / unitsPerEm, -size / unitsPerEm);
      all.append(outline(glyph).createTransformedShape(place), false);
      x += advance(glyph, size);
    }
    return all;
  }

  /** A blank has none. */
  private Path2D outline(int glyph) {
    try {
      GlyphData data = font.getGlyph().getGlyph(glyph);
      return data == null ? new Path2D.Double() : data.getPath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A text in lines of whole words, each no wider than that where a word is not. */
  List<String> lines(String text, double size, double width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ", -1)) {
      String longer = line.isEmpty() ? word : line + " " + word;
      if (!line.isEmpty() && width(longer, size) > width) {
        lines.add(line.toString());
        longer = word;
      }
      line.setLength(0);
      line.append(longer);
    }
    lines.add(line.toString());
    return lines;
  }
}
