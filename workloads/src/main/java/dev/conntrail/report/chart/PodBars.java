package dev.conntrail.report.chart;

import static dev.conntrail.report.chart.Svg.at;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Bars by pod, drawn without ECharts, in panels side by side: a page has them for every cell, and
 * shows them where it cannot draw them anew, as on paper.
 */
public final class PodBars {
  private static final double LEFT = 56;
  private static final double RIGHT = 12;
  private static final double TOP = 28;
  private static final double BOTTOM = 38;

  /** Share of its place that a bar takes. */
  private static final double FILLED = 0.7;

  private static final double WIDEST = 36;

  /** Pixels that the name of a pod needs. */
  private static final double LABEL = 26;

  private PodBars() {}

  /**
   * A panel.
   *
   * @param name what is counted
   * @param counts of each pod
   * @param band what a fair draw gives to any pod; empty where nothing is drawn
   * @param colour of its bars
   */
  public record Panel(String name, List<Long> counts, Optional<Band> band, String colour) {}

  /** From a count to a higher one. */
  public record Band(double low, double high) {}

  /** Draws panels. */
  public static String svg(List<String> pods, List<Panel> panels, int width, int height) {
    Svg svg = new Svg(width, height);
    double each = (double) width / panels.size();
    for (int i = 0; i < panels.size(); i++) {
      panel(svg, pods, panels.get(i), i * each, each, height);
    }
    return svg.toString();
  }

  private static void panel(
      Svg svg, List<String> pods, Panel panel, double left, double width, int height) {
    double most = panel.counts().stream().mapToLong(n -> n).max().orElse(0);
    double top = Math.max(most, panel.band().map(Band::high).orElse(0.0));
    Frame frame =
        new Frame(
            left + LEFT,
            TOP,
            left + width - RIGHT,
            height - BOTTOM,
            Math.max(1, pods.size()),
            Frame.roundedUp(top));
    panel
        .band()
        .ifPresent(b ->
            svg.area(
                Frame.box(frame.left(), frame.y(b.high()), frame.right(), frame.y(b.low())),
                "var(--band,#5a5a5a2e)"));
    frame.draw(svg, panel.name());
    svg.area(bars(frame, panel.counts()), panel.colour());
    int every = (int) Math.ceil(LABEL * pods.size() / (frame.right() - frame.left()));
    frame.below(svg, "pod");
    for (int i = 0; i < pods.size(); i += every) {
      frame.below(svg, i + 1 / 2.0, pods.get(i));
    }
  }

  private static String bars(Frame frame, List<Long> counts) {
    double half = Math.min(WIDEST, FILLED * (frame.x(1) - frame.x(0))) / 2;
    StringBuilder path = new StringBuilder();
    for (int i = 0; i < counts.size(); i++) {
      if (counts.get(i) > 0) {
        double middle = frame.x(i + 1 / 2.0);
        path.append(
            Frame.box(middle - half, frame.y(counts.get(i)), middle + half, frame.bottom()));
      }
    }
    return path.toString();
  }

  /** The same so small that it stands in a line of text: shares of the largest, 0 to 1. */
  public static String sketch(List<Double> shares) {
    int n = shares.size();
    StringBuilder path = new StringBuilder();
    IntStream.range(0, n)
        .filter(i -> shares.get(i) > 0)
        .forEach(i ->
            path.append('M')
                .append(i)
                .append(" 9v-")
                .append(at(Math.max(SMALLEST, SKETCHED * shares.get(i))))
                .append("h.8V9z"));
    return path.toString();
  }

  private static final double SKETCHED = 9;
  private static final double SMALLEST = 0.4;
}
