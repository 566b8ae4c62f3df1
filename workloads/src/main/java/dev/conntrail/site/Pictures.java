package dev.conntrail.site;

import dev.conntrail.report.block.Tone;
import java.awt.Color;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RoundRectangle2D;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The pictures of a run: a badge, which says its verdict in a word, and a card with its heading,
 * for where its address is passed on.
 */
final class Pictures {
  /** Names of their files. */
  static final String BADGE = "badge.svg";

  static final String CARD = "card.png";
  static final String CARD_SVG = "card.svg";

  private static final int CARD_WIDTH = 1200;
  private static final int CARD_HEIGHT = 630;
  private static final double MARGIN = 72;
  private static final double BAR = 24;
  private static final double NAME = 34;
  private static final double LARGEST = 64;
  private static final double SMALLEST = 26;
  private static final double SMALLER = 2;
  private static final double LINE = 1.25;
  private static final double TOP = 178;
  private static final double BOTTOM = 470;
  private static final double FACT = 26;

  private static final int BADGE_HEIGHT = 20;
  private static final double BADGE_TEXT = 11.5;
  private static final double BADGE_PAD = 7;
  private static final double BADGE_BASE = 14.2;
  private static final double ROUND = 6;

  private static final Color PAPER = Color.WHITE;
  private static final Color INK = new Color(0x1b1b1f);
  private static final Color SOFT = new Color(0x5a5a66);

  private final Lettering lettering = new Lettering();

  /** Writes those of a run into a folder. */
  void write(PublishedRun run, Path folder) throws IOException {
    Files.writeString(folder.resolve(BADGE), badge("conntrail", run.verdict().text(), run.tone()));
    Picture card = card(run);
    Files.writeString(folder.resolve(CARD_SVG), card.svg("Conntrail: " + run.headline()));
    Files.write(folder.resolve(CARD), card.png());
  }

  /** As the page has it, in the light. */
  private static Color colour(Tone tone) {
    return switch (tone) {
      case GOOD -> new Color(0x00694b);
      case BAD -> new Color(0xa33b00);
      case UNKNOWN -> new Color(0x6b5900);
      case PLAIN -> SOFT;
    };
  }

  private String badge(String label, String message, Tone tone) {
    double middle = Math.ceil(lettering.width(label, BADGE_TEXT) + 2 * BADGE_PAD);
    double width = middle + Math.ceil(lettering.width(message, BADGE_TEXT) + 2 * BADGE_PAD);
    Picture picture = new Picture((int) width, BADGE_HEIGHT);
    picture.fill(
        new RoundRectangle2D.Double(0, 0, width, BADGE_HEIGHT, ROUND, ROUND), colour(tone));
    picture.fill(
        new RoundRectangle2D.Double(0, 0, middle, BADGE_HEIGHT, ROUND, ROUND), new Color(0x444450));
    picture.fill(
        new Rectangle2D.Double(middle - ROUND, 0, ROUND, BADGE_HEIGHT), new Color(0x444450));
    picture.fill(lettering.shape(label, BADGE_TEXT, BADGE_PAD, BADGE_BASE), PAPER);
    picture.fill(lettering.shape(message, BADGE_TEXT, middle + BADGE_PAD, BADGE_BASE), PAPER);
    return picture.svg(label + ": " + message);
  }

  private Picture card(PublishedRun run) {
    Picture picture = new Picture(CARD_WIDTH, CARD_HEIGHT);
    picture.fill(new Rectangle2D.Double(0, 0, CARD_WIDTH, CARD_HEIGHT), PAPER);
    picture.fill(new Rectangle2D.Double(0, 0, BAR, CARD_HEIGHT), colour(run.tone()));
    picture.fill(lettering.shape("Conntrail", NAME, MARGIN, MARGIN + NAME), INK);
    picture.fill(
        lettering.shape(
            run.verdict().text(),
            NAME,
            MARGIN + lettering.width("Conntrail  ", NAME),
            MARGIN + NAME),
        colour(run.tone()));
    double wide = CARD_WIDTH - 2 * MARGIN;
    heading(picture, run.headline(), wide);
    List<String> facts =
        List.of(
            "experiment "
                + run.experiment()
                + " on "
                + run.testbed()
                + ", "
                + run.minute()
                + " UTC",
            "kernel " + run.platform().kernel() + "; kube-proxy " + run.platform().kubeProxy());
    double base = CARD_HEIGHT - MARGIN - FACT * LINE * (facts.size() - 1);
    for (String fact : facts) {
      picture.fill(lettering.shape(shortened(fact, wide), FACT, MARGIN, base), SOFT);
      base += FACT * LINE;
    }
    return picture;
  }

  /** As large as fits; what does not even in the smallest letters is cut. */
  private void heading(Picture picture, String text, double wide) {
    double size = LARGEST;
    while (TOP + lettering.lines(text, size, wide).size() * size * LINE > BOTTOM
        && size > SMALLEST) {
      size -= SMALLER;
    }
    List<String> lines = lettering.lines(text, size, wide);
    int fit = (int) ((BOTTOM - TOP) / (size * LINE));
    double base = TOP + size;
    for (int i = 0; i < Math.min(fit, lines.size()); i++) {
      boolean cut = i + 1 == fit && lines.size() > fit;
      picture.fill(lettering.shape(lines.get(i) + (cut ? " \u2026" : ""), size, MARGIN, base), INK);
      base += size * LINE;
    }
  }

  private String shortened(String text, double wide) {
    String fits = text;
    while (lettering.width(fits, FACT) > wide) {
      fits = fits.substring(0, fits.length() - 2) + "\u2026";
    }
    return fits;
  }
}
