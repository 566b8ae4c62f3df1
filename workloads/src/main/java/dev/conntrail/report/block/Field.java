package dev.conntrail.report.block;

import java.util.List;
import java.util.Optional;

/**
 * A field of a table.
 *
 * @param text what it says
 * @param sort what it is sorted by; not a number for words
 * @param tone how it is to be taken
 * @param link the cell that it comes from
 * @param bars small bars beside it, as shares of the largest; empty for none
 */
public record Field(
    String text, double sort, Tone tone, Optional<CellLink> link, List<Double> bars) {
  /** Words. */
  public static Field of(String text) {
    return new Field(text, Double.NaN, Tone.PLAIN, Optional.empty(), List.of());
  }

  /** A figure. */
  public static Field of(String text, double sort) {
    return new Field(text, sort, Tone.PLAIN, Optional.empty(), List.of());
  }

  /** The same, to be taken so. */
  public Field withTone(Tone other) {
    return new Field(text, sort, other, link, bars);
  }

  /** The same, leading to a cell. */
  public Field withLink(CellLink cell) {
    return new Field(text, sort, tone, Optional.of(cell), bars);
  }

  /** The same with small bars. */
  public Field withBars(List<Double> shares) {
    return new Field(text, sort, tone, link, shares);
  }
}
