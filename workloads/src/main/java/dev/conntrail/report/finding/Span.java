package dev.conntrail.report.finding;

import dev.conntrail.report.block.Numbers;
import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/** How far a figure spreads: over cells, repetitions or both. */
public record Span(double low, double high) {
  /** That of some figures; what is not a number is left out. Empty if nothing is left. */
  public static Optional<Span> of(DoubleStream figures) {
    double[] finite = figures.filter(Double::isFinite).toArray();
    return finite.length == 0
        ? Optional.empty()
        : Optional.of(
            new Span(
                Arrays.stream(finite).min().getAsDouble(),
                Arrays.stream(finite).max().getAsDouble()));
  }

  /** That of a figure of each of some things. */
  public static <T> Optional<Span> of(Collection<T> things, ToDoubleFunction<T> figure) {
    return of(things.stream().mapToDouble(figure));
  }

  /** Lowest to highest, or the one figure. */
  public String text() {
    return Numbers.range(low, high);
  }

  /** The same with its noun in the right number. */
  String counted(String noun) {
    return low == high ? Numbers.counted(low, noun) : text() + " " + noun + "s";
  }

  /** Of nanoseconds. */
  public String time() {
    return Numbers.timeRange(low, high);
  }

  /** Of milliseconds. */
  public String millis() {
    String from = Numbers.millis(low);
    String to = Numbers.millis(high);
    return from.equals(to) ? from : from + " to " + to;
  }
}
