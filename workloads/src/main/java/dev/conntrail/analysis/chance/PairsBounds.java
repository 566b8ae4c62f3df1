package dev.conntrail.analysis.chance;

import java.util.function.DoubleBinaryOperator;

/**
 * Bounds on the number of pairs in a fair draw, by Chernoff's inequality: fewer than {@link #low}
 * or more than {@link #high} have at most a given probability.
 */
final class PairsBounds {
  private static final double FINEST = 1e-3;
  private static final double COARSEST = 10;
  private static final double STEP = 1.2;

  private final PoissonPods draw;
  private final int total;
  private final int repetitions;
  private final double logLeft;
  private final long n;
  private final double mean;

  /**
   * For a draw.
   *
   * @param total which of its totals
   * @param repetitions whose pairs are added
   * @param left the probability that may be beyond
   */
  PairsBounds(PoissonPods draw, int total, int repetitions, double left) {
    this.draw = draw;
    this.total = total;
    this.repetitions = repetitions;
    this.logLeft = Math.log(left);
    this.n = draw.totals[total];
    this.mean = (double) n / draw.pods;
  }

  /** So many pairs at least. */
  long low() {
    long least = repetitions * Pairs.least(n, draw.pods);
    double bound = bound(-1, Math::max, 0);
    return Math.max(least, (long) Math.floor(pairs(bound)));
  }

  /** So many pairs at most. */
  long high() {
    long most = repetitions * Pairs.most(n);
    double pairs = pairs(bound(1, Math::min, Double.MAX_VALUE));
    return pairs < most ? (long) Math.ceil(pairs) : most;
  }

  /** From the sum of (c - n/k)² over all pods, which is 2 pairs + n - n²/k. */
  private double pairs(double squares) {
    return (squares - repetitions * (n - n * mean)) / 2;
  }

  /** P(±S >= ±s) is at most E(exp(±theta S)) exp(-±theta s), for any theta above 0. */
  private double bound(int sign, DoubleBinaryOperator better, double none) {
    double best = none;
    for (double scale = FINEST; scale < COARSEST; scale *= STEP) {
      double theta = sign * scale / Math.max(mean, 0.1);
      double log =
          repetitions * (draw.pods * Math.log(moment(theta)) - Math.log(draw.totalWeights[total]));
      best = better.applyAsDouble(best, (log - logLeft) / theta);
    }
    return best;
  }

  private double moment(double theta) {
    double moment = 0;
    for (int i = 0; i < draw.weights.length; i++) {
      double off = draw.first + i - mean;
      moment += draw.weights[i] * Math.exp(theta * off * off);
    }
    return moment;
  }
}
