package dev.conntrail.experiment;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/**
 * When it is looked whether both sides' blocks decide: fixed before the first look. Each look has
 * its share of the level (Bonferroni), so that all of them together keep it whatever they have in
 * common.
 *
 * @param after how many blocks, ascending; the last is the end
 * @param level of the tests of each look
 */
public record Looks(List<Integer> after, double level) {
  /** Fewer blocks are not looked at. */
  public static final int FEWEST_BLOCKS = 8;

  /** What all looks together may give of false alarms. */
  public static final double LEVEL = 0.05;

  private static final int MOST_LOOKS = 4;
  private static final int MOST_BLOCKS = 1000;

  /**
   * Looks at so many blocks at most: the first as soon as it can show anything, the others at even
   * distances. There are more blocks where so many could show nothing.
   *
   * @param times how many are declared for a verdict
   */
  public static Looks upTo(int blocks, int times) {
    int most = Math.max(blocks, first(1, times));
    int looks = MOST_LOOKS;
    while (most - first(looks, times) < looks - 1) {
      looks--;
    }
    int first = first(looks, times);
    int gaps = Math.max(1, looks - 1);
    List<Integer> after =
        IntStream.range(0, looks)
            .mapToObj(i -> first + Math.round((float) i * (most - first) / gaps))
            .toList();
    return new Looks(looks == 1 ? List.of(most) : after, LEVEL / looks);
  }

  /**
   * After how many blocks the first of so many looks can show a difference: n signs have a
   * probability of no less than 2 / 2^n, which is corrected for all times and all looks.
   */
  private static int first(int looks, int times) {
    double flips = 2 * Math.max(1, times) * looks / LEVEL;
    return Math.max(FEWEST_BLOCKS, (int) Math.ceil(Math.log(flips) / Math.log(2)));
  }

  /** As many blocks as a time allows, but no fewer than can show anything. */
  public static Looks within(Duration budget, Duration block, int times) {
    long blocks = budget.toMillis() / Math.max(1, block.toMillis());
    return upTo(Math.clamp(blocks, FEWEST_BLOCKS, MOST_BLOCKS), times);
  }

  /** The fewest blocks that there will be, and after which the first look is. */
  public int fewest() {
    return after.getFirst();
  }

  /** The most blocks that there will be. */
  public int most() {
    return after.getLast();
  }
}
