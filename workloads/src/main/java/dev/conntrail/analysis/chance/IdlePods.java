package dev.conntrail.analysis.chance;

import java.util.List;

/**
 * How many pods a fair draw leaves without any connection, as the mean over one or more draws
 * (repetitions).
 *
 * @param expected k(1 - 1/k)^n, averaged over draws
 * @param low lower end of the range that holds the mean of 95 % of such draws
 * @param high upper end
 */
public record IdlePods(double expected, double low, double high) {
  private static final double TAIL = 0.025;

  /** From the exact distribution of the number of empty cells (Feller, vol. 1, II.5). */
  public static IdlePods of(List<FairDraw> draws) {
    double expected = 0;
    double[] sum = {1};
    for (FairDraw d : draws) {
      expected += d.expectedIdle();
      sum = convolve(sum, distribution(d));
    }
    int low = 0;
    for (double below = sum[0]; below <= TAIL; below += sum[low]) {
      low++;
    }
    int high = sum.length - 1;
    for (double above = sum[high]; above <= TAIL; above += sum[high]) {
      high--;
    }
    double n = draws.size();
    return new IdlePods(expected / n, low / n, high / n);
  }

  /** Probability of each number of idle pods, connection by connection. */
  static double[] distribution(FairDraw draw) {
    int k = draw.pods();
    // beyond, a pod is idle with a probability below 1e-15, and all others sooner reached
    if (draw.connections() > k * (Math.log(k) + 35)) {
      return new double[] {1};
    }
    double[] idle = new double[k + 1];
    idle[k] = 1;
    for (long c = 0; c < draw.connections(); c++) {
      for (int i = 0; i < k; i++) {
        idle[i] = idle[i] * (k - i) / k + idle[i + 1] * (i + 1) / k;
      }
      idle[k] = 0;
    }
    return idle;
  }

  private static double[] convolve(double[] a, double[] b) {
    double[] sum = new double[a.length + b.length - 1];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < b.length; j++) {
        sum[i + j] += a[i] * b[j];
      }
    }
    return sum;
  }
}
