package dev.conntrail.experiment;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * When it is looked whether both sides' blocks decide: fixed before the first look. Each look has
 * its share of the level (Bonferroni), so that all of them together keep it whatever they have in
 * common.
 *
 * @param after how many blocks, ascending; the last is the end
 * @param level of the tests of each look
 */
public record Looks(List<Integer> after, double level) {
  /** The first look is after so many; of fewer no verdict can come. */
  public static final int FEWEST_BLOCKS = 8;

  /** What all looks together may give of false alarms. */
  public static final double LEVEL = 0.05;

  /** Looks after the first, at most. */
  private static final int FURTHER = 3;

  private static final int MOST_BLOCKS = 1000;

  /** Looks at so many blocks at most: after the eighth, and three more at even distances. */
  public static Looks upTo(int blocks) {
    int more = blocks - FEWEST_BLOCKS;
    int further = Math.max(0, Math.min(FURTHER, more));
    List<Integer> after =
        Stream.concat(
                Stream.of(FEWEST_BLOCKS),
                IntStream.rangeClosed(1, further)
                    .mapToObj(i -> FEWEST_BLOCKS + Math.round((float) i * more / further)))
            .toList();
    return new Looks(after, LEVEL / after.size());
  }

  /** As many blocks as a time allows, but never fewer than eight. */
  public static Looks within(Duration budget, Duration block) {
    long blocks = budget.toMillis() / Math.max(1, block.toMillis());
    return upTo(Math.clamp(blocks, FEWEST_BLOCKS, MOST_BLOCKS));
  }

  /** The most blocks that there will be. */
  public int most() {
    return after.getLast();
  }
}
