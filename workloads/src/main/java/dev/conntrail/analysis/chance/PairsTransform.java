package dev.conntrail.analysis.chance;

import java.util.stream.IntStream;

/**
 * The exact distribution of the number of pairs in a fair draw. With {@link PoissonPods} the joint
 * generating function of connections N and pairs T, E(z^N x^T), is a power of one pod's; the
 * coefficient of z^n, and then the probability of each T, are Fourier sums. Unlike a recursion over
 * pods, k pods cost no more than one.
 *
 * <p>Errors: sums are taken modulo a window that T leaves with probability below 1e-14 (Chernoff's
 * bound), and rounding is of the order of 1e-14, so probabilities are good to {@link #ERROR}.
 */
final class PairsTransform {
  /** Largest error of a probability. */
  static final double ERROR = 1e-12;

  private static final double LEAVES_WINDOW = 1e-14;

  /** A term this small adds nothing to a sum of which the largest term is 1. */
  private static final double NOTHING = 1e-20;

  private final PoissonPods draw;
  private final UnitCircle forN;
  private final UnitCircle forPairs;
  private final double nothing;

  /** Fewest pairs in the window, for each total. */
  private final long[] from;

  /** E(x^T) at points of the upper half circle of x, real and imaginary, for each total. */
  private final double[][] re;

  private final double[][] im;

  /**
   * Works out the transform.
   *
   * @param repetitions of the draw, whose pairs are added
   */
  PairsTransform(PoissonPods draw, int repetitions) {
    this.draw = draw;
    this.forN = new UnitCircle(draw.points);
    int totals = draw.totals.length;
    this.from = new long[totals];
    long window = 1;
    for (int t = 0; t < totals; t++) {
      PairsBounds bounds = new PairsBounds(draw, t, repetitions, LEAVES_WINDOW);
      from[t] = bounds.low();
      window = Math.max(window, bounds.high() - from[t] + 1);
    }
    this.forPairs = new UnitCircle(Math.toIntExact(window));
    this.nothing = Math.pow(NOTHING, 2.0 / draw.pods);
    this.re = new double[forPairs.points / 2 + 1][totals];
    this.im = new double[forPairs.points / 2 + 1][totals];
    IntStream.range(0, re.length).parallel().forEach(point -> transform(point, repetitions));
  }

  /** The first total's fewest pairs that matter. */
  long least() {
    return from[0];
  }

  /** Probability of each number of pairs of the first total, from {@link #least} on. */
  double[] probabilities() {
    return IntStream.range(0, forPairs.points)
        .parallel()
        .mapToDouble(offset -> probability(from[0] + offset))
        .toArray();
  }

  /**
   * Probability of fewer than so many pairs.
   *
   * @param total which of the totals
   */
  double below(int total, long pairs) {
    long least = from[total];
    if (pairs <= least || pairs - least >= forPairs.points) {
      return pairs <= least ? 0 : 1;
    }
    // the sum of x^-t for t from least to pairs - 1 is (x^-least - x^-pairs) / (1 - 1/x)
    double sum = re[0][total] * (pairs - least);
    for (int point = 1; point < re.length; point++) {
      int from = forPairs.at(-least % forPairs.points * point);
      int to = forPairs.at(-pairs % forPairs.points * point);
      double x = forPairs.cos[from] - forPairs.cos[to];
      double y = forPairs.sin[from] - forPairs.sin[to];
      double c = 1 - forPairs.cos[point];
      double s = forPairs.sin[point];
      double norm = c * c + s * s;
      double real = (x * c + y * s) / norm;
      double imaginary = (y * c - x * s) / norm;
      double part = re[point][total] * real - im[point][total] * imaginary;
      sum += 2 * point == forPairs.points ? part : 2 * part;
    }
    return Math.clamp(sum / forPairs.points, 0, 1);
  }

  /** E(x^T) at a point of the circle of x: for each total n the coefficient of z^n, given n. */
  private void transform(int point, int repetitions) {
    double[][] turned = turned(point);
    double[] real = new double[draw.totals.length];
    double[] imaginary = new double[draw.totals.length];
    double[] product = new double[2];
    for (int step = 0; step < forN.points; step++) {
      if (pods(step, turned, product)) {
        for (int t = 0; t < real.length; t++) {
          int back = forN.at(-(long) step * draw.totals[t]);
          real[t] += product[0] * forN.cos[back] - product[1] * forN.sin[back];
          imaginary[t] += product[0] * forN.sin[back] + product[1] * forN.cos[back];
        }
      }
    }
    for (int t = 0; t < real.length; t++) {
      double scale = forN.points * draw.totalWeights[t];
      double[] all = {1, 0};
      UnitCircle.timesPower(all, real[t] / scale, imaginary[t] / scale, repetitions);
      re[point][t] = all[0];
      im[point][t] = all[1];
    }
  }

  /** Each weight times x to the power of its count's pairs. */
  private double[][] turned(int point) {
    double[] weights = draw.weights;
    double[][] turned = new double[2][weights.length];
    for (int i = 0; i < weights.length; i++) {
      int at = forPairs.at(Pairs.most(draw.first + i) % forPairs.points * point);
      turned[0][i] = weights[i] * forPairs.cos[at];
      turned[1][i] = weights[i] * forPairs.sin[at];
    }
    return turned;
  }

  /**
   * The generating function at a point of the circle of z.
   *
   * @return whether it adds anything
   */
  private boolean pods(int step, double[][] turned, double[] product) {
    double x = 0;
    double y = 0;
    int at = forN.at((long) step * draw.first);
    for (int i = 0; i < turned[0].length; i++) {
      x += turned[0][i] * forN.cos[at] - turned[1][i] * forN.sin[at];
      y += turned[0][i] * forN.sin[at] + turned[1][i] * forN.cos[at];
      at += step;
      if (at >= forN.points) {
        at -= forN.points;
      }
    }
    if (x * x + y * y < nothing) {
      return false;
    }
    product[0] = 1;
    product[1] = 0;
    UnitCircle.timesPower(product, x, y, draw.pods);
    return true;
  }

  /** The Fourier sum over the circle of x, whose lower half mirrors the upper. */
  private double probability(long pairs) {
    int turn = forPairs.at(-pairs);
    double sum = re[0][0];
    int at = 0;
    for (int point = 1; point < re.length; point++) {
      at += turn;
      if (at >= forPairs.points) {
        at -= forPairs.points;
      }
      double part = re[point][0] * forPairs.cos[at] - im[point][0] * forPairs.sin[at];
      sum += 2 * point == forPairs.points ? part : 2 * part;
    }
    return Math.max(0, sum / forPairs.points);
  }
}
