package dev.conntrail.spec;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/** When requests are due. */
public sealed interface LoadModel extends Named {
  /** What {@link #find} understands. */
  String ALLOWED =
      "closed, requests a second from 1 to "
          + Limits.RATE
          + ", A..B (rising or falling evenly over the measure phase), or A/B/C (2 to "
          + Limits.STEPS
          + " steps, each an equal part of it)";

  /** Each connection sends its next request as soon as it has the reply to the last. */
  record Closed() implements LoadModel {
    @Override
    public String word() {
      return "closed";
    }

    @Override
    public String phrase() {
      return "closed loop";
    }
  }

  /**
   * Requests are due at a rate over all connections of the cell, whatever the replies do; latency
   * counts from the due time, so a stall shows in full (no coordinated omission; G. Tene, wrk2).
   * Rates are requests a second.
   */
  sealed interface Open extends LoadModel {
    /** The rate of the warm-up, with which the measure phase begins. */
    int first();

    /** The mean rate of the measure phase. */
    double mean();

    /**
     * How many requests are due in a course with such phases; their mean, if they come by chance.
     */
    default double requests(Phases phases) {
      return first() * seconds(phases.warmup()) + mean() * seconds(phases.measure());
    }

    private static double seconds(Duration duration) {
      return duration.toNanos() / 1e9;
    }
  }

  /** The same rate throughout. */
  record Constant(int perSecond) implements Open {
    @Override
    public int first() {
      return perSecond;
    }

    @Override
    public double mean() {
      return perSecond;
    }

    @Override
    public String word() {
      return Integer.toString(perSecond);
    }

    @Override
    public String phrase() {
      return perSecond + "/s";
    }
  }

  /** A rate that rises, or falls, evenly from the start of the measure phase to its end. */
  record Ramp(int from, int to) implements Open {
    @Override
    public int first() {
      return from;
    }

    @Override
    public double mean() {
      return (from + to) / 2.0;
    }

    @Override
    public String word() {
      return from + ".." + to;
    }

    @Override
    public String phrase() {
      return "from " + from + "/s evenly to " + to + "/s";
    }
  }

  /** Rates one after the other, each for an equal part of the measure phase. */
  record Steps(List<Integer> perSecond) implements Open {
    public Steps {
      perSecond = List.copyOf(perSecond);
    }

    @Override
    public int first() {
      return perSecond.getFirst();
    }

    @Override
    public double mean() {
      return perSecond.stream().mapToInt(rate -> rate).average().orElseThrow();
    }

    @Override
    public String word() {
      return joined("/");
    }

    @Override
    public String phrase() {
      return joined(" then ") + "/s";
    }

    private String joined(String by) {
      return perSecond.stream().map(rate -> Integer.toString(rate)).collect(Collectors.joining(by));
    }
  }

  /** As a person would say it. */
  String phrase();

  /** Whether a caller waits for each reply before it sends again. */
  default boolean closed() {
    return this instanceof Closed;
  }

  /** Requests a second, where that is the same throughout. */
  default OptionalInt steady() {
    return this instanceof Constant(int rate) ? OptionalInt.of(rate) : OptionalInt.empty();
  }

  /**
   * {@code closed}, the rate in requests a second ({@code 600}), the ends of a ramp ({@code
   * 100..1000}), or steps ({@code 100/200/400}).
   */
  @Override
  String word();

  /** What {@link #word()} wrote; empty if it is not that. */
  static Optional<LoadModel> find(String word) {
    if (word.equals("closed")) {
      return Optional.of(new Closed());
    }
    boolean ramp = word.contains("..");
    List<Integer> rates;
    try {
      rates =
          Arrays.stream(word.split(ramp ? "\\.\\." : "/", -1))
              .map(rate -> Scalars.integer(rate, 1, Limits.RATE))
              .toList();
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
    if (ramp) {
      return rates.size() == 2
          ? Optional.of(new Ramp(rates.getFirst(), rates.getLast()))
          : Optional.empty();
    }
    if (rates.size() == 1) {
      return Optional.of(new Constant(rates.getFirst()));
    }
    return rates.size() <= Limits.STEPS ? Optional.of(new Steps(rates)) : Optional.empty();
  }

  /**
   * What {@link #word()} wrote.
   *
   * @throws IllegalArgumentException if it is not that
   */
  static LoadModel parse(String word) {
    return find(word)
        .orElseThrow(
            () -> new IllegalArgumentException("found '" + word + "'; allowed: " + ALLOWED));
  }
}
