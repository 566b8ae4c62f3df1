package dev.conntrail.analysis.chance;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * How full the fullest and the emptiest of k pods are in a fair draw of n connections: exact, by
 * the same Fourier sum as {@link PairsTransform}, with counts within bounds in place of pairs.
 */
final class Occupancy {
  /** Most connections that are worked out exactly, so that it takes less than a second. */
  static final int MOST_CONNECTIONS = 200_000;

  private final PoissonPods draw;
  private final int n;
  private final int k;
  private final int first;
  private final double[] weights;
  private final UnitCircle circle;

  Occupancy(int n, int k) {
    this.draw = new PoissonPods(k, (double) n / k, n);
    this.n = n;
    this.k = k;
    this.first = draw.first;
    this.weights = draw.weights;
    this.circle = new UnitCircle(draw.points);
  }

  /** What is summed over the circle. */
  @FunctionalInterface
  private interface Part {
    /**
     * At a point.
     *
     * @param re real parts of the sums of z^c over counts, before each count and after the last
     * @param im imaginary parts
     * @param turn what takes the coefficient of z^n
     */
    double at(double[] re, double[] im, double[] turn);
  }

  /** Probability that the fullest pod has at most so many more than the emptiest. */
  double spreadAtMost(long spread) {
    int last = first + weights.length - 1;
    if (spread >= last - first) {
      return 1;
    }
    // the emptiest has m: all are within m and m + spread, but not all above m
    int width = (int) spread + 1;
    int to = Math.min(n / k, last);
    int from = Math.max(first, (int) Math.min(to, Math.ceilDiv(n, k) - spread));
    return Math.clamp(
        sum((re, im, turn) -> {
          double part = 0;
          for (int m = from; m <= to; m++) {
            int low = m - first;
            int high = Math.min(low + width, weights.length);
            part += power(re, im, low, high, turn) - power(re, im, low + 1, high, turn);
          }
          return part;
        }),
        0,
        1);
  }

  /** Probability that the fullest pod has at most so many. */
  double mostAtMost(long most) {
    if (most >= first + weights.length - 1L) {
      return 1;
    }
    return most < Math.ceilDiv(n, k)
        ? 0
        : Math.clamp(sum((re, im, turn) -> power(re, im, 0, (int) most - first + 1, turn)), 0, 1);
  }

  /** Mean over fair draws of the fullest pod's count. */
  double expectedMost() {
    int last = first + weights.length - 1;
    int least = Math.max(first, Math.ceilDiv(n, k));
    // the mean of a count is the sum over m of the probability that it is above m
    return last
        - sum((re, im, turn) -> {
          double part = 0;
          for (int most = least; most < last; most++) {
            part += power(re, im, 0, most - first + 1, turn);
          }
          return part;
        });
  }

  /** Real part of (sum of counts from low to high)^k, turned. */
  private double power(double[] re, double[] im, int low, int high, double[] turn) {
    if (low >= high) {
      return 0;
    }
    double[] product = turn.clone();
    UnitCircle.timesPower(product, re[high] - re[low], im[high] - im[low], k);
    return product[0];
  }

  private double sum(Part part) {
    double[] parts =
        IntStream.range(0, circle.points).parallel().mapToDouble(step -> at(step, part)).toArray();
    return Arrays.stream(parts).sum() / (circle.points * draw.totalWeights[0]);
  }

  private double at(int step, Part part) {
    double[] re = new double[weights.length + 1];
    double[] im = new double[weights.length + 1];
    int at = circle.at((long) step * first);
    for (int i = 0; i < weights.length; i++) {
      re[i + 1] = re[i] + weights[i] * circle.cos[at];
      im[i + 1] = im[i] + weights[i] * circle.sin[at];
      at += step;
      if (at >= circle.points) {
        at -= circle.points;
      }
    }
    int back = circle.at(-(long) step * n);
    return part.at(re, im, new double[] {circle.cos[back], circle.sin[back]});
  }
}
