package dev.conntrail.report.chart;

import static dev.conntrail.report.chart.Svg.at;

import dev.conntrail.report.block.Numbers;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A figure of groups of pods over time, with what happened meanwhile: drawn without ECharts, for a
 * page has one for every cell whose Service changed, and as an ECharts option.
 *
 * @param name what is counted
 * @param over what a line is the mean of, and its shade the least and the most
 * @param lines one for each group
 * @param events what happened
 * @param lengthS seconds that the panel holds
 * @param below from when they count
 */
public record TimePanel(
    String name, Over over, List<Line> lines, List<Event> events, double lengthS, String below) {
  private static final double LEFT = 56;
  private static final double RIGHT = 16;
  private static final double TOP = 44;
  private static final double BOTTOM = 38;
  private static final double LEGEND = 14;
  private static final double KEY = 24;
  private static final double LETTER = 6.6;
  private static final double HALF_TEXT = 4;
  private static final int MOST_DECIMALS = 3;

  /** Of a sketch: room for figures of time, and how long their marks are. */
  private static final int FOOT = 18;

  private static final double MARK = 4;

  /** Pixels of an axis of time in a page, about. */
  private static final double DRAWN = 460;

  private static final String SECONDS = "seconds since load began";

  /** One whose time begins with the load. */
  public TimePanel(String name, Over over, List<Line> lines, List<Event> events, double lengthS) {
    this(name, over, lines, events, lengthS, SECONDS);
  }

  /** Of what a line is the mean. */
  public enum Over {
    /** Of each pod of a group, in each repetition. */
    PODS("pods and repetitions"),
    /** Of all clients together, in each repetition. */
    CLIENTS("repetitions, all clients together");

    private final String words;

    Over(String words) {
      this.words = words;
    }

    /** As a caption has it: mean over what. */
    public String words() {
      return words;
    }
  }

  /**
   * How a group is told from others: by colour and by dashes.
   *
   * @param colour the page's variable
   * @param dash lengths of dashes, as SVG has them; {@code none}
   */
  public record Style(String colour, String dash) {}

  /**
   * A group.
   *
   * @param points in order of time
   */
  public record Line(String name, Style style, List<Point> points) {}

  /** The mean in a stretch of time, and the least and the most. */
  public record Point(double s, double mean, double low, double high) {}

  /** Something that happened. */
  public record Event(double s, String name) {}

  /** Its highest value; 0 if it has none. */
  public double highest() {
    return lines.stream()
        .flatMap(l -> l.points().stream())
        .mapToDouble(Point::high)
        .max()
        .orElse(0);
  }

  private double most() {
    return Frame.roundedUp(highest());
  }

  /** Draws it with axes and a legend. */
  public String svg(int width, int height) {
    Svg svg = new Svg(width, height);
    Frame frame = new Frame(LEFT, TOP, width - RIGHT, height - BOTTOM, lengthS, most());
    frame.draw(svg, name);
    double step = Frame.step(lengthS);
    frame.below(svg, below);
    for (double s = 0; s <= lengthS; s += step) {
      frame.below(svg, s, Numbers.number(s));
    }
    draw(svg, frame);
    for (Event e : named((width - LEFT - RIGHT) / lengthS)) {
      svg.hold(e.s() > lengthS / 2 ? Svg.Anchor.END : Svg.Anchor.START)
          .text(frame.x(e.s()), TOP - HALF_TEXT, e.name());
    }
    svg.hold(Svg.Anchor.START);
    double x = LEFT;
    for (Line line : lines) {
      svg.line("M" + at(x, LEGEND) + "h" + at(KEY), line.style().colour(), line.style().dash());
      svg.text(x + KEY + HALF_TEXT, LEGEND + HALF_TEXT, line.name());
      x += KEY + LETTER * (line.name().length() + 3);
    }
    return svg.toString();
  }

  /**
   * A panel of a sketch.
   *
   * @param height pixels
   * @param mostY what its axis holds, from 0 on
   */
  public record Part(TimePanel panel, int height, double mostY) {}

  /**
   * Draws the lines of panels, one below the other, to stand beside others of the same scales; at
   * the foot the seconds since the first event, of which nothing happens since load began.
   */
  public static String sketch(int width, List<Part> parts) {
    Svg svg = new Svg(width, parts.stream().mapToInt(Part::height).sum() + FOOT);
    double top = 0;
    for (Part part : parts) {
      double bottom = top + part.height() - 2;
      svg.rule("M" + at(1, bottom) + "H" + at(width - 1.0));
      part.panel()
          .draw(
              svg,
              new Frame(1, top + 2, width - 1.0, bottom, part.panel().lengthS(), part.mostY()));
      top += part.height();
    }
    parts.getLast().panel().foot(svg, width, top);
    return svg.toString();
  }

  /** Marks of time and their figures, as many of these as do not run into each other. */
  private void foot(Svg svg, int width, double top) {
    Frame frame = new Frame(1, 0, width - 1.0, top, lengthS, 1);
    double from = events.isEmpty() ? 0 : events.getFirst().s();
    double step = Frame.step(lengthS);
    double taken = 0;
    svg.hold(Svg.Anchor.MIDDLE);
    for (long i = (long) Math.ceil(-from / step); from + i * step <= lengthS; i++) {
      double x = frame.x(from + i * step);
      svg.rule("M" + at(x, top - 2) + "v" + at(MARK));
      String text = (i < 0 ? "\u2212" : "") + at(Math.abs(i * step)) + " s";
      double half = LETTER * text.length() / 2;
      double free = i < 0 ? frame.x(from) - LETTER * 2 : width;
      if (x - half >= taken && x + half <= free) {
        svg.text(x, top + FOOT - 3.0, text);
        taken = x + half;
      }
    }
  }

  /** The highest value of several panels, for one scale. */
  public static double most(List<TimePanel> panels) {
    return panels.stream().mapToDouble(TimePanel::most).max().orElse(1);
  }

  private void draw(Svg svg, Frame frame) {
    for (Line line : lines) {
      svg.faint(range(frame, line.points()), line.style().colour());
    }
    for (Event e : events) {
      svg.marker("M" + at(frame.x(e.s()), frame.top()) + "V" + at(frame.bottom()));
    }
    for (Line line : lines) {
      StringBuilder path = new StringBuilder();
      for (Point p : line.points()) {
        path.append(path.isEmpty() ? 'M' : 'L').append(at(frame.x(p.s()), frame.y(p.mean())));
      }
      svg.line(path.toString(), line.style().colour(), line.style().dash());
    }
  }

  private static String range(Frame frame, List<Point> points) {
    StringBuilder path = new StringBuilder();
    for (Point p : points) {
      path.append(path.isEmpty() ? 'M' : 'L').append(at(frame.x(p.s()), frame.y(p.high())));
    }
    for (Point p : points.reversed()) {
      path.append('L').append(at(frame.x(p.s()), frame.y(p.low())));
    }
    return path.append('Z').toString();
  }

  /** Events whose names do not run into each other: where many follow, the first ones. */
  private List<Event> named(double pixelsPerS) {
    List<Event> named = new ArrayList<>();
    double taken = Double.NEGATIVE_INFINITY;
    for (Event e : events) {
      double at = e.s() * pixelsPerS;
      double length = LETTER * e.name().length();
      double from = e.s() > lengthS / 2 ? at - length : at;
      if (from >= taken) {
        named.add(e);
        taken = from + length + LETTER;
      }
    }
    return named;
  }

  /** The point that is nearest, from 0. */
  private int nearest(double s) {
    List<Point> points = lines.getFirst().points();
    int nearest = 0;
    for (int i = 1; i < points.size(); i++) {
      if (Math.abs(points.get(i).s() - s) < Math.abs(points.get(nearest).s() - s)) {
        nearest = i;
      }
    }
    return nearest;
  }

  /** Moments by name, with as few decimals as tell each from the next: there places have names. */
  private static List<String> moments(List<Point> points) {
    List<String> names = List.of();
    for (int decimals = 1; decimals <= MOST_DECIMALS; decimals++) {
      double to = Math.pow(10, decimals);
      names =
          points.stream()
              .map(p -> BigDecimal.valueOf(Math.round(p.s() * to) / to))
              .map(s -> s.stripTrailingZeros().toPlainString())
              .toList();
      if (names.stream().distinct().count() == names.size()) {
        break;
      }
    }
    return names;
  }

  /**
   * The same as an ECharts option. Its axis holds the points one by one: on an axis of values
   * ECharts would stack along it.
   */
  public ChartTemplate template() {
    ChartTemplate template = ChartTemplate.of("over-time");
    List<Map<String, Object>> series = new ArrayList<>();
    for (Line line : lines) {
      List<String> moments = moments(line.points());
      List<List<Object>> rows = new ArrayList<>();
      for (Point p : line.points()) {
        String moment = moments.get(rows.size());
        rows.add(List.of(moment, p.mean(), p.low(), p.high() - p.low()));
      }
      template.data(List.of("s", "mean", "low", "range"), rows);
      series.add(
          Map.of(
              "name",
              line.name(),
              "dataset",
              series.size(),
              "colour",
              line.style().colour(),
              "dash",
              line.style().dash().equals("none") ? "solid" : "dashed"));
    }
    List<Event> named = named(DRAWN / lengthS);
    template.repeatSeries(series);
    template.set("yAxis.name", name);
    template.set("xAxis.name", below);
    template.set("legend.data", lines.stream().map(Line::name).toList());
    template.set(
        "series.0.markLine.data",
        events.stream()
            .map(e -> Map.of("xAxis", nearest(e.s()), "name", named.contains(e) ? e.name() : ""))
            .toList());
    return template;
  }
}
