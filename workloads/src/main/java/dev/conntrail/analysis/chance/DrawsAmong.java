package dev.conntrail.analysis.chance;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Several fair draws side by side, each among some of the pods: what clients of different zones
 * make together.
 *
 * @param pods of all draws, and those that are in none
 * @param parts the draws
 */
public record DrawsAmong(int pods, List<Part> parts) {
  /** Up to so many connections the fullest pod is worked out. */
  private static final long MOST = 5_000;

  private static final double NEVER = 1e-12;

  /**
   * A draw.
   *
   * @param connections how many
   * @param among the numbers of the pods, from 0
   */
  public record Part(long connections, List<Integer> among) {
    public Part {
      among = List.copyOf(among);
    }

    /** By itself. */
    public FairDraw draw() {
      return new FairDraw(connections, among.size());
    }
  }

  public DrawsAmong {
    parts = List.copyOf(parts);
  }

  private List<Part> of(int pod) {
    return parts.stream().filter(p -> p.among().contains(pod)).toList();
  }

  /** Pods that are expected to get none. */
  public double expectedIdle() {
    return IntStream.range(0, pods)
        .mapToDouble(pod ->
            of(pod).stream()
                .mapToDouble(p -> Math.pow(1 - 1.0 / p.among().size(), (double) p.connections()))
                .reduce(1, (a, b) -> a * b))
        .sum();
  }

  /**
   * From the fewest that any pod gets to the most, with a given probability for all pods together
   * (Bonferroni, over pods and the draws that a pod is in).
   */
  public FairDraw.Band band(double confidence) {
    List<Long> lows = new ArrayList<>();
    List<Long> highs = new ArrayList<>();
    for (int pod = 0; pod < pods; pod++) {
      List<Part> mine = of(pod);
      List<FairDraw.Band> bands =
          mine.stream()
              .map(p ->
                  p.draw()
                      .band(
                          1 - (1 - confidence) * p.among().size() / (pods * (double) mine.size())))
              .toList();
      lows.add(bands.stream().mapToLong(FairDraw.Band::low).sum());
      highs.add(bands.stream().mapToLong(FairDraw.Band::high).sum());
    }
    return new FairDraw.Band(Collections.min(lows), Collections.max(highs));
  }

  /**
   * The fullest pod over the mean pod, on average: exact. Not a number where no pod gets anything,
   * a pod is in two draws, or there are more than 5,000 connections.
   */
  public double expectedMaxOverMean() {
    long all = parts.stream().mapToLong(Part::connections).sum();
    boolean apart = IntStream.range(0, pods).allMatch(pod -> of(pod).size() <= 1);
    if (all == 0 || all > MOST || !apart) {
      return Double.NaN;
    }
    List<Occupancy> drawn =
        parts.stream()
            .filter(p -> p.connections() > 0)
            .map(p -> new Occupancy((int) p.connections(), p.among().size()))
            .toList();
    // the mean of a count is the sum over m of the probability that it is above m
    double expected = 0;
    double above = 1;
    for (int most = 0; above > NEVER && most < all; most++) {
      double within = 1;
      for (Occupancy one : drawn) {
        within *= one.mostAtMost(most);
      }
      above = 1 - within;
      expected += above;
    }
    return expected * pods / all;
  }
}
