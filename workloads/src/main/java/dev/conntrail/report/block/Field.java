package dev.conntrail.report.block;

import java.util.List;
import java.util.Optional;

/**
 * A field of a table.
 *
 * @param text what it says
 * @param sort what it is sorted by; not a number for words
 * @param tone how it is to be taken
 * @param link where it leads: the cell that it comes from, or another page
 * @param bars small bars beside it, as shares of the largest; empty for none
 * @param picture an SVG that stands in the place of the text, where there is room for pictures
 */
public record Field(
    String text,
    double sort,
    Tone tone,
    Optional<Link> link,
    List<Double> bars,
    Optional<String> picture) {
  /** Words. */
  public static Field of(String text) {
    return new Field(text, Double.NaN, Tone.PLAIN, Optional.empty(), List.of(), Optional.empty());
  }

  /** A figure. */
  public static Field of(String text, double sort) {
    return new Field(text, sort, Tone.PLAIN, Optional.empty(), List.of(), Optional.empty());
  }

  /** The same, to be taken so. */
  public Field withTone(Tone other) {
    return new Field(text, sort, other, link, bars, picture);
  }

  /** The same, leading somewhere. */
  public Field withLink(Link to) {
    return new Field(text, sort, tone, Optional.of(to), bars, picture);
  }

  /** The same with small bars. */
  public Field withBars(List<Double> shares) {
    return new Field(text, sort, tone, link, shares, picture);
  }

  /** The same with a picture. */
  public Field withPicture(String svg) {
    return new Field(text, sort, tone, link, bars, Optional.of(svg));
  }
}
