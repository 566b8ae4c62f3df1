package dev.conntrail.report.section;

import dev.conntrail.report.chart.ChartTemplate;
import dev.conntrail.report.chart.TimePanel.Style;

/**
 * What a line over time is of.
 *
 * @param place its place among others
 * @param word as a legend has it
 * @param colour the place of its colour
 * @param dash lengths of dashes, as SVG has them; {@code none}
 */
record LineGroup(int place, String word, int colour, String dash) {
  /** How it is drawn. */
  Style style() {
    return new Style(ChartTemplate.colour(colour), dash);
  }
}
