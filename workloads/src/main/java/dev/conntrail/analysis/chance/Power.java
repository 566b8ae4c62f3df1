package dev.conntrail.analysis.chance;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.DoublePredicate;

/**
 * What the pooled form of {@link Uniformity} would find: the probability that it calls a fault too
 * uneven. Where the stratified form is tested too, something is found at least as often.
 *
 * @param connections of all repetitions
 * @param pods how many, at least 2
 * @param level of the two-sided test, so half of it in the upper tail; of a family of m tests at
 *     level a it is a / m, which is what Holm's correction asks of the first
 */
public record Power(long connections, int pods, double level) {
  /** The smallest level: below, rounding would tell. */
  public static final double LEAST_LEVEL = 1e-9;

  /** How exact shares and numbers of connections are, as a part of what they are above fair. */
  private static final double STEP = 1e-3;

  private record Asked(int pods, OnePod fault, double level, double probability) {
    boolean enough(double connections) {
      Power power = new Power((long) Math.ceil(connections), pods, level);
      return power.against(fault) >= probability;
    }
  }

  /** What takes longest of a page, and is the same for all cells with as many pods. */
  private static final Memo<Asked, OptionalLong> NEEDED = new Memo<>();

  /** Checks. */
  public Power {
    if (connections < 0 || connections > Pairs.MOST_CONNECTIONS || pods < 2) {
      throw new IllegalArgumentException(
          "power: found %d connections on %d pods; allowed: 0 to %d on 2 or more"
              .formatted(connections, pods, Pairs.MOST_CONNECTIONS));
    }
    if (!(level >= LEAST_LEVEL && level < 1)) {
      throw new IllegalArgumentException(
          "level: found " + level + "; allowed: " + LEAST_LEVEL + " to below 1");
    }
  }

  /** Probability that a fault is found. */
  public double against(OnePod fault) {
    return connections == 0 ? 0 : OnePodPower.of((int) connections, pods, level).at(fault.share());
  }

  /** Probability that one pod which draws twice its share is found. */
  public double againstTwice() {
    return against(new OnePod(2.0 / pods));
  }

  /**
   * The smallest share that one pod must draw to be found with a probability, to three digits; none
   * if even a pod that draws all would not be found so often.
   */
  public Optional<Double> smallestShareFound(double probability) {
    double fair = 1.0 / pods;
    // what it draws above its share, as a part of all others' shares
    DoublePredicate found = part -> against(new OnePod(fair + part * (1 - fair))) >= probability;
    return found.test(1) ? Optional.of(fair + first(found, 0, 1) * (1 - fair)) : Optional.empty();
  }

  /**
   * How many connections it takes to find a fault, to three digits; none if a billion would not do.
   *
   * @param pods how many
   * @param level of the two-sided test
   * @param probability with which it is to be found
   */
  public static OptionalLong connectionsNeeded(
      int pods, OnePod fault, double level, double probability) {
    return NEEDED.get(new Asked(pods, fault, level, probability), Power::needed);
  }

  private static OptionalLong needed(Asked asked) {
    double far = asked.pods();
    while (!asked.enough(far)) {
      far *= 2;
      if (far > Pairs.MOST_CONNECTIONS) {
        return OptionalLong.empty();
      }
    }
    return OptionalLong.of((long) Math.ceil(first(asked::enough, far / 2, far)));
  }

  /** Halves an interval at whose upper end something holds until it is short; its upper end. */
  private static double first(DoublePredicate holds, double from, double to) {
    double no = from;
    double yes = to;
    while (yes - no > STEP * yes) {
      double middle = (no + yes) / 2;
      if (holds.test(middle)) {
        yes = middle;
      } else {
        no = middle;
      }
    }
    return yes;
  }
}
