package dev.conntrail.report.block;

import java.util.List;
import java.util.Map;

/**
 * A chart: an ECharts option, drawn as SVG here and again, interactively, by the reader's browser.
 *
 * @param id names its file
 * @param title what it shows
 * @param description what is to be seen in it, for those who cannot see it
 * @param option the ECharts option: a template of {@code charts/} with data in it
 * @param width in pixels
 * @param height in pixels
 * @param series names that the reader may switch on and off
 */
public record Chart(
    String id,
    String title,
    String description,
    Map<String, Object> option,
    int width,
    int height,
    List<String> series) {}
