package dev.conntrail.report.block;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A chart: an ECharts option, drawn as SVG here and again, interactively, by the reader's browser.
 *
 * @param id names its file
 * @param title what it shows
 * @param description what is to be seen in it, for those who cannot see it
 * @param option the ECharts option: a template of {@code charts/} with data in it
 * @param size in pixels
 * @param series names that the reader may switch on and off
 * @param still the drawing, where it was made without ECharts: a page has many of the simple ones
 */
public record Chart(
    String id,
    String title,
    String description,
    Map<String, Object> option,
    Size size,
    List<String> series,
    Optional<String> still) {

  /**
   * Pixels.
   *
   * @param narrowHeight its height where the page is narrow
   */
  public record Size(int width, int height, int narrowHeight) {}

  /** The same with a drawing. */
  public Chart withStill(String svg) {
    return new Chart(id, title, description, option, size, series, Optional.of(svg));
  }
}
